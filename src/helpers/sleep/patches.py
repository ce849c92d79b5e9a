"""Patches: four binary images that share some of their pixels.

Source: the smallest of the three tasks of Tadros et al. (2020), as their follow-up code makes it.
"""

import torch
from torch import Tensor

from helpers.checks import check_count

#: Images, and classes: every image is one of its own.
PATCHES = 4


def block(width: int) -> int:
    """Pixels that are on in each image: a sixth of all of them, rounded."""
    return round(width**2 / 6)


def patches(width: int, overlap: int, seed: int = 0) -> Tensor:
    """Four images (4, 1, width, width) of 0 and 1, float32; image k is of class k.

    The pixels are put in a random order. The first `overlap` are on in every image; then each
    image has its own ones, until a sixth of its pixels are on.

    Args:
        width: of an image, in pixels.
        overlap: pixels that are on in all four.
        seed: of the order of the pixels.

    Raises:
        ValueError: `width` is below 2; `overlap` is negative or leaves an image no pixel of its
            own.
    """
    check_count("width", width, 2)
    check_count("overlap", overlap, 0, block(width) - 1)
    check_count("seed", seed, 0)
    own = block(width) - overlap
    order = torch.randperm(width**2, generator=torch.Generator().manual_seed(seed))
    images = torch.zeros(PATCHES, width**2)
    images[:, order[:overlap]] = 1
    for image, pixels in zip(images, order[overlap:].split(own), strict=False):
        image[pixels] = 1
    return images.view(PATCHES, 1, width, width)
