"""Bring a real set into the data folder: checked first, then moved in place whole."""

import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import numpy as np
from filelock import FileLock
from torchvision.datasets import CIFAR10, CIFAR100, MNIST

from helpers.checks import check_choice
from helpers.data.cifar import read_cifar10, read_cifar100_gray
from helpers.data.cifar_npz import FILE
from helpers.data.dataset import Dataset
from helpers.data.folder import download_folder
from helpers.data.integrity import DataError
from helpers.data.mnist import read_mnist
from helpers.paths import CACHE


def _download_mnist(folder: Path) -> None:
    MNIST(folder, train=False, download=True)


def _download_cifar10(folder: Path) -> None:
    CIFAR10(folder, train=False, download=True)


def _download_cifar100(folder: Path) -> None:
    CIFAR100(folder, train=False, download=True)
    data = read_cifar100_gray(folder)
    if data is None:
        raise DataError(f"torchvision left no {CIFAR100.base_folder} in {folder}")
    np.savez_compressed(
        folder / FILE,
        train_images=data.train_images[:, 0].numpy(),
        train_labels=data.train_labels.numpy(),
        test_images=data.test_images[:, 0].numpy(),
        test_labels=data.test_labels.numpy(),
    )


@dataclass(frozen=True)
class _Set:
    """How one set comes: what downloads it, what checks it, and its part of the data folder."""

    download: Callable[[Path], None]
    read: Callable[[Path], Dataset | None]
    part: str


_SETS = {
    "mnist": _Set(_download_mnist, read_mnist, "MNIST/raw"),
    "cifar10": _Set(_download_cifar10, read_cifar10, CIFAR10.base_folder),
    "cifar100": _Set(_download_cifar100, read_cifar100_gray, FILE),
}

#: Seconds that a server may stay silent during `fetch`.
SILENCE = 30.0
#: What a download may raise: no network, no room, a server that answers something else.
DOWNLOAD_ERRORS = (OSError, RuntimeError, HTTPException)


def fetch(name: str) -> Path:
    """Download `name` with torchvision into the data folder, which is returned.

    A set that is already there is checked and left alone. A download is checked in a temporary
    folder beside its place and moved there whole. CIFAR-100 is kept in gray only.

    Args:
        name: ``mnist`` (11 MB), ``cifar10`` (163 MB) or ``cifar100`` (161 MB).

    Raises:
        ValueError: `name` is none of these, or ``BORROWED_BRAINS_DATA`` names no folder.
        DataError: what is there is incomplete or corrupt, or the download failed.
    """
    check_choice("name", name, _SETS)
    folder = download_folder()
    with set_lock(name), socket_timeout(SILENCE):
        try:
            install(name, folder)
        except DOWNLOAD_ERRORS as error:
            raise DataError(
                f"{name} could not be brought into {folder} ({one_line(error)}); "
                "check the network and the disk, and try again"
            ) from error
    return folder


def install(name: str, folder: Path, *, wanted: Callable[[], bool] = lambda: True) -> None:
    """Put the set `name` into `folder` unless it is there; the caller holds `set_lock`.

    Args:
        name: a key of the sets that `fetch` knows.
        folder: the data folder; made when missing.
        wanted: asked after the download; when false, the download is thrown away.

    Raises:
        DataError: what is there, or what came, is incomplete or corrupt.
        OSError, RuntimeError, HTTPException: the download failed, or `folder` cannot be written to.
    """
    known = _SETS[name]
    if known.read(folder) is not None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=folder) as temporary:
        fresh = Path(temporary)
        known.download(fresh)
        if known.read(fresh) is None:
            raise DataError(f"the download of {name} left no {known.part}; try again")
        if not wanted():
            return
        place = folder / known.part
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():
            place.rmdir()  # left empty by a download that failed; Windows renames onto no folder
        (fresh / known.part).replace(place)


def one_line(error: BaseException) -> str:
    """What `error` says, on one line: torchvision's list of tried addresses has many."""
    return " ".join(str(error).split())


def set_lock(name: str) -> FileLock:
    """The lock that one process at a time holds while it brings the set `name`."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return FileLock(CACHE / f"data-{name}.lock")


@contextmanager
def socket_timeout(seconds: float) -> Iterator[None]:
    """Give every new socket a timeout: torchvision's downloads have none of their own."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
