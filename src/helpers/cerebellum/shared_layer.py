"""A granule layer whose fixed weights a reader's browser can draw too."""

import math

import torch

from helpers.cerebellum.granule import GranuleLayer
from helpers.cerebellum.model import Cerebellum
from helpers.cerebellum.shared_random import below, normals
from helpers.checks import check_count


def shared_layer(d: int, m: int, k: int, seed: int) -> GranuleLayer:
    """A granule layer of `m` cells, each with `k` of `d` inputs; all of them where k is d.

    Weights are N(0, 1/k), as in :class:`GranuleLayer`. Cell i has the numbers i k to i k + k - 1 of
    `seed`, and its inputs those of ``seed + 1``.

    Raises:
        ValueError: a size is below 1, or `k` above `d`.
    """
    check_count("d", d, 1)
    check_count("m", m, 1)
    check_count("k", k, 1, d)
    drawn = torch.from_numpy(normals(seed, m * k)).view(m, k)
    weights = drawn * torch.tensor(1 / math.sqrt(k), dtype=torch.float32)
    if k == d:
        return GranuleLayer(weights.T.contiguous(), d=d)
    return GranuleLayer(weights, torch.from_numpy(below(seed + 1, m * k, d)).view(m, k), d=d)


def shared_cerebellum(
    *, d: int, m: int, k: int, beta: float | None, classes: int = 10, seed: int = 0
) -> Cerebellum:
    """A new cerebellum on a :func:`shared_layer`, in evaluation mode.

    Raises:
        ValueError: see :func:`shared_layer` and :class:`Cerebellum`.
    """
    generator = torch.Generator().manual_seed(seed)
    # Each layer takes two seeds, one for weights and one for inputs; those of small k do not meet.
    layer = shared_layer(d, m, k, 1000 * seed + 10 * k)
    return Cerebellum(layer, beta=beta, classes=classes, generator=generator).eval()
