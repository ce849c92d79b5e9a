from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from helpers.data import DataError, load
from helpers.data.mnist import read_mnist

Lay = Callable[[str, dict[str, bytes]], Path]
RAW = "MNIST/raw"


def test_reads_the_idx_files(data: Path, lay: Lay, tiny_mnist: dict[str, bytes]) -> None:
    lay(RAW, tiny_mnist)
    ours = load("mnist")
    assert (ours.name, ours.asked, ours.note) == ("mnist", "mnist", None)
    assert str(data) not in ours.source  # a page shows it to everybody
    assert ours.train_labels.tolist() == [5, 0, 4]
    assert ours.test_labels.tolist() == [7, 2]
    assert ours.train_images.shape == (3, 1, 28, 28)
    # The pixels follow a header of four 32-bit numbers.
    pixels = tiny_mnist["t10k-images-idx3-ubyte"][16:]
    assert ours.test_images.flatten().tolist() == list(pixels)


@pytest.mark.parametrize("there", [None, "MNIST", "MNIST/raw"])
def test_what_is_absent_is_no_error(data: Path, there: str | None) -> None:
    if there is not None:
        (data / there).mkdir(parents=True)
    assert read_mnist(data) is None


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
def test_truncated(lay: Lay, tiny_mnist: dict[str, bytes], name: str) -> None:
    size = len(tiny_mnist[name])
    raw = lay(RAW, {**tiny_mnist, name: tiny_mnist[name][:-1]})
    with pytest.raises(DataError, match="brains data mnist") as caught:
        load("mnist")
    for fact in (str(raw / name), f"{size - 1:,} bytes", f"have {size:,}"):
        assert fact in str(caught.value)


def test_one_flipped_bit(lay: Lay, tiny_mnist: dict[str, bytes]) -> None:
    name = "t10k-images-idx3-ubyte"
    flipped = bytearray(tiny_mnist[name])
    flipped[100] ^= 1
    raw = lay(RAW, {**tiny_mnist, name: bytes(flipped)})
    with pytest.raises(DataError, match=r"corrupt.*MD5.*delete.*brains data mnist") as caught:
        load("mnist")
    assert str(raw / name) in str(caught.value)


def test_too_long(lay: Lay, tiny_mnist: dict[str, bytes]) -> None:
    name = "train-labels-idx1-ubyte"
    lay(RAW, {**tiny_mnist, name: tiny_mnist[name] + b"\0"})
    with pytest.raises(DataError, match=f"{name} has 12 bytes and should have 11"):
        load("mnist")


def test_partly_missing(lay: Lay, tiny_mnist: dict[str, bytes]) -> None:
    del tiny_mnist["train-labels-idx1-ubyte"]
    raw = lay(RAW, tiny_mnist)
    with pytest.raises(DataError, match="lacks the file train-labels-idx1-ubyte;") as caught:
        load("mnist")
    assert str(raw) in str(caught.value)


def test_legacy_torch_file_is_not_used(lay: Lay, tiny_mnist: dict[str, bytes]) -> None:
    # torchvision prefers these two to the checked idx files.
    lay(RAW, tiny_mnist)
    lay("MNIST/processed", {"training.pt": b"anything", "test.pt": b"anything"})
    assert load("mnist").train_labels.tolist() == [5, 0, 4]


def test_the_real_mnist(real_data: Callable[[str], Path]) -> None:
    real_data(RAW)
    data = load("mnist")
    assert (data.name, data.note) == ("mnist", None)
    assert data.train_images.shape == (60000, 1, 28, 28)
    assert data.test_images.shape == (10000, 1, 28, 28)
    assert data.train_labels.dtype == data.test_labels.dtype == torch.int64
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert data.train_labels.bincount().tolist() == counts
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.test_labels.bincount().tolist() == counts
    assert data.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
    # The mean and the deviation that MNIST is commonly normalised with.
    pixels = data.train_images.double() / 255
    assert pixels.mean().item() == pytest.approx(0.1307, abs=5e-5)
    assert pixels.std().item() == pytest.approx(0.3081, abs=5e-5)


def test_a_truncated_real_file(
    data: Path, real_data: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = real_data(RAW)
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(data))
    raw = data / RAW
    raw.mkdir(parents=True)
    for source in (real / RAW).glob("*-ubyte"):
        (raw / source.name).symlink_to(source)
    assert not load("mnist").stand_in
    images = raw / "t10k-images-idx3-ubyte"
    content = images.read_bytes()
    images.unlink()
    images.write_bytes(content[:1000])
    with pytest.raises(DataError, match="has 1,000 bytes and should have 7,840,016"):
        load("mnist")
