"""The difference between two accuracies on the same images, with its interval."""

import math

from torch import Tensor

from helpers.evaluation.interval import Interval

#: The normal quantile of a 95 % interval.
Z = 1.959964


def paired_difference(one: Tensor, other: Tensor) -> Interval:
    """Percent of images right under `one`, less those right under `other`, on the same images.

    The ends are Agresti and Min's (2005) adjusted Wald interval: of the images only those count on
    which the two differ, with half an image added to each of the four possible pairs.

    Args:
        one, other: (n,) bool, whether an image is answered right.

    Raises:
        ValueError: they have different shapes, or there are no images.
    """
    if one.shape != other.shape or one.ndim != 1 or len(one) == 0:
        raise ValueError(
            f"one and other have shapes {tuple(one.shape)} and {tuple(other.shape)}; "
            "they may be (n,) alike, with one image or more"
        )
    n = len(one)
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    b, c, size = only_one + 0.5, only_other + 0.5, n + 2
    middle = (b - c) / size
    half = Z * math.sqrt(b + c - (b - c) ** 2 / size) / size
    value = (only_one - only_other) / n
    low, high = min(middle - half, value), max(middle + half, value)
    return Interval(100 * value, 100 * max(low, -1), 100 * min(high, 1))
