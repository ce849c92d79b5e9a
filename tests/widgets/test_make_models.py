"""The command that makes the models of the live pages again."""

import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from helpers.experiments import StandInError
from helpers.widgets import __main__ as entry
from helpers.widgets import explorer_models, similarity_models
from helpers.widgets.explorer_models import SETTINGS, Readouts, read_readouts


@pytest.fixture
def make(monkeypatch, tmp_path):
    """The command with trainings that take no time, and a folder of its own."""

    def train(dataset):
        if dataset == "mnist":
            raise StandInError("this run needs mnist")
        n = len(SETTINGS)
        return Readouts(dataset, np.ones((n, 3, 10), np.float16), np.zeros((n, 10), np.float32))

    monkeypatch.setattr(explorer_models, "RESULTS", tmp_path)
    monkeypatch.setattr(similarity_models, "RESULTS", tmp_path)
    monkeypatch.setattr(entry, "train_readouts", train)
    monkeypatch.setattr(entry, "trained", lambda config, work: config["target"])
    monkeypatch.setattr(entry, "write_network", lambda found, path: path.write_text(found))
    return lambda *names: CliRunner().invoke(entry.main, names)


def test_what_is_named_is_made_and_said(make, tmp_path):
    done = make("digits", "neural_model")
    assert done.exit_code == 0, done.output
    held, network = sorted((tmp_path / "models").iterdir())
    assert (held.name, network.name) == (
        "cerebellum_explorer_digits.npz",
        "neural_similarity_neural_model.npz",
    )
    assert read_readouts("digits", held).readouts.shape == (56, 3, 10)
    assert network.read_text() == "neural_model"
    assert [line.split(": ")[1] for line in done.stdout.splitlines()] == [
        f"{held}, {held.stat().st_size / 1e6:.2f} MB",
        f"{network}, 0.00 MB",
    ]


def test_data_that_are_not_there(make, tmp_path):
    done = make("mnist")
    assert (done.exit_code, done.stderr) == (1, "Error: mnist: this run needs mnist\n")
    assert not list(tmp_path.iterdir())


def test_a_name_that_there_is_not(make):
    done = make("cifar10")
    assert done.exit_code == 2
    assert "'cifar10' is not one of 'digits', 'mnist', 'none', 'neural_model'" in done.stderr


def test_without_a_name_it_says_what_is_missing():
    command = [sys.executable, "-m", "helpers.widgets"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: python -m helpers.widgets [OPTIONS]")
    assert "Missing argument" in done.stderr
    assert "Warning" not in done.stderr
