"""The similarity of images to a network, and its distance from another (equations 8 to 10)."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from helpers.checks import check_count

#: Similarities are cut here before the inverse hyperbolic tangent, which is infinite at 1: it is
#: then at most 6.1. The successor's code adds as much to its arguments.
LIMIT = 1 - 1e-5
#: No vector counts as shorter, as in :func:`torch.cosine_similarity`.
SHORTEST = 1e-8


def pair_similarities(features: Sequence[Tensor]) -> Tensor:
    """Equation 9: the cosine of the centred features of the two images of each pair, by layer.

    The mean over all images is not known while a network learns; the mean over the images of this
    batch, both of each pair, takes its place, for every feature on its own.

    Args:
        features: of each layer (2 * pairs, ...): first the first images of all pairs, then the
            second ones.

    Returns:
        (layers, pairs) in float32.

    Raises:
        ValueError: no layers, an odd number of images, or one pair only, whose images are each
            other's opposite once they are centred.
    """
    counts = {len(maps) for maps in features}
    if len(counts) != 1 or (n := counts.pop()) % 2 or n < 4:
        raise ValueError(
            f"features are of {[len(maps) for maps in features]} images; they may be of at least "
            "two pairs, and of as many in every layer"
        )
    similarities = []
    for maps in features:
        # Channels lie last in the maps of a training. Flattened in that order nothing is copied,
        # and the gradient comes back in it too: otherwise every layer below would work on two.
        flat = maps.movedim(1, -1).flatten(1).float()
        first, second = (flat - flat.mean(0)).chunk(2)
        similarities.append(_cosines(first, second))
    return torch.stack(similarities)


def _cosines(first: Tensor, second: Tensor) -> Tensor:
    """As :func:`torch.cosine_similarity` along axis 1, with fewer passes over the memory."""
    dot = torch.linalg.vecdot
    lengths = (dot(each, each).clamp_min(SHORTEST**2).sqrt() for each in (first, second))
    return dot(first, second) / math.prod(lengths)


class LayerWeights(nn.Module):
    """Equation 10: one similarity from those of several layers, by weights that are learnt.

    The weights gamma are a softmax of free numbers that start equal.

    Args:
        layers: number of layers.

    Raises:
        ValueError: `layers` is below 1.
    """

    def __init__(self, layers: int = 5) -> None:
        super().__init__()
        self.free = nn.Parameter(torch.zeros(check_count("layers", layers, 1)))

    @property
    def gamma(self) -> Tensor:
        """The weights (layers,), positive, with sum 1."""
        return self.free.softmax(0)

    def forward(self, similarities: Tensor) -> Tensor:
        """Weighted means (pairs,) of similarities (layers, pairs)."""
        return self.gamma @ similarities


def similarity_loss(found: Tensor, wanted: Tensor) -> Tensor:
    """Equation 8: the squared distance of the inverse hyperbolic tangents, the mean over pairs.

    Args:
        found, wanted: (pairs,) in [-1, 1].

    Raises:
        ValueError: different shapes.
    """
    if found.shape != wanted.shape:
        raise ValueError(
            f"found has shape {tuple(found.shape)} and wanted {tuple(wanted.shape)}; they may be "
            "of the same pairs"
        )
    return (_arctanh(found) - _arctanh(wanted)).square().mean()


def _arctanh(similarities: Tensor) -> Tensor:
    return similarities.float().clamp(-LIMIT, LIMIT).arctanh()
