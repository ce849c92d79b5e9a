"""CIFAR-100 in gray as one file of plain arrays, small enough to hand around."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from helpers.data.arrays import array_of, labels_of, read_arrays
from helpers.data.dataset import Dataset
from helpers.data.integrity import DataError

FILE = "cifar100_gray.npz"
_REMEDY = "delete it and run `brains data cifar100`"
#: The fine labels in the official order.
# fmt: off
CLASSES = (
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
    "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
    "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup",
    "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house",
    "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man",
    "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid",
    "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy",
    "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal",
    "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar",
    "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor",
    "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman",
    "worm",
)
# fmt: on


def read_npz(folder: Path) -> Dataset | None:
    """CIFAR-100 in gray from ``folder/cifar100_gray.npz``, or None where there is no such file.

    The file holds ``train_images`` (50000, 32, 32) and ``test_images`` (10000, 32, 32), uint8,
    with ``train_labels`` and ``test_labels``, whole numbers from 0 to 99, every class equally
    often. There is no official digest; the checksums inside the file guard its bytes.

    Raises:
        DataError: the file is truncated, corrupt, holds Python objects or other arrays.
    """
    path = folder / FILE
    if not path.exists():
        return None
    images, labels = {}, {}
    try:
        arrays = read_arrays(path)
        for part, per_class in (("train", 500), ("test", 100)):
            images[part] = _images(path, arrays, part, 100 * per_class)
            labels[part] = _labels(path, arrays, part, per_class)
    except DataError as error:
        raise DataError(f"{error}; {_REMEDY}") from error
    return Dataset(
        name="cifar100_gray",
        asked="cifar100_gray",
        train_images=torch.from_numpy(images["train"])[:, None],
        train_labels=torch.from_numpy(labels["train"]),
        test_images=torch.from_numpy(images["test"])[:, None],
        test_labels=torch.from_numpy(labels["test"]),
        classes=CLASSES,
        source=f"CIFAR-100 in gray, {path.name}",
    )


def _images(path: Path, arrays: dict[str, NDArray], part: str, n: int) -> NDArray[np.uint8]:
    images = array_of(path, arrays, f"{part}_images")
    if images.dtype != np.uint8 or images.shape != (n, 32, 32):
        raise DataError(
            f"{path} holds {part}_images of {images.dtype} {images.shape} and should hold uint8 "
            f"{(n, 32, 32)}"
        )
    return images


def _labels(path: Path, arrays: dict[str, NDArray], part: str, per_class: int) -> NDArray[np.int64]:
    classes = len(CLASSES)
    labels = labels_of(path, arrays, f"{part}_labels", classes * per_class, classes)
    if (np.bincount(labels, minlength=classes) != per_class).any():
        raise DataError(f"{path} should hold {per_class} images of each class in {part}_labels")
    return labels
