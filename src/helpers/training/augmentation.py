"""Crops and mirror images of small pictures, as networks for CIFAR see them in training."""

import torch
from torch import Tensor
from torch.nn.functional import pad

from helpers.checks import check_count


def cropped_and_flipped(images: Tensor, generator: torch.Generator, *, margin: int = 4) -> Tensor:
    """Each image shifted by up to `margin` pixels, borders mirrored, and flipped in half of cases.

    Args:
        images: (n, channels, height, width) floating point.
        generator: a CPU generator, so that a seed means the same on every device.
        margin: the largest shift in pixels, below height and width.

    Returns:
        Images of the same shape.

    Raises:
        ValueError: the images have not four axes or are not floating point, or `margin` is not
            from 0 to a pixel less than their shorter side.
    """
    if images.ndim != 4 or not images.is_floating_point():
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be floating point "
            "(n, channels, height, width)"
        )
    n, _, height, width = images.shape
    check_count("margin", margin, 0, min(height, width) - 1)
    shifts = torch.randint(0, 2 * margin + 1, (2, n, 1), generator=generator)
    flips = torch.rand(n, 1, generator=generator) < 0.5
    rows = shifts[0] + torch.arange(height)
    columns = torch.arange(width).expand(n, width)
    columns = shifts[1] + torch.where(flips, columns.flip(1), columns)
    padded = pad(images, (margin,) * 4, mode="reflect")
    device = images.device
    chosen = padded.permute(0, 2, 3, 1)[
        torch.arange(n, device=device)[:, None, None],
        rows.to(device)[:, :, None],
        columns.to(device)[:, None, :],
    ]
    return chosen.permute(0, 3, 1, 2)
