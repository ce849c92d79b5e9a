"""A laboratory with one tiny experiment, as an importable package that other processes see too."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.experiments import Experiment
from helpers.records import Record

# What the experiment does is told by files in its folder, so that a child process can be told too.
FAKELAB = '''
"""A tiny experiment."""

import os
import time
from pathlib import Path

from helpers.data import DataError
from helpers.experiments import Experiment, StandInError


def here(name):
    return Path(os.environ["FAKELAB"]) / name


def note(name, text):
    with here(name).open("a") as file:
        file.write(text + "\\n")


def wait_until(is_so):
    end = time.monotonic() + 60
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def grid(profile):
    return [{"x": x, "seed": seed} for seed in (0, 1) for x in (1, 2, 3)]


def metrics(config, profile):
    return {"a": 10, "b": 10} if profile == "paper" else {"a": 5}


def run(config, wanted, work):
    work.say("begins")
    if here("meet").exists():
        note("met", str(os.getpid()))
        wait_until(lambda: len(set(here("met").read_text().split())) > 1)
    for metric in wanted:
        if metric == "b" and here("hang").exists():
            here("hanging").touch()
            time.sleep(120)
        if config["x"] == 2 and here("fail").exists():
            raise ArithmeticError("two is\\ntoo much")
        if here("die").exists() and config["seed"] == 0:
            if config["x"] == 2:
                wait_until(here("told").exists)  # a message has come through
                os._exit(9)
            if config["x"] == 1:
                time.sleep(120)  # is ended with the one that dies
        if config["x"] == 2 and here("no data").exists():
            if config["seed"]:
                raise DataError("a file is torn")
            raise StandInError("only a stand-in is here")
        note("ran", f"{os.getpid()} {config['x']} {config['seed']} {metric}")
        yield metric, {"a": 1, "b": 2}[metric] * config["x"] + config["seed"] / 10


def minutes(config):
    return 100.0 if config["x"] == 3 else 0.1


EXPERIMENT = Experiment(
    name="fake/lab",
    summary="a tiny experiment",
    grid=grid,
    metrics=metrics,
    run=run,
    minutes=minutes,
    module="fakelab",
)
'''

#: What a child process runs: a sweep of the whole grid.
SWEEP = """
import sys
from pathlib import Path
from fakelab import EXPERIMENT, grid
from helpers.records import sweep
folder, cache = map(Path, sys.argv[1:])
sweep(EXPERIMENT, grid("paper"), profile="paper", folder=folder, cache=cache)
"""


class Lab:
    """The experiment, its results and its scratch folder."""

    def __init__(self, folder: Path, experiment: Experiment) -> None:
        self.folder = folder
        self.experiment = experiment
        self.configs = experiment.grid("paper")
        self.results = folder / "results"
        self.cache = folder / "cache"
        self.path = self.results / "fake" / "lab.jsonl"
        self.children: list[subprocess.Popen] = []

    def options(self, **options):
        return {
            "profile": "paper",
            "folder": self.results,
            "cache": self.cache,
            "say": lambda line: None,
        } | options

    def tell(self, name: str) -> None:
        (self.folder / name).touch()

    def untell(self, name: str) -> None:
        (self.folder / name).unlink()

    def ran(self) -> list[str]:
        """What was computed, as "x seed metric", in the order of time."""
        log = self.folder / "ran"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.partition(" ")[2] for line in lines]

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    def child(self, code: str = SWEEP) -> subprocess.Popen:
        """A process of its own that runs `code` in this laboratory."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(self.results), str(self.cache)],
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        )
        self.children.append(child)
        return child


@pytest.fixture
def lab(tmp_path, monkeypatch):
    package = tmp_path / "fakelab"
    package.mkdir()
    (package / "__init__.py").write_text(FAKELAB)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("FAKELAB", str(tmp_path))
    monkeypatch.delitem(sys.modules, "fakelab", raising=False)
    import fakelab

    from helpers.code import import_graph, loaded_code

    import_graph.cache_clear()
    loaded_code.cache_clear()
    made = Lab(tmp_path, fakelab.EXPERIMENT)
    yield made
    for child in made.children:
        child.kill()  # does nothing to one that has ended
        child.wait()
    import_graph.cache_clear()
    loaded_code.cache_clear()
    sys.modules.pop("fakelab", None)


@pytest.fixture
def record():
    """Makes a record; fields can be given."""

    def make(metrics=None, n=None, config=None, created="2026-01-01T00:00:00Z", code="c0"):
        metrics = {"a": 1.0} if metrics is None else metrics
        return Record(
            experiment="fake/lab",
            config={"x": 1, "seed": 0} if config is None else config,
            metrics=metrics,
            n=dict.fromkeys(metrics, 10) if n is None else n,
            provenance={"code": code, "created": created},
        )

    return make
