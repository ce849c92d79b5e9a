"""Data-based normalisation: how much a layer's pulls are scaled before it spikes."""

import torch
from torch import Tensor

from helpers.checks import check_images
from helpers.sleep.network import SleepNetwork


@torch.no_grad()
def data_based_gains(
    network: SleepNetwork, images: Tensor, *, batch: int = 1000
) -> tuple[float, ...]:
    """The factor on the pulls of each layer (Diehl et al. 2015, as the original's toolbox has it).

    A layer is divided by the larger of its largest weight and its largest activity on `images`,
    relative to what the layer before was divided by. The toolbox remembers of the layer before the
    factor that was applied, not the largest value; so does this.

    Args:
        network: in evaluation mode; units that it would leave out even then are not.
        images: (n, ...) in [0, 1].
        batch: images at a time; it does not change the result.

    Raises:
        ValueError: no images, or not in [0, 1]; the network is in training mode, or a layer has
            neither a weight nor an activity above 0.
    """
    check_images(images)
    if len(images) == 0:
        raise ValueError("images are none; there may be one or more")
    network = network.whole()  # else the factors would be random
    largest = torch.stack(
        [
            torch.stack([activity.max() for activity in network.activations(part)])
            for part in images.split(batch)
        ]
    ).amax(0)
    gains, previous = [], 1.0
    for number, weight in enumerate(network.weights):
        scale = max(weight.max().item(), largest[number].item(), 0.0)
        if scale == 0:
            raise ValueError(
                f"layer {number} has no weight and no activity above 0; the network may be a "
                "trained one"
            )
        previous = scale / previous
        gains.append(1 / previous)
    return tuple(gains)
