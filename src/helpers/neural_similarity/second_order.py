"""How alike two populations are in what they find alike: similarities of similarities."""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor

from helpers.checks import check_count
from helpers.neural_similarity.similarity import upper


def second_order_similarity(matrices: Sequence[Tensor]) -> Tensor:
    """Spearman's correlation of every two similarity matrices, over the pairs of images.

    Each pair of different images counts once. Ranks ask only that both populations put the pairs
    in the same order, so neither the scale nor the spread of their similarities matters.

    Args:
        matrices: of two or more populations, each (images, images), of the same images in the
            same order.

    Returns:
        (populations, populations) float64, symmetric, 1 on the diagonal, in [-1, 1].

    Raises:
        ValueError: there are fewer than two matrices, they are not square and of one size, have
            fewer than three images, hold NaN or infinite numbers, or one finds all pairs equally
            alike, which have no order.

    Source: Kriegeskorte et al. (2008), second-order similarity; ranks as in Nili et al. (2014).
    """
    check_count("number of matrices", len(matrices), 2)
    shapes = {tuple(matrix.shape) for matrix in matrices}
    n = len(matrices[0])
    if shapes != {(n, n)} or n < 3:
        raise ValueError(
            f"matrices have the shapes {sorted(shapes)}; they may be one (n, n), with three images "
            "or more"
        )
    pairs = torch.stack([upper(matrix) for matrix in matrices]).double().numpy()
    for number, row in enumerate(pairs):
        if not np.isfinite(row).all():
            raise ValueError(f"matrix {number} holds NaN or infinity; it may hold finite numbers")
        if row.min() == row.max():
            raise ValueError(
                f"matrix {number} is {row[0]:g} for every pair; it may tell some from others"
            )
    return torch.from_numpy(np.corrcoef(rankdata(pairs, axis=1)).clip(-1, 1))
