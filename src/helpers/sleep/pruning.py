"""Taking cells of the first hidden layer out of a network, chosen by a sleep or without one."""

import copy

import torch
from torch import Tensor

from helpers.checks import check_count
from helpers.sleep.network import SleepNetwork


def changed_cells(before: SleepNetwork, after: SleepNetwork) -> Tensor:
    """Which cells of the first hidden layer (cells,) bool have other weights after than before.

    Raises:
        ValueError: the two networks have different sizes.
    """
    if before.sizes != after.sizes:
        raise ValueError(f"after has sizes {after.sizes}; it may have {before.sizes}, as before")
    return (before.weights[0] != after.weights[0]).any(1)


@torch.no_grad()
def most_active_cells(network: SleepNetwork, images: Tensor, count: int) -> Tensor:
    """Which cells (cells,) bool of the first hidden layer have the largest mean activity.

    Args:
        network: in evaluation mode.
        images: (n, ...) in [0, 1] over which the mean is taken.
        count: number of cells.

    Raises:
        ValueError: there are no images, or not so many cells; the network is in training mode.
    """
    check_count("number of images", len(images), 1)
    check_count("count", count, 0, network.sizes[1])
    steady = network.whole()
    total = sum(steady.activations(part)[0].sum(0) for part in images.split(1000))
    assert isinstance(total, Tensor)
    found = torch.zeros(network.sizes[1], dtype=torch.bool, device=total.device)
    found[total.argsort(descending=True)[:count]] = True
    return found


def pruned(network: SleepNetwork, cells: Tensor) -> SleepNetwork:
    """A copy of `network` in which `cells` (cells,) bool of the first hidden layer are silent.

    Raises:
        ValueError: `cells` is not bool, or there are not as many.
    """
    if cells.dtype != torch.bool or cells.shape != (network.sizes[1],):
        raise ValueError(
            f"cells are {cells.dtype} of shape {tuple(cells.shape)}; "
            f"they may be bool of shape ({network.sizes[1]},)"
        )
    found = copy.deepcopy(network)
    found.layers[0].weight.data[cells] = 0
    if found.layers[0].bias is not None:
        found.layers[0].bias.data[cells] = 0
    return found.eval()
