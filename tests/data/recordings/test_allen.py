import os
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers.data import DataError
from helpers.data.arrays import read_arrays
from helpers.data.recordings.allen import (
    AREA_OF_FIGURES,
    CEILINGS,
    FOLDER,
    MATRICES,
    SCENES,
    read_allen,
)
from helpers.paths import ROOT

REAL = os.environ.get("BORROWED_BRAINS_DATA")


@pytest.fixture
def place(tmp_path) -> Path:
    """A data folder with two small populations."""
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    matrix = np.corrcoef(np.random.default_rng(0).normal(size=(119, 40)))
    np.savez(folder / MATRICES, VISp_layer23=matrix, VISl_layer4=matrix)
    np.save(folder / SCENES, np.zeros((118, 31, 31), np.uint8))
    (folder / CEILINGS).write_text(
        "area,layer,mean,sem\nVISp,layer23,0.92,0.01\nVISl,layer4,0.87,0.01\n"
    )
    return tmp_path


def test_the_blank_screen_is_left_out(place):
    found = read_allen(place)
    assert set(found.matrices) == {"VISp_layer23", "VISl_layer4"}
    assert found.similarity("VISp_layer23").shape == (118, 118)
    assert found.ceilings == {"VISp_layer23": 0.92, "VISl_layer4": 0.87}
    assert found.stimuli(36, 64).shape == (118, 1, 36, 64)
    with pytest.raises(ValueError, match="population is 'V1'; it may be one of"):
        found.similarity("V1")


def test_nothing_there(tmp_path):
    assert read_allen(tmp_path) is None


def test_the_real_matrices():
    found = read_allen(Path(REAL)) if REAL else None
    if found is None:
        pytest.skip("the Allen matrices are not in the data folder")
    assert len(found.matrices) == 21
    ones = torch.ones(118, dtype=torch.float64)
    torch.testing.assert_close(found.similarity(AREA_OF_FIGURES).diagonal(), ones)
    assert found.ceilings[AREA_OF_FIGURES] == pytest.approx(0.92, abs=0.01)


@pytest.fixture
def converted(tmp_path, monkeypatch):
    """Runs the recipe of the book's page on data beside some originals."""
    page = (ROOT / "book" / "data.md").read_text("utf8")
    (recipe,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)

    def convert(matrices, scenes, table):
        areas = {}
        for name, matrix in matrices.items():
            area, layer = name.split("_")
            areas.setdefault(area, {})[layer] = matrix
        (folder / "rdms_reliable.pkl").write_bytes(pickle.dumps(areas))
        np.save(folder / "all_input_scenes_118_961.npy", scenes.reshape(118, 961).astype(float))
        (folder / CEILINGS).write_bytes(table)
        exec(recipe, {})
        return tmp_path

    return convert


def test_the_recipe_refuses_other_originals(converted, tmp_path):
    matrix = np.corrcoef(np.random.default_rng(0).normal(size=(119, 40)))
    with pytest.raises(AssertionError, match="matrices of another kind"):
        converted({"VISp_layer4": matrix}, np.zeros((118, 31, 31)), b"")
    assert not (tmp_path / FOLDER / MATRICES).exists()


def test_the_recipe_makes_the_files_of_the_originals(converted):
    real = read_allen(Path(REAL)) if REAL else None
    if real is None:
        pytest.skip("the Allen matrices are not in the data folder")
    place = Path(REAL) / FOLDER
    table = (place / CEILINGS).read_bytes()
    made = read_allen(converted(read_arrays(place / MATRICES), np.load(place / SCENES), table))
    assert made.ceilings == real.ceilings
    assert torch.equal(made.scenes, real.scenes)
    assert all(torch.equal(made.similarity(name), real.similarity(name)) for name in real.matrices)


def several(path):
    with path.open("wb") as file:
        np.savez(file, a=np.eye(2))


def write_ceilings(folder, *rows):
    lines = [f"{area},layer4,{mean}\n" for area, mean in rows]
    (folder / CEILINGS).write_text("area,layer,mean\n" + "".join(lines))


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda f: (f / SCENES).unlink(), f"lacks the file {SCENES}"),
        (lambda f: (f / MATRICES).write_bytes(b"PK"), "cannot be read as a .npz"),
        (lambda f: np.savez(f / MATRICES, x=np.eye(3)), r"holds x of float64 \(3, 3\)"),
        (lambda f: np.savez(f / MATRICES, x=np.full((119, 119), np.nan)), "with NaN"),
        (lambda f: np.savez(f / MATRICES, x=np.tri(119)), "not symmetric"),
        (lambda f: np.save(f / SCENES, np.zeros((2, 31, 31))), r"holds float64 \(2, 31, 31\)"),
        (lambda f: (f / SCENES).write_bytes(b"torn"), "cannot be read as a plain array"),
        (lambda f: (f / SCENES).write_bytes(b"PK\x03\x04torn"), "cannot be read as a plain array"),
        (lambda f: several(f / SCENES), "holds several arrays and should hold one"),
        (lambda f: np.savez(f / MATRICES, x=5 * np.eye(119)), "holds x, which is no matrix of cor"),
        (lambda f: write_ceilings(f, ("VISp", 9.0), ("VISl", 0.5)), "means that are not from 0"),
        (lambda f: write_ceilings(f, ("VISp", "nan"), ("VISl", 0.5)), "means that are not from 0"),
        (lambda f: write_ceilings(f, ("VISp", 0.5), ("VISp", 0.5)), "holds VISp_layer4 twice"),
        (lambda f: (f / CEILINGS).write_text("a,b\n1,2\n"), "lacks area, layer or mean"),
        (
            lambda f: (f / CEILINGS).write_text("area,layer,mean\nVISp,layer23,0.92\n"),
            rf"{CEILINGS} lacks VISl_layer4, which {MATRICES} holds",
        ),
        (
            lambda f: np.savez(f / MATRICES, VISp_layer23=np.eye(119)),
            rf"{MATRICES} lacks VISl_layer4, which {CEILINGS} holds",
        ),
    ],
)
def test_files_that_cannot_be_used(place, spoil, text):
    spoil(place / FOLDER)
    with pytest.raises(DataError, match=text):
        read_allen(place)
