"""CIFAR-10 and CIFAR-100 (Krizhevsky 2009), in colour or in gray, from the data folder."""

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torchvision.datasets import CIFAR10, CIFAR100

from helpers.data.cifar_npz import read_npz
from helpers.data.dataset import Dataset
from helpers.data.gray import to_gray
from helpers.data.integrity import Fingerprint, check_files


def read_cifar10(folder: Path) -> Dataset | None:
    """CIFAR-10 from ``folder/cifar-10-batches-py``, or None where that is missing or empty.

    Raises:
        DataError: a file is missing, truncated or corrupt.
    """
    return _read_pickles(folder, CIFAR10, "cifar10")


def read_cifar10_gray(folder: Path) -> Dataset | None:
    """CIFAR-10 in gray, computed from the colour images.

    Raises:
        DataError: a file is missing, truncated or corrupt.
    """
    return _in_gray(read_cifar10(folder), "cifar10_gray")


def read_cifar100_gray(folder: Path) -> Dataset | None:
    """CIFAR-100 in gray from ``folder/cifar100_gray.npz``, else ``folder/cifar-100-python``.

    The images come class after class in turn, as the file may be sorted by class: any first part
    of a set holds all classes alike.

    Raises:
        DataError: a file is missing, truncated, corrupt or not what it should be.
    """
    data = read_npz(folder) or _in_gray(
        _read_pickles(folder, CIFAR100, "cifar100"), "cifar100_gray"
    )
    if data is None:
        return None
    train, test = _in_turn(data.train_labels), _in_turn(data.test_labels)
    return replace(
        data,
        train_images=data.train_images[train],
        train_labels=data.train_labels[train],
        test_images=data.test_images[test],
        test_labels=data.test_labels[test],
    )


def _read_pickles(folder: Path, torchvision_set: type[CIFAR10], name: str) -> Dataset | None:
    batches = folder / torchvision_set.base_folder
    digests = [*torchvision_set.train_list, *torchvision_set.test_list]
    files = {file: Fingerprint(md5) for file, md5 in digests}
    files[torchvision_set.meta["filename"]] = Fingerprint(torchvision_set.meta["md5"])
    way_out = f"delete the folder {batches} and run `brains data {name}`"
    if not check_files(batches, files, way_out=way_out):
        return None
    train, test = (torchvision_set(folder, train=train) for train in (True, False))
    return Dataset(
        name=name,
        asked=name,
        train_images=torch.from_numpy(train.data).permute(0, 3, 1, 2).contiguous(),
        train_labels=torch.tensor(train.targets),
        test_images=torch.from_numpy(test.data).permute(0, 3, 1, 2).contiguous(),
        test_labels=torch.tensor(test.targets),
        classes=tuple(train.classes),
        source=f"torchvision {torchvision_set.__name__}, {batches.name}/",
    )


def _in_gray(colour: Dataset | None, name: str) -> Dataset | None:
    if colour is None:
        return None
    return replace(
        colour,
        name=name,
        asked=name,
        train_images=to_gray(colour.train_images),
        test_images=to_gray(colour.test_images),
        source=f"{colour.source}, in gray",
    )


def _in_turn(labels: Tensor) -> Tensor:
    """The order that takes one image of each class, then the next of each, and so on."""
    rank = torch.empty_like(labels)
    for label in labels.unique():
        members = labels == label
        rank[members] = torch.arange(int(members.sum()))
    return torch.argsort(rank * (int(labels.max()) + 1) + labels)
