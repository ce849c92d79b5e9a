"""The fast paths of the cerebellum on a GPU against the same model written plainly, on it too."""

from collections.abc import Iterator

import torch

from benchmarks.bench_cerebellum import (
    BETA,
    SETTING,
    K,
    M,
    attacking_the_sparse_model,
    data,
    training,
)
from benchmarks.harness import OURS, settled
from helpers import cerebellum
from helpers.cerebellum.learners import fastest_learner
from helpers.records.benchmark import Row

__all__ = ["DEVICE", "SETTING", "rows"]

DEVICE = "cuda"
#: Ten epochs of MNIST.
STEPS = 600_000


def rows() -> Iterator[Row]:
    """Each ratio as soon as it is measured."""
    yield training(batch=50, steps=40, bound=2, device=DEVICE, clock=settled)
    yield training(batch=1, steps=2_560, bound=10, device=DEVICE, clock=settled)
    yield ten_epochs(bound=30, aim=15)
    # As many images at a time as a record attacks.
    yield attacking_the_sparse_model(bound=4, n=250, device=DEVICE, clock=settled)


def ten_epochs(*, bound: float, aim: float) -> Row:
    """Seconds for all the steps of a training on single images, from a tenth of them."""
    cells = cerebellum.build(d=784, m=M, k=K, beta=BETA).to(DEVICE)
    ours = fastest_learner(cells, 1)(cells, 0.5 / M)
    images, labels = (each.to(DEVICE) for each in data(STEPS // 10))
    x, order = images.flatten(1), torch.arange(len(images), device=DEVICE)
    ours.learn(x, labels, order[:1000], 1)
    start = settled()
    ours.learn(x, labels, order, 1)
    seconds = float(f"{10 * (settled() - start):.4g}")
    return Row("ten epochs at batch 1, seconds", seconds, bound, "at most", {OURS: seconds}, aim)
