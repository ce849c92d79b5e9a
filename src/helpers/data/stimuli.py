"""Images as a mouse was shown them: 64 pixels wide, the middle 36 rows."""

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from helpers.checks import check_count, check_positive

#: Height and width of the stimuli of Li et al. (2019) and of the Sensorium recordings, scaled down.
HEIGHT, WIDTH = 36, 64


def stimuli(
    images: Tensor, *, height: int = HEIGHT, width: int = WIDTH, aspect: float | None = None
) -> Tensor:
    """Images scaled to a width and cut to the middle rows, as the recordings' photographs were.

    Args:
        images: (n, 1, h, w) uint8.
        height, width: of the result, in pixels.
        aspect: width over height of what an image shows, by default w over h: an image that was
            squeezed into a square gets its shape back.

    Returns:
        (n, 1, height, width) uint8.

    Raises:
        ValueError: the images are not that; `aspect` is not above 0; the scaled images have fewer
            rows than `height`.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 (n, 1, h, w)"
        )
    check_count("height", height, 1)
    check_count("width", width, 1)
    shown = images.shape[3] / images.shape[2] if aspect is None else aspect
    rows = round(width / check_positive("aspect", shown))
    if rows < height:
        raise ValueError(
            f"height is {height}; it may be at most {rows}, the rows of these images at a width of "
            f"{width}"
        )
    top = (rows - height) // 2
    scaled = [
        interpolate(part.float(), (rows, width), mode="bilinear", antialias=True)[
            :, :, top : top + height
        ]
        for part in images.split(1000)
    ]
    return torch.cat(scaled).round().clamp(0, 255).to(torch.uint8)
