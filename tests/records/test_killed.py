"""Processes that are really killed, and really run at the same time."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from helpers.records import read, sweep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")


def wait_for(path, process, seconds=120):
    """Wait until a child has made `path`."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, "the child ended too early"
        assert time.monotonic() < end, f"no {path.name} after {seconds} s"
        time.sleep(0.01)


def finish(process, status=0):
    assert process.wait(120) == status


def check_whole(lab):
    """Every run has its one line and every metric was computed once."""
    assert [line["config"] for line in lab.lines()] == lab.configs
    assert all(set(line["metrics"]) == {"a", "b"} for line in lab.lines())
    assert sorted(lab.ran()) == sorted(
        f"{config['x']} {config['seed']} {metric}" for config in lab.configs for metric in "ab"
    )


def test_a_run_that_is_killed_loses_and_repeats_nothing(lab):
    lab.tell("hang")
    child = lab.child()
    wait_for(lab.folder / "hanging", child)  # in the middle of the first run, behind metric a
    child.send_signal(signal.SIGKILL)
    finish(child, -signal.SIGKILL)
    assert not lab.path.exists()
    lab.untell("hang")
    sweep(lab.experiment, lab.configs, **lab.options())
    check_whole(lab)


#: Sweeps the first two runs; the kernel cuts the second line short and kills the process.
TEAR = """
import resource, signal, sys
from pathlib import Path
from fakelab import EXPERIMENT, grid
from helpers.records import sweep, store
folder, cache = map(Path, sys.argv[1:])
options = dict(profile="paper", folder=folder, cache=cache)
sweep(EXPERIMENT, grid("paper")[:1], **options)
mend = store._mend

def limit(file):
    mend(file)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    size = file.seek(0, 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, size + 50))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

store._mend = limit
sweep(EXPERIMENT, grid("paper"), **options)
"""


def test_a_write_that_is_killed_loses_and_repeats_nothing(lab):
    child = lab.child(TEAR)
    finish(child, -signal.SIGXFSZ)
    whole, _, torn = lab.path.read_bytes().rpartition(b"\n")
    assert whole.count(b"\n") == 0  # one whole line
    assert len(torn) == 50
    with pytest.warns(UserWarning, match="the last line is torn"):
        assert len(read(lab.path)) == 1
    # Each look at the records notes it until the next line is written; nothing is computed again:
    # the metrics of the run whose line was torn are still in its folder.
    with pytest.warns(UserWarning, match="the last line is torn"):
        sweep(lab.experiment, lab.configs, **lab.options())
    check_whole(lab)


def test_two_at_once_share_the_sweep(lab):
    lab.tell("meet")  # no run ends before both processes run one
    children = [lab.child(), lab.child()]
    for child in children:
        finish(child)
    assert len(set(_pids(lab))) == 2
    lines = lab.lines()
    assert sorted((line["config"]["seed"], line["config"]["x"]) for line in lines) == sorted(
        (config["seed"], config["x"]) for config in lab.configs
    )
    assert len(lab.ran()) == len(set(lab.ran())) == 12


#: A sweep with two worker processes.
PARALLEL = """
import sys
from pathlib import Path

if __name__ == "__main__":
    from fakelab import EXPERIMENT, grid
    from helpers.records import sweep
    folder, cache = map(Path, sys.argv[1:])
    options = dict(profile="paper", folder=folder, cache=cache)
    sweep(EXPERIMENT, grid("paper")[:2], workers=2, **options)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_process_that_started_them(lab, number):
    lab.tell("hang")
    child = lab.child(PARALLEL)
    end = time.monotonic() + 120
    while len(set(_pids(lab))) < 2:  # both workers are in the middle of a run
        assert child.poll() is None, "the child ended too early"
        assert time.monotonic() < end
        time.sleep(0.01)
    workers = _pids(lab)
    child.send_signal(number)
    child.wait(60)
    end = time.monotonic() + 60
    while any(_alive(pid) for pid in workers):
        assert time.monotonic() < end, "a worker outlives the process that started it"
        time.sleep(0.05)
    lab.untell("hang")
    sweep(lab.experiment, lab.configs[:2], **lab.options())
    assert len(lab.lines()) == 2
    assert len(lab.ran()) == len(set(lab.ran())) == 4


def _pids(lab):
    """The processes that have computed something."""
    log = lab.folder / "ran"
    lines = log.read_text().splitlines() if log.exists() else []
    return [int(line.partition(" ")[0]) for line in lines]


def _alive(pid):
    """Whether a process runs; one that has ended may still wait to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
