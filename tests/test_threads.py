"""Numba and torch side by side in one process."""

import subprocess
import sys

MIX = """
import torch, {first}
from helpers.sleep import ORIGINAL, EventSleeper
from dataclasses import replace
import numba

torch.set_num_threads(1)
weights = [torch.rand(70, 30, dtype=torch.float64)]
rule = replace(ORIGINAL, thresholds=(0.5,))
sleeper = EventSleeper(weights, [torch.zeros(70, dtype=torch.float64)], (1.0,), rule)
sleeper.run(torch.rand(50, 30) < 0.5)
print(numba.threading_layer())

conv = torch.nn.Conv2d(4, 8, 3, padding=1).to(memory_format=torch.channels_last)
for _ in range(20):
    x = torch.rand(16, 4, 12, 12).contiguous(memory_format=torch.channels_last)
    conv(x).square().mean().backward()
print("alive")
"""


def ends_well(first):
    done = subprocess.run(
        [sys.executable, "-c", MIX.format(first=first)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["workqueue", "alive"]


def test_a_convolution_behind_a_kernel_does_not_crash():
    ends_well("helpers")


def test_nor_where_numba_was_imported_first():
    ends_well("numba, helpers")
