"""Which pairs of images a step of training compares."""

import torch
from torch import Tensor

from helpers.checks import check_count


class PairOrder:
    """All pairs i < j of some images, shuffled, pass after pass.

    What a step sees depends on its number alone, so training that was interrupted goes on with the
    pairs it would have seen.

    Args:
        images: number of images, at least 2.
        pairs: pairs in a step.
        seed: of the order.

    Raises:
        ValueError: too few images, or more pairs in a step than there are.
    """

    def __init__(self, images: int, pairs: int, *, seed: int) -> None:
        check_count("images", images, 2)
        self.total = images * (images - 1) // 2
        self.pairs = check_count("pairs", pairs, 1, self.total)
        self.images, self.seed = images, check_count("seed", seed, 0)
        self._pass, self._order = -1, torch.empty(0, dtype=torch.int64)

    def step(self, number: int) -> tuple[Tensor, Tensor]:
        """The first and the second image of each pair of step `number`, two times (pairs,).

        Pairs that are left at the end of a pass are left out.

        Raises:
            ValueError: `number` is negative.
        """
        steps = self.total // self.pairs
        current, place = divmod(check_count("number", number, 0), steps)
        if current != self._pass:
            generator = torch.Generator().manual_seed(self.seed * 100_003 + current)
            self._order = torch.randperm(self.total, generator=generator)
            self._pass = current
        return pair_of(
            self._order[place * self.pairs : (place + 1) * self.pairs], images=self.images
        )


def pair_of(rank: Tensor, *, images: int) -> tuple[Tensor, Tensor]:
    """The pairs i < j of given ranks among all pairs, ordered by j and then by i.

    Args:
        rank: whole numbers from 0 to images (images - 1) / 2 - 1.
        images: number of images.

    Raises:
        ValueError: a rank is outside.
    """
    total = images * (images - 1) // 2
    if rank.numel() and not 0 <= int(rank.min()) <= int(rank.max()) < total:
        raise ValueError(
            f"rank spans {int(rank.min())} to {int(rank.max())}; it may be from 0 to {total - 1}"
        )
    # There are j (j - 1) / 2 pairs below j.
    second = ((1 + (1 + 8 * rank.double()).sqrt()) / 2).floor().long()
    # A square root may be off by a rounding just where it is whole.
    second = torch.where(second * (second - 1) // 2 > rank, second - 1, second)
    second = torch.where(second * (second + 1) // 2 <= rank, second + 1, second)
    return rank - second * (second - 1) // 2, second
