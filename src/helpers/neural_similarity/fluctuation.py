"""How far similarities move from scan to scan and from trial to trial (Li et al. 2019, fig. 1C)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from helpers.neural_similarity.similarity import oracle_similarity, trial_similarity, upper


def scan_fluctuation(oracles: Sequence[Tensor]) -> Tensor:
    """Equation 4: each scan's oracle similarity less the mean over scans.

    Args:
        oracles: for each scan (images, images), of the same images in the same order.

    Returns:
        (scans, pairs), the pairs of two different images.

    Raises:
        ValueError: fewer than two scans, or scans of different numbers of images.
    """
    shapes = {tuple(oracle.shape) for oracle in oracles}
    if len(oracles) < 2 or len(shapes) > 1:
        raise ValueError(
            f"oracles are {len(oracles)} of shapes {sorted(shapes)}; they may be at least two "
            "scans of the same images"
        )
    stacked = torch.stack([upper(oracle) for oracle in oracles])
    return stacked - stacked.mean(0)


def repeat_fluctuation(responses: Tensor) -> Tensor:
    """Equation 5: the similarity of two trials of one image less that image's oracle similarity.

    Args:
        responses: (images, trials, neurons) of one scan.

    Returns:
        (images, pairs of trials).

    Raises:
        ValueError: see :func:`helpers.neural_similarity.similarity.trial_similarity`.
    """
    single, oracle = trial_similarity(responses), oracle_similarity(responses)
    first, second = torch.triu_indices(responses.shape[1], responses.shape[1], 1)
    image = torch.arange(len(responses))
    within = single[image[:, None], first, image[:, None], second]
    return within - oracle.diagonal()[:, None]
