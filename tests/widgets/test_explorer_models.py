from pathlib import Path

import numpy as np
import pytest
import torch

from helpers.data import DataError, as_float, load
from helpers.experiments.cerebellum.explorer import explorer_config
from helpers.experiments.cerebellum.explorer_run import explorer_model
from helpers.widgets import explorer_models
from helpers.widgets.explorer_models import (
    SETTINGS,
    Readouts,
    place_of,
    read_readouts,
    train_readouts,
    write_readouts,
)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(explorer_models, "SETTINGS", SETTINGS[:2])


def test_what_travels_gives_the_scores_of_the_model(few):
    found = train_readouts("digits", m=20, epochs=1)
    batch, beta, k = SETTINGS[1]
    config = {**explorer_config(k, beta, batch, dataset="digits"), "m": 20, "epochs": 1}
    model = explorer_model(config, torch.device("cpu"))
    images = as_float(load("digits").test_images[:5]).flatten(1)
    ours = model.granule(images) @ torch.from_numpy(found.readouts[1]).float()
    ours = ours + torch.from_numpy(found.offsets[1])
    torch.testing.assert_close(ours, model(images), atol=2e-3, rtol=2e-3)


def test_a_file_comes_back(tmp_path):
    n = len(SETTINGS)
    held = Readouts("digits", np.ones((n, 3, 10), np.float16), np.zeros((n, 10), np.float32))
    write_readouts(held, tmp_path / "a.npz")
    again = read_readouts("digits", tmp_path / "a.npz")
    np.testing.assert_array_equal(again.readouts, held.readouts)
    np.testing.assert_array_equal(again.offsets, held.offsets)


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        ({}, "should hold finite readouts of float16"),
        ({"readouts": np.ones((3, 2, 10), np.float16)}, "for 56 models"),
        ({"readouts": np.full((56, 2, 10), np.nan, np.float16)}, "finite readouts"),
        ({"readouts": np.ones((56, 2, 10), np.float16)}, "finite offsets of float32"),
        (
            {"readouts": np.ones((56, 2, 10), np.float16), "offsets": np.ones((56, 9), np.float32)},
            "as many classes in both",
        ),
    ],
)
def test_files_that_cannot_be_used(tmp_path, arrays, text):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=text):
        read_readouts("digits", tmp_path / "a.npz")
    with pytest.raises(
        DataError, match=r"is missing; `python -m helpers\.widgets digits` makes it"
    ):
        read_readouts("digits", tmp_path / "nothing.npz")


def test_sets():
    assert len(SETTINGS) == 56
    with pytest.raises(ValueError, match="dataset is 'cifar10'"):
        place_of("cifar10")
    with pytest.raises(ValueError, match="dataset is 'cifar10'"):
        train_readouts("cifar10")
    with pytest.raises(ValueError, match="dataset is 'cifar10'"):
        read_readouts("cifar10", Path(__file__))
