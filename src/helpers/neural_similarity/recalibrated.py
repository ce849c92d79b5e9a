"""The same weights with batch statistics of other images."""

import copy

import torch
from torch import Tensor, nn

from helpers.checks import check_count, check_images


@torch.no_grad()
def recalibrated(model: nn.Module, images: Tensor, *, batch: int = 64) -> nn.Module:
    """A copy of a network whose batch normalisation has the statistics of `images` alone.

    In joint training batches of images and of stimuli go through the same layers. Each batch is
    normalised by itself, but the running statistics, which the network is used with, are a mean
    over both kinds: they fit neither.

    Args:
        model: in evaluation mode, with layers of batch normalisation; not changed.
        images: (n, ...) in [0, 1]; the statistics are the plain mean over their batches.
        batch: images at a time, as in training.

    Raises:
        ValueError: the model is in training mode or has no such layer (``BatchNorm2d``); fewer
            images than `batch`, or not in [0, 1].
    """
    check_images(images)
    check_count("batch", batch, 2)
    check_count("number of images", len(images), batch)
    if model.training:
        raise ValueError("model is in training mode; it may be in evaluation mode")
    model = copy.deepcopy(model)
    layers = [layer for layer in model.modules() if isinstance(layer, nn.BatchNorm2d)]
    if not layers:
        raise ValueError("model has no batch normalisation of maps; it may have a BatchNorm2d")
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # the plain mean over all batches
        layer.train()
    for part in images.split(batch):
        if len(part) == batch:
            model(part)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    return model.eval()
