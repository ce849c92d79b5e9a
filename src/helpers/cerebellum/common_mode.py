"""The common mode of a readout: what all classes share, and no decision depends on."""

from copy import deepcopy

import torch
from torch import Tensor

from helpers.cerebellum import fused
from helpers.cerebellum.granule import GranuleLayer
from helpers.cerebellum.model import Cerebellum
from helpers.checks import check_count


def common_mode(W: Tensor) -> Tensor:
    """The mean synapse of each granule cell over the classes: (m,) from a readout W (m, c).

    Raises:
        ValueError: `W` is not (m, c) with two or more classes.
    """
    if W.ndim != 2 or W.shape[1] < 2:
        raise ValueError(f"W has shape {tuple(W.shape)}; it may be (m, c) with c of 2 or more")
    return W.mean(1)


def common_share(W: Tensor) -> float:
    """Percent of the readout's energy in its common mode: 100 c |w_mean|^2 / |W|^2.

    A readout of independent random synapses has about 100 / c.

    Raises:
        ValueError: `W` is not (m, c), or is all zero.
    """
    energy = W.square().sum().item()
    if energy == 0:
        raise ValueError("W is all zero; it may have some synapse that is not")
    return 100 * W.shape[1] * common_mode(W).square().sum().item() / energy


def centred(model: Cerebellum) -> Cerebellum:
    """A copy of `model` without the common mode of its readout.

    Every output moves by the same number, which differs from image to image, so the largest stays
    the largest.
    """
    copy = deepcopy(model)
    copy.W.sub_(common_mode(copy.W)[:, None])
    return copy


@torch.no_grad()
def mean_activity(granule: GranuleLayer, images: Tensor, batch: int = 100) -> Tensor:
    """The exact mean (m,) of the granule activity over `images` (n, d), summed in float64.

    Raises:
        ValueError: there are no images, or they are not (n, d); `batch` is below 1.
    """
    check_count("batch", batch, 1)
    check_count("number of images", len(images), 1)
    granule.check(images)
    activity = fused.Activity(granule)
    total = torch.zeros(granule.m, dtype=torch.float64, device=images.device)
    for x in images.split(batch):
        total += activity(x).sum(0, dtype=torch.float64)
    return (total / len(images)).to(granule.weights.dtype)
