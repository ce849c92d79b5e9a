"""Features of images instead of images: what a network trained elsewhere makes of them."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from helpers.checks import check_count
from helpers.data.arrays import array_of, labels_of, read_arrays
from helpers.data.integrity import DataError

#: A user's own features of the birds of CUB-200-2011, in the data folder.
CUB_FILE = "cub200_resnet50.npz"
CUB_CLASSES = 200
CUB_FEATURES = 2048


@dataclass(frozen=True, eq=False, kw_only=True)
class Features:
    """One set of labelled features, whole.

    Attributes:
        name: the data really held, such as ``cub200_resnet50``.
        train_features, test_features: (n, features) float32, 0 or above.
        train_labels, test_labels: (n,) int64, from 0.
        classes: number of classes.
    """

    name: str
    train_features: Tensor
    train_labels: Tensor
    test_features: Tensor
    test_labels: Tensor
    classes: int

    def first(self, *, train_per_class: int, test_per_class: int) -> "Features":
        """Only the first so many of each class.

        Raises:
            ValueError: a class has fewer.
        """
        train = first_of_each(
            self.train_labels, self.classes, train_per_class, name="train_per_class"
        )
        test = first_of_each(self.test_labels, self.classes, test_per_class, name="test_per_class")
        return replace(
            self,
            train_features=self.train_features[train],
            train_labels=self.train_labels[train],
            test_features=self.test_features[test],
            test_labels=self.test_labels[test],
        )

    def to(self, device: str | torch.device) -> "Features":
        """The same on another device."""
        return replace(
            self,
            train_features=self.train_features.to(device),
            train_labels=self.train_labels.to(device),
            test_features=self.test_features.to(device),
            test_labels=self.test_labels.to(device),
        )

    def scaled(self) -> "Features":
        """All features divided by the largest one of the training set; larger test ones are 1.

        Raises:
            ValueError: no training feature is above 0.
        """
        largest = self.train_features.max().item()
        if not largest > 0:
            raise ValueError(f"train_features have a maximum of {largest}; it may be above 0")
        return replace(
            self,
            train_features=self.train_features / largest,
            test_features=(self.test_features / largest).clamp(max=1),
        )


def first_of_each(labels: Tensor, classes: int, count: int, *, name: str = "count") -> Tensor:
    """The rows of the first `count` labels of every class, in their order.

    Args:
        labels: (n,).
        classes: number of classes.
        count: of each class.
        name: what `count` is called in the error.

    Raises:
        ValueError: a class has fewer.
    """
    check_count(name, count, 1)
    rows = []
    for number in range(classes):
        found = (labels == number).nonzero()[:, 0]
        if len(found) < count:
            raise ValueError(
                f"{name} is {count}; it may be at most {len(found)}, as class {number} has no more"
            )
        rows.append(found[:count])
    return torch.cat(rows).sort().values


def read_cub200(folder: Path) -> Features | None:
    """ResNet-50 features of CUB-200-2011 from ``folder/cub200_resnet50.npz``, or None without it.

    The file is the user's own: the images are a download of about 1.1 GB, and any ResNet-50 trained
    on ImageNet gives the 2,048 averages behind its last ReLU. Arrays: ``train_features`` and
    ``test_features`` (n, 2048) floating point, ``train_labels`` and ``test_labels`` (n,) whole
    numbers from 0 to 199, the birds' own numbers minus 1.

    Raises:
        DataError: the file is corrupt or holds Python objects; an array is missing, has another
            shape or type, NaN, a number below 0, or labels that are not each of 0 to 199.
    """
    path = folder / CUB_FILE
    if not path.exists():
        return None
    arrays = read_arrays(path)
    features, labels = {}, {}
    for part in ("train", "test"):
        features[part] = _features(path, arrays, part)
        labels[part] = _labels(path, arrays, part, len(features[part]))
    return Features(
        name="cub200_resnet50",
        train_features=torch.from_numpy(features["train"]),
        train_labels=torch.from_numpy(labels["train"]),
        test_features=torch.from_numpy(features["test"]),
        test_labels=torch.from_numpy(labels["test"]),
        classes=CUB_CLASSES,
    )


def _features(path: Path, arrays: dict[str, NDArray], part: str) -> NDArray[np.float32]:
    name = f"{part}_features"
    found = array_of(path, arrays, name)
    if found.dtype.kind != "f" or found.ndim != 2 or found.shape[1] != CUB_FEATURES:
        raise DataError(
            f"{path} holds {name} of {found.dtype} {found.shape} and should hold floating point "
            f"(n, {CUB_FEATURES})"
        )
    if not np.isfinite(found).all():
        raise DataError(f"{path} holds {name} with NaN or infinite numbers")
    if (found < 0).any():
        raise DataError(
            f"{path} holds {name} down to {found.min():g} and should hold 0 or above, as behind a "
            "ReLU"
        )
    return found.astype(np.float32)


def _labels(path: Path, arrays: dict[str, NDArray], part: str, n: int) -> NDArray[np.int64]:
    name = f"{part}_labels"
    labels = labels_of(path, arrays, name, n, CUB_CLASSES)
    missing = np.flatnonzero(np.bincount(labels, minlength=CUB_CLASSES) == 0)
    if len(missing):
        raise DataError(f"{path} holds {name} without class {missing[0]} and should hold each")
    return labels
