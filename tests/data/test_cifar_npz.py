import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers.data import DataError, load
from helpers.data.cifar_npz import CLASSES, FILE

Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    """Arrays as the file holds them: sorted by class, the class written into the first pixel."""
    made: Arrays = {}
    for part, per_class in (("train", 500), ("test", 100)):
        labels = np.repeat(np.arange(100, dtype=np.uint8), per_class)
        images = np.zeros((len(labels), 32, 32), np.uint8)
        images[:, 0, 0] = labels
        images[:, 0, 1] = np.arange(len(labels)) % 251
        made |= {f"{part}_images": images, f"{part}_labels": labels}
    return made


def write(data: Path, arrays: Arrays) -> Path:
    path = data / FILE
    np.savez(path, **arrays)
    return path


def test_reads_every_image_with_its_label(data: Path, arrays: Arrays) -> None:
    write(data, arrays)
    ours = load("cifar100_gray")
    assert (ours.name, ours.note) == ("cifar100_gray", None)
    assert ours.train_images.shape == (50000, 1, 32, 32)
    assert ours.test_images.shape == (10000, 1, 32, 32)
    assert (ours.train_images[:, 0, 0, 0] == ours.train_labels).all()
    assert (ours.test_images[:, 0, 0, 0] == ours.test_labels).all()
    # Any first part holds all classes alike, though the file is sorted.
    assert ours.test_labels[:200].bincount().tolist() == [2] * 100


def test_classes_are_the_hundred() -> None:
    assert len(set(CLASSES)) == 100
    assert list(CLASSES) == sorted(CLASSES)
    assert (CLASSES[0], CLASSES[49], CLASSES[99]) == ("apple", "mountain", "worm")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"test_labels": None}, "lacks the array test_labels"),
        ({"train_images": np.zeros((9, 32, 32), np.uint8)}, r"train_images of uint8 \(9, 32, 32\)"),
        ({"test_images": np.zeros((10000, 32, 32))}, "test_images of float64"),
        ({"test_labels": np.zeros(10000)}, "test_labels of float64"),
        ({"test_labels": np.arange(10000)}, "test_labels from 0 to 9999"),
        ({"test_labels": np.arange(10000) % 100 - 1}, "test_labels from -1 to 98"),
        ({"test_labels": np.arange(10000) % 99}, "100 images of each class in test_labels"),
    ],
)
def test_arrays_that_are_not_cifar100(
    data: Path, arrays: Arrays, change: dict[str, np.ndarray | None], problem: str
) -> None:
    wrong = {key: value for key, value in {**arrays, **change}.items() if value is not None}
    path = write(data, wrong)
    with pytest.raises(
        DataError, match=f"{problem}.*delete it and run `brains data cifar100`"
    ) as e:
        load("cifar100_gray")
    assert str(path) in str(e.value)


class Evil:
    """What makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("as_array", [True, False], ids=["object array", "pickle"])
def test_python_objects_are_refused(data: Path, arrays: Arrays, as_array: bool) -> None:
    made = data / "made by the pickle"
    if as_array:
        write(data, {**arrays, "test_labels": np.array([Evil(made)], object)})
    else:
        (data / FILE).write_bytes(pickle.dumps(Evil(made)))
    with pytest.raises(DataError, match=r"cannot be read as a \.npz file of plain arrays"):
        load("cifar100_gray")
    assert not made.exists()


def test_truncated_flipped_or_other_files(data: Path, arrays: Arrays) -> None:
    path = write(data, arrays)
    content = path.read_bytes()
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    np.save(data / "alone.npy", arrays["test_labels"])
    alone = (data / "alone.npy").read_bytes()
    for wrong in (content[: len(content) // 2], bytes(flipped), alone, b""):
        path.write_bytes(wrong)
        with pytest.raises(DataError, match="cannot be read") as caught:
            load("cifar100_gray")
        assert str(path) in str(caught.value)


def test_the_real_cifar100_in_gray(real_data: Callable[[str], Path]) -> None:
    real_data("cifar100_gray.npz")
    data = load("cifar100_gray")
    assert (data.name, data.note) == ("cifar100_gray", None)
    assert data.train_labels.bincount().tolist() == [500] * 100
    assert data.test_labels.bincount().tolist() == [100] * 100
    # The colour means 0.5071, 0.4865 and 0.4409 weighted as Pillow's gray weighs them.
    mean = data.train_images.double().mean().item() / 255
    assert mean == pytest.approx(0.299 * 0.5071 + 0.587 * 0.4865 + 0.114 * 0.4409, abs=1e-3)
