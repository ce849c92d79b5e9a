"""How a number is written in a sentence about it, and beside a claim."""

from decimal import Decimal

from helpers.claims.claim import Claim

#: Most decimals of a mean beside a claim: as many as records have digits.
MOST = 6


def number_text(value: float) -> str:
    """One decimal, as for percent; below a tenth two significant digits, so that none vanishes.

    A norm of 0.00183 is ``0.0018`` and not ``0.0``.
    """
    return f"{value:.1f}" if value == 0 or abs(value) >= 0.1 else f"{value:.2g}"


def mean_text(claim: Claim, mean: float, sd: float | None) -> str:
    """Our mean beside a number of a paper, with its standard deviation where there is one.

    Both have as many decimals as the paper's number and the tolerance have, at least one, and more
    where the mean would look as if it had the other verdict.

    Raises:
        ValueError: the claim is a sentence.
    """
    decimals = max(1, *(_decimals(each) for each in (claim.value, claim.tolerance)))
    while decimals < MOST and claim.admits(round(mean, decimals)) != claim.admits(mean):
        decimals += 1
    spread = "" if sd is None else f" ± {sd:.{decimals}f}"
    return f"{mean:.{decimals}f}{spread}"


def _decimals(value: float | None) -> int:
    if value is None:
        return 0
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
