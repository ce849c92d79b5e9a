import os
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers.data import DataError
from helpers.data.recordings import read_antolik
from helpers.data.recordings.antolik import FOLDER

REAL = os.environ.get("BORROWED_BRAINS_DATA")


@pytest.fixture
def place(tmp_path) -> Path:
    folder = tmp_path / FOLDER / "region2"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    np.save(folder / "raw_validation_set.npy", rng.random((8, 50, 55)))
    np.save(folder / "validation_inputs.npy", rng.integers(0, 256, (50, 961)) / 1e6)
    return tmp_path


def test_repeats_and_images_are_where_they_belong(place):
    found = read_antolik(place, 2)
    raw = np.load(place / FOLDER / "region2" / "raw_validation_set.npy")
    gray = np.load(place / FOLDER / "region2" / "validation_inputs.npy")
    numbers, responses = found.oracle()
    assert numbers.tolist() == list(range(50))
    np.testing.assert_allclose(responses.numpy(), raw.transpose(1, 0, 2), rtol=1e-6)
    np.testing.assert_array_equal(
        found.images[7, 0].numpy().ravel(), np.round(gray[7] * 1e6).astype(np.uint8)
    )


def test_nothing_there(tmp_path):
    assert read_antolik(tmp_path, 1) is None


def test_two_real_regions_saw_the_same_images():
    regions = [read_antolik(Path(REAL), region) if REAL else None for region in (1, 2, 3)]
    if None in regions:
        pytest.skip("the recordings of Antolik et al. are not in the data folder")
    assert [region.neurons for region in regions] == [103, 55, 102]
    assert torch.equal(regions[0].images, regions[1].images)
    assert not torch.equal(regions[0].images, regions[2].images)


def test_the_mean_over_repeats_is_in_the_authors_files_too():
    region = read_antolik(Path(REAL), 1) if REAL else None
    if region is None:
        pytest.skip("the recordings of Antolik et al. are not in the data folder")
    path = Path(REAL) / FOLDER / "region1" / "validation_set.npy"
    if not path.is_file():
        pytest.skip(f"{path} is not there: `brains data mouse_v1` does not bring it")
    mean = np.load(path)
    np.testing.assert_allclose(region.oracle()[1].mean(1).numpy(), mean, atol=1e-4)


def several(path):
    with path.open("wb") as file:
        np.savez(file, a=np.eye(2))


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda f: (f / "validation_inputs.npy").unlink(), "lacks the file validation_inputs.npy"),
        (lambda f: (f / "validation_inputs.npy").write_bytes(b"x"), "cannot be read as a plain"),
        (lambda f: several(f / "validation_inputs.npy"), "holds several arrays and should hold"),
        (lambda f: np.save(f / "raw_validation_set.npy", np.zeros((8, 50, 3))), r"\(8, 50, 3\)"),
        (lambda f: np.save(f / "raw_validation_set.npy", np.full((8, 50, 55), np.nan)), "NaN"),
        (lambda f: np.save(f / "validation_inputs.npy", np.full((50, 961), 0.5)), "gray levels"),
    ],
)
def test_files_that_cannot_be_used(place, spoil, text):
    spoil(place / FOLDER / "region2")
    with pytest.raises(DataError, match=text):
        read_antolik(place, 2)


def test_a_region_that_is_not_there(place):
    with pytest.raises(ValueError, match="region is 4"):
        read_antolik(place, 4)
