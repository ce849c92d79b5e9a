"""How alike a network finds images: equations 9 and 10 for every pair of them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from helpers.data import as_float
from helpers.models.blurred import Blurred
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.similarity import similarity_matrix


@torch.no_grad()
def network_similarity(
    network: GrayResNet | Blurred, gamma: Sequence[float], images: Tensor
) -> Tensor:
    """The similarities of all pairs of images to a network that has learnt.

    While it learns, the mean over a batch stands for the mean over all images
    (:func:`helpers.neural_similarity.loss.pair_similarities`); here it is over all that are given.

    Args:
        network: in evaluation mode.
        gamma: the weight of each of its layers, with sum 1.
        images: (n, 1, h, w) uint8.

    Returns:
        (n, n) float64, in [-1, 1].

    Raises:
        ValueError: `gamma` is no weight for each of the network's layers, with sum 1; `network`
            is in training mode; `images` are not (n, 1, h, w) uint8, or too few.
    """
    if network.training:
        raise ValueError("network is in training mode; it may be in evaluation mode (.eval())")
    maps = network.features(as_float(images))
    layers = len(maps)
    if len(gamma) != layers or not (min(gamma) >= 0 and abs(sum(gamma) - 1) <= 1e-3):
        raise ValueError(
            f"gamma is {list(gamma)}; it may be {layers} weights from 0 on, with sum 1"
        )
    found = torch.zeros(len(images), len(images), dtype=torch.float64, device=images.device)
    for weight, layer in zip(gamma, maps, strict=True):
        found += weight / sum(gamma) * similarity_matrix(layer.double())
    return found
