"""How far a correlation of similarities hangs on the images that happened to be shown."""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor

from helpers.checks import check_count


def resampled_rank_correlations(
    recorded: Tensor, others: Sequence[Tensor], *, resamples: int = 1000, seed: int = 0
) -> np.ndarray:
    """Spearman's correlations over pairs of images, for images drawn with replacement.

    The pairs of one matrix share their images, so it is images that are drawn and not pairs. Pairs
    of an image with itself, which come up when it is drawn twice, are left out.

    Args:
        recorded: (n, n) similarities.
        others: one or more (n, n), each correlated with `recorded`; all see the same draws, so
            their differences can be taken row by row.
        resamples: number of draws.
        seed: of the draws.

    Returns:
        (resamples, others).

    Raises:
        ValueError: the matrices are not square and of one size, there are none to compare with,
            fewer than four images, or `resamples` is below 1.

    Source: Efron (1979); over images as in Nili et al. (2014).
    """
    check_count("resamples", resamples, 1)
    check_count("number of others", len(others), 1)
    shapes = {tuple(matrix.shape) for matrix in (recorded, *others)}
    n = len(recorded)
    if shapes != {(n, n)} or n < 4:
        raise ValueError(
            f"matrices have the shapes {sorted(shapes)}; they may be one (n, n), with four images "
            "or more"
        )
    generator = torch.Generator().manual_seed(check_count("seed", seed, 0))
    rows, columns = torch.triu_indices(n, n, 1)
    found = np.empty((resamples, len(others)))
    for number in range(resamples):
        drawn = torch.randint(n, (n,), generator=generator)
        one, other = drawn[rows], drawn[columns]
        one, other = one[one != other], other[one != other]
        ranks = rankdata(
            torch.stack([matrix[one, other] for matrix in (recorded, *others)]).numpy(), axis=1
        )
        found[number] = np.corrcoef(ranks)[0, 1:]
    return found


def interval(values: np.ndarray) -> tuple[float, float]:
    """The ends of the 95 % interval of resampled values: percentiles."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
