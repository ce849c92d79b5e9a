from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torchvision.datasets import CIFAR10, CIFAR100

from helpers.data import DataError, cifar_npz, download, fetch, load

Lay = Callable[[str, dict[str, bytes]], Path]
Files = dict[str, dict[str, bytes]]


def leave(files: Files, folder: str) -> Callable[[Any], None]:
    """A stand-in for torchvision's download: it lays the files where torchvision does."""

    def download(dataset: Any) -> None:
        place = Path(dataset.root) / folder
        place.mkdir()
        for name, content in files[folder].items():
            (place / name).write_bytes(content)

    return download


def test_mnist(data: Path, server: Any) -> None:
    assert fetch("mnist") == data
    assert load("mnist").train_labels.tolist() == [5, 0, 4]
    asked = len(server.requests)
    fetch("mnist")
    assert len(server.requests) == asked


def test_offline_does_not_forbid_what_is_asked_for(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "1")
    fetch("mnist")
    assert not load("mnist").stand_in


def test_cifar10(data: Path, tiny_cifar: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CIFAR10, "download", leave(tiny_cifar, "cifar-10-batches-py"))
    assert fetch("cifar10") == data
    assert not load("cifar10").stand_in
    assert [path.name for path in data.iterdir()] == ["cifar-10-batches-py"]


def test_cifar100_is_kept_in_gray(
    data: Path, tiny_cifar: Files, monkeypatch: pytest.MonkeyPatch, lay: Lay
) -> None:
    monkeypatch.setattr(CIFAR100, "download", leave(tiny_cifar, "cifar-100-python"))
    # The few images of this test are not the 60,000 that the file must hold.
    monkeypatch.setattr(
        cifar_npz, "_images", lambda path, arrays, part, n: arrays[part + "_images"]
    )
    monkeypatch.setattr(
        cifar_npz, "_labels", lambda path, arrays, part, n: arrays[part + "_labels"]
    )
    fetch("cifar100")
    assert [path.name for path in data.iterdir()] == ["cifar100_gray.npz"]
    with np.load(data / "cifar100_gray.npz", allow_pickle=False) as arrays:
        kept = dict(arrays)
    (data / "cifar100_gray.npz").unlink()
    lay("cifar-100-python", tiny_cifar["cifar-100-python"])
    official = load("cifar100_gray")
    assert kept["train_images"].shape == (4, 32, 32)
    assert (kept["train_images"] == official.train_images[:, 0].numpy()).all()
    assert kept["test_labels"].tolist() == official.test_labels.tolist()


def test_what_is_there_and_corrupt_is_left_alone(
    server: Any, lay: Lay, tiny_mnist: dict[str, bytes]
) -> None:
    raw = lay("MNIST/raw", {**tiny_mnist, "train-labels-idx1-ubyte": b"mine"})
    with pytest.raises(DataError, match="has 4 bytes"):
        fetch("mnist")
    assert (raw / "train-labels-idx1-ubyte").read_bytes() == b"mine"
    assert server.requests == []


def test_a_failed_download_says_so_on_one_line(data: Path, server: Any) -> None:
    server.damage()
    with pytest.raises(DataError, match=r"mnist could not be brought into .*corrupted") as caught:
        fetch("mnist")
    assert str(data) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(data.iterdir()) == []


def test_a_download_that_leaves_nothing_is_an_error(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = download._SETS["mnist"].__class__(lambda folder: None, lambda folder: None, "x")
    monkeypatch.setitem(download._SETS, "mnist", nothing)
    with pytest.raises(DataError, match="left no x"):
        fetch("mnist")


def test_unknown_name() -> None:
    with pytest.raises(
        ValueError, match="name is 'svhn'; it may be one of mnist, cifar10, cifar100"
    ):
        fetch("svhn")
