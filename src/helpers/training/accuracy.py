"""Accuracy on clean images."""

import torch
from torch import Tensor, nn

from helpers.checks import check_count


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor, batch: int = 500) -> float:
    """Percent of `images` (n, ...) that `model` puts in the class of `labels` (n,).

    Raises:
        ValueError: there are no images, or `batch` is below 1.
    """
    check_count("number of images", len(images), 1)
    check_count("batch", batch, 1)
    right = sum(
        int((model(x).argmax(1) == y).sum())
        for x, y in zip(images.split(batch), labels.split(batch), strict=True)
    )
    return 100 * right / len(images)
