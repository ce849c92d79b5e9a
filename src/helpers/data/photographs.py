"""The embedded stand-in for natural images: patches of photographs, nothing is downloaded."""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from skimage import data as skimage_data
from sklearn.datasets import load_sample_image
from torch import Tensor

from helpers.data.dataset import Dataset
from helpers.data.gray import to_gray

CLASSES = (
    "astronaut",
    "cat",
    "coffee",
    "flower",
    "galaxies",
    "motorcycle",
    "retina",
    "rocket",
    "temple",
    "tissue",
)
#: Patches of each photograph.
TRAIN, TEST = 200, 50
PATCH, BLOCK, STEP = 32, 64, 10


def photographs() -> Dataset:
    """2,000 patches of ten photographs to train and 500 to test, 32x32 in colour.

    The class of a patch is the photograph it comes from. The photographs are cut into blocks of
    64x64; every fifth block gives only test patches, so no pixel is in both sets.
    """
    train, test = zip(*(_patches(photograph) for photograph in _photographs()), strict=True)
    # Photograph by photograph in turn: the first images of a set hold every class equally.
    return Dataset(
        name="photographs",
        asked="photographs",
        train_images=torch.stack(train, 1).flatten(0, 1),
        train_labels=torch.arange(len(CLASSES)).repeat(TRAIN),
        test_images=torch.stack(test, 1).flatten(0, 1),
        test_labels=torch.arange(len(CLASSES)).repeat(TEST),
        classes=CLASSES,
        source="32x32 patches of ten photographs of scikit-image and scikit-learn",
    )


def photographs_gray() -> Dataset:
    """The patches of :func:`photographs` in gray."""
    colour = photographs()
    return replace(
        colour,
        name="photographs_gray",
        asked="photographs_gray",
        train_images=to_gray(colour.train_images),
        test_images=to_gray(colour.test_images),
        source=f"{colour.source}, in gray",
    )


def _photographs() -> list[NDArray[np.uint8]]:
    """The ten photographs in the order of `CLASSES`, (height, width, 3)."""
    return [
        skimage_data.astronaut(),
        skimage_data.chelsea(),
        skimage_data.coffee(),
        load_sample_image("flower.jpg"),
        skimage_data.hubble_deep_field(),
        skimage_data.stereo_motorcycle()[0],
        skimage_data.retina(),
        skimage_data.rocket(),
        load_sample_image("china.jpg"),
        skimage_data.immunohistochemistry(),
    ]


def _patches(photograph: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Train and test patches of one photograph: uint8 (200, 3, 32, 32) and (50, 3, 32, 32)."""
    small = torch.from_numpy(_reduce(photograph)).permute(2, 0, 1)
    # (3, rows, columns, 64, 64), then (blocks, 3, 64, 64) from left to right, top to bottom.
    blocks = small.unfold(1, BLOCK, BLOCK).unfold(2, BLOCK, BLOCK).permute(1, 2, 0, 3, 4)
    blocks = blocks.flatten(0, 1)
    test = torch.arange(len(blocks)) % 5 == 2
    return _choose(blocks[~test], TRAIN), _choose(blocks[test], TEST)


def _choose(blocks: Tensor, count: int) -> Tensor:
    """`count` patches of `blocks` (n, 3, 64, 64): of the most contrasted, evenly spread ones.

    Half of the patches of most photographs are plain sky or backdrop, which nothing can tell apart.
    """
    patches = blocks.unfold(2, PATCH, STEP).unfold(3, PATCH, STEP).permute(0, 2, 3, 1, 4, 5)
    patches = patches.flatten(0, 2)
    pixels = patches.flatten(1).double()
    # Whole numbers below 2**53: exact in any order of summation, so the same on every platform.
    variance = pixels.shape[1] * pixels.square().sum(1) - pixels.sum(1).square()
    contrasted = torch.argsort(variance, descending=True, stable=True)[: 2 * count].sort().values
    return patches[contrasted[torch.arange(count) * len(contrasted) // count]]


def _reduce(photograph: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photograph with its shorter side at 300 to 600 pixels, by the mean of square tiles."""
    factor = max(1, min(photograph.shape[:2]) // 300)
    height, width = (side // factor for side in photograph.shape[:2])
    tiles = photograph[: height * factor, : width * factor].astype(np.int64)
    tiles = tiles.reshape(height, factor, width, factor, 3).sum((1, 3))
    return ((tiles + factor**2 // 2) // factor**2).astype(np.uint8)
