"""Builds that are really interrupted, and really killed."""

import signal
import subprocess
import sys
import time

import psutil
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

#: Says which process the kernel was started by, and goes on for longer than any test waits.
CELLS = """
# %%
import os, time
from pathlib import Path
Path("worker").write_text(str(os.getppid()))
time.sleep(300)
"""
BUILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from pathlib import Path
from helpers.publish.execute import Task, execute
source = Path(sys.argv[1])
execute([Task("long", source, source.with_suffix(".out"), "smoke", timeout=600)])
"""


@pytest.fixture
def build(write):
    """A build in the middle of a cell, the process of its notebook, and where that would go."""
    source = write("one/long", CELLS)
    child = subprocess.Popen([sys.executable, "-c", BUILD, str(source)], stderr=subprocess.DEVNULL)
    said = source.parent / "worker"
    end = time.monotonic() + 60
    while not (said.exists() and said.read_text()):
        assert child.poll() is None, "the build ended too early"
        assert time.monotonic() < end, "the cell did not begin"
        time.sleep(0.05)
    yield child, psutil.Process(int(said.read_text())), source.with_suffix(".out")
    child.kill()
    child.wait()


def gone(process):
    """Whether `process` ends soon."""
    try:
        process.wait(60)
    except psutil.TimeoutExpired:
        return process.status() == psutil.STATUS_ZOMBIE
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_ends_takes_its_notebooks_along(build, number):
    child, worker, output = build
    child.send_signal(number)
    assert child.wait(60) != 0
    assert gone(worker)
    assert not output.exists()
