import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.data import DataError, load
from helpers.data.cifar import read_cifar10, read_cifar10_gray, read_cifar100_gray

Lay = Callable[[str, dict[str, bytes]], Path]
TEN, HUNDRED = "cifar-10-batches-py", "cifar-100-python"


class Evil:
    """What makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.folder),)


def test_reads_the_batches_in_colour(lay: Lay, tiny_cifar: dict[str, dict[str, bytes]]) -> None:
    lay(TEN, tiny_cifar[TEN])
    data = load("cifar10")
    assert (data.name, data.note) == ("cifar10", None)
    assert data.train_labels.tolist() == [1, 8, 2, 7, 3, 6, 4, 5, 5, 4]
    assert data.test_labels.tolist() == [3, 8, 0]
    assert data.classes == tuple("abcdefghij")
    # A row of the file is the red, then the green, then the blue plane.
    rows = pickle.loads(tiny_cifar[TEN]["test_batch"])["data"]
    assert (data.test_images.numpy() == rows.reshape(3, 3, 32, 32)).all()


def test_gray_is_that_of_pillow(lay: Lay, tiny_cifar: dict[str, dict[str, bytes]]) -> None:
    lay(TEN, tiny_cifar[TEN])
    data = load("cifar10_gray")
    assert (data.name, data.asked) == ("cifar10_gray", "cifar10_gray")
    rows = pickle.loads(tiny_cifar[TEN]["test_batch"])["data"].reshape(3, 3, 32, 32)
    for ours, image in zip(data.test_images, rows.transpose(0, 2, 3, 1), strict=True):
        assert (ours[0].numpy() == np.asarray(Image.fromarray(image).convert("L"))).all()


def test_official_cifar100_is_read_in_turn(
    lay: Lay, tiny_cifar: dict[str, dict[str, bytes]]
) -> None:
    lay(HUNDRED, tiny_cifar[HUNDRED])
    data = load("cifar100_gray")
    assert data.train_labels.tolist() == [0, 1, 0, 1]
    assert data.test_labels.tolist() == [0, 1]
    rows = pickle.loads(tiny_cifar[HUNDRED]["train"])["data"].reshape(4, 3, 32, 32)
    # The file has labels 1, 1, 0, 0: in turn that is its images 2, 0, 3, 1.
    for ours, image in zip(data.train_images, rows[[2, 0, 3, 1]], strict=True):
        gray = Image.fromarray(image.transpose(1, 2, 0)).convert("L")
        assert (ours[0].numpy() == np.asarray(gray)).all()


@pytest.mark.parametrize("read", [read_cifar10, read_cifar10_gray, read_cifar100_gray])
def test_what_is_absent_is_no_error(data: Path, read: Callable[[Path], object]) -> None:
    assert read(data) is None


@pytest.mark.parametrize(
    ("name", "inside", "file", "fetched"),
    [
        ("cifar10", TEN, "data_batch_3", "cifar10"),
        ("cifar10_gray", TEN, "batches.meta", "cifar10"),
        ("cifar100_gray", HUNDRED, "train", "cifar100"),
    ],
)
def test_a_pickle_is_checked_before_it_can_run(
    data: Path,
    lay: Lay,
    tiny_cifar: dict[str, dict[str, bytes]],
    name: str,
    inside: str,
    file: str,
    fetched: str,
) -> None:
    made = data / "made by the pickle"
    evil = pickle.dumps(Evil(made))
    pickle.loads(evil)
    assert made.exists()  # it does run when it is unpickled
    made.rmdir()
    place = lay(inside, {**tiny_cifar[inside], file: evil})
    with pytest.raises(DataError, match=f"MD5.*brains data {fetched}") as caught:
        load(name)
    assert str(place / file) in str(caught.value)
    assert not made.exists()


def test_partly_missing(lay: Lay, tiny_cifar: dict[str, dict[str, bytes]]) -> None:
    del tiny_cifar[TEN]["data_batch_5"], tiny_cifar[TEN]["batches.meta"]
    lay(TEN, tiny_cifar[TEN])
    with pytest.raises(DataError, match=r"lacks the file data_batch_5, batches\.meta;"):
        load("cifar10")


def test_the_real_cifar10(real_data: Callable[[str], Path]) -> None:
    real_data(TEN)
    data = load("cifar10")
    assert (data.name, data.note) == ("cifar10", None)
    assert data.train_images.shape == (50000, 3, 32, 32)
    assert data.train_labels.bincount().tolist() == [5000] * 10
    assert data.test_labels.bincount().tolist() == [1000] * 10
    assert data.classes[data.train_labels[0]] == "frog"
    assert data.classes[data.test_labels[0]] == "cat"
    # The means that CIFAR-10 is commonly normalised with: red, green, blue.
    means = [channel.double().mean().item() / 255 for channel in data.train_images.unbind(1)]
    assert means == pytest.approx([0.4914, 0.4822, 0.4465], abs=5e-5)
