"""Accuracy on clean images."""

import torch
from torch import Tensor, nn

from helpers.attacks.result import check_scores
from helpers.checks import check_count, check_labels, check_same_device


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor, batch: int = 500) -> float:
    """Percent of `images` (n, ...) that `model` puts in the class of `labels` (n,).

    Raises:
        ValueError: there are no images, not as many labels, a label is no whole number or no
            class of the model, `batch` is below 1, tensors are on different devices, the model is
            in training mode, or a score is NaN or infinite.
    """
    check_count("number of images", len(images), 1)
    check_same_device(images=images, labels=labels)
    if labels.shape != (len(images),):
        raise ValueError(f"labels have shape {tuple(labels.shape)}; it may be ({len(images)},)")
    if model.training:
        raise ValueError("model is in training mode; it may be in evaluation mode (model.eval())")
    check_count("batch", batch, 1)
    right = 0
    for x, y in zip(images.split(batch), labels.split(batch), strict=True):
        scores = check_scores(model(x))
        check_labels(y, len(y), scores.shape[1])
        right += int((scores.argmax(1) == y).sum())
    return 100 * right / len(images)
