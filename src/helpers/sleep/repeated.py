"""Images for a sleep that is longer than their set."""

import torch
from torch import Tensor

from helpers.checks import check_count


def repeated(images: Tensor, steps: int, *, seed: int = 0) -> Tensor:
    """Images (steps, ...): all of `images` (n, ...) again and again, each pass in a new order.

    Args:
        images: (n, ...).
        steps: how many are to be shown; the last pass may be cut short.
        seed: of the orders.

    Raises:
        ValueError: there are no images, or `steps` is below 1.
    """
    n = check_count("number of images", len(images), 1)
    check_count("steps", steps, 1)
    generator = torch.Generator().manual_seed(seed)
    passes = [torch.randperm(n, generator=generator) for _ in range(-(-steps // n))]
    return images[torch.cat(passes)[:steps].to(images.device)]
