"""The command in this process, on an experiment, results and claims of its own."""

import sys
import warnings

import pytest

from helpers import paths
from helpers.cli import main
from helpers.experiments import EXPERIMENTS, Experiment
from helpers.profiles import VARIABLE


def grid(profile):
    if profile == "smoke":
        return [{"k": 0, "ltd": False, "seed": 0}]
    return [{"k": k, "ltd": ltd, "seed": 0} for k in (1, 2) for ltd in (False, True)]


def run(config, wanted, work):
    if config["k"] == 2 and config["ltd"]:
        raise ArithmeticError("too much")
    work.say("at work")
    yield "acc", 50.0 + config["k"]


EXPERIMENT = Experiment(
    name="fake/lab",
    summary="a tiny experiment",
    grid=grid,
    metrics=lambda config, profile: {"acc": 10},
    run=run,
    minutes=lambda config: 30.0 * config["k"],
    module="helpers.checks",
)


@pytest.fixture
def experiment(monkeypatch):
    """Makes the tiny experiment the only one; its function can be another."""

    def make(**fields):
        import dataclasses

        for name in list(EXPERIMENTS):
            monkeypatch.delitem(EXPERIMENTS, name)
        monkeypatch.setitem(EXPERIMENTS, "fake/lab", dataclasses.replace(EXPERIMENT, **fields))

    make()
    return make


@pytest.fixture
def brains(tmp_path, monkeypatch, capsys):
    """Runs ``brains`` and gives its exit status, stdout and stderr."""
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(paths, "CLAIMS", tmp_path / "claims")
    monkeypatch.setenv(VARIABLE, "laptop")

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["brains", *arguments])
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            try:
                main()
                status = 0
            except SystemExit as end:
                status = end.code or 0
        out, err = capsys.readouterr()
        return status, out, err

    return call
