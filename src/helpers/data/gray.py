"""Colour to gray."""

import torch
from torch import Tensor


def to_gray(images: Tensor) -> Tensor:
    """The luma of ITU-R BT.601, exactly as Pillow's mode ``L``: (n, 3, h, w) to (n, 1, h, w).

    Raises:
        ValueError: `images` are not uint8 of three channels.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 3:
        shape = tuple(images.shape)
        raise ValueError(f"images are {images.dtype} {shape}; they may be uint8 (n, 3, h, w)")
    # In parts: 32 bits per channel of a whole set would take gigabytes.
    return torch.cat([_luma(part) for part in images.split(4096)])


def _luma(images: Tensor) -> Tensor:
    red, green, blue = images.to(torch.int32).unbind(1)
    # 0.299, 0.587 and 0.114 in units of 2**-16, rounded to the nearest.
    luma = (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
    return luma.to(torch.uint8)[:, None]
