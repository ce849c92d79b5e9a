"""A share of images with the interval of its sampling."""

from dataclasses import dataclass

from helpers.checks import check_count


@dataclass(frozen=True)
class Interval:
    """A share of images in percent with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(right: int, n: int) -> Interval:
    """Percent right of `n` images with its 95 % Wilson interval (Wilson 1927).

    The interval speaks of the sampling of test images only, not of the spread over seeds.

    Raises:
        ValueError: `n` is below 1 or `right` is not from 0 to `n`.
    """
    check_count("n", n, 1)
    check_count("right", right, 0, n)
    from scipy.stats import binomtest  # slow to import, and only needed here

    ends = binomtest(right, n).proportion_ci(method="wilson")
    return Interval(100 * right / n, 100 * ends.low, 100 * ends.high)
