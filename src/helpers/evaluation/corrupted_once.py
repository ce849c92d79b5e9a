"""Training images that are each corrupted once, at a level drawn for each."""

from collections.abc import Sequence

import torch
from torch import Tensor

from helpers.checks import check_count
from helpers.evaluation.corruptions import Corruption


def corrupted_once(images: Tensor, kind: str, levels: Sequence[float], *, seed: int = 0) -> Tensor:
    """`images` (n, ...), each with a corruption of a level drawn from `levels`.

    Args:
        images: (n, ...) in [0, 1].
        kind: see :class:`Corruption`.
        levels: every one is as likely as the others.
        seed: of the levels and of the noise.

    Raises:
        ValueError: there are no levels, or :class:`Corruption` refuses something.
    """
    check_count("number of levels", len(levels), 1)
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randint(len(levels), (len(images),), generator=generator).to(images.device)
    found = images.clone()
    for number, level in enumerate(levels):
        chosen = drawn == number
        if chosen.any():
            corruption = Corruption(kind, level)
            found[chosen] = corruption(images[chosen], seed=seed * len(levels) + number)
    return found
