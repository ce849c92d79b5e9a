"""What every attack takes and gives back."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from helpers.attacks.norms import size
from helpers.checks import check_images, check_labels, check_same_device

#: Anything that maps images (n, ...) in [0, 1] to class scores (n, classes).
Model = Callable[[Tensor], Tensor]


class AttackResult(NamedTuple):
    """Adversarial images and how well they do.

    Attributes:
        images: adversarial images, shaped like the originals, in [0, 1].
        norms: (n,) size of each perturbation in the attack's own norm.
        success: (n,) bool; the prediction for the adversarial image is not the label or, with
            targets, is the target. What it was before the attack does not count, so an image whose
            wrong answer an attack happens to put right is no success.
    """

    images: Tensor
    norms: Tensor
    success: Tensor


def check_request(
    model: Model, images: Tensor, labels: Tensor, targets: Tensor | None = None
) -> None:
    """Refuse what no attack can work on.

    Raises:
        ValueError: the model is in training mode or returns anything but finite scores (n, classes)
            (looked at on the first image); images are not floats in [0, 1]; labels or targets are
            out of range; tensors are on different devices.
    """
    if isinstance(model, nn.Module) and model.training:
        raise ValueError("model is in training mode; it may be in evaluation mode (model.eval())")
    check_images(images)
    named = {"images": images, "labels": labels}
    if targets is not None:
        named["targets"] = targets
    check_same_device(**named)
    if len(images) == 0:
        raise ValueError("images are empty; there may be one or more")
    with torch.no_grad():
        scores = model(images[:1])
    if scores.ndim != 2 or len(scores) != 1 or not scores.isfinite().all():
        raise ValueError(
            f"model returned {tuple(scores.shape)} scores"
            f"{'' if scores.isfinite().all() else ' with NaN or infinity'} for one image; "
            "it may return finite numbers of shape (n, classes)"
        )
    check_labels(labels, len(images), scores.shape[1])
    if targets is not None:
        check_labels(targets, len(images), scores.shape[1], name="targets")


def check_scores(scores: Tensor) -> Tensor:
    """Return `scores` if all are finite: of NaN and infinity the largest is no answer.

    Raises:
        ValueError: a score is NaN or infinite.
    """
    if not scores.isfinite().all():
        raise ValueError("model returned NaN or infinity; every score may be a finite number")
    return scores


def succeeded(scores: Tensor, labels: Tensor, targets: Tensor | None) -> Tensor:
    """Which scores (n, classes) an attack wants (n,): not the label, or the target if there is one.

    Raises:
        ValueError: a score is NaN or infinite.
    """
    predictions = check_scores(scores).argmax(1)
    return predictions != labels if targets is None else predictions == targets


def linf_result(
    scores: Tensor, adversarial: Tensor, images: Tensor, labels: Tensor, targets: Tensor | None
) -> AttackResult:
    """Judge adversarial images by their scores (n, classes); perturbations are in L-infinity.

    Raises:
        ValueError: a score is NaN or infinite.
    """
    success = succeeded(scores, labels, targets)
    return AttackResult(adversarial, size(adversarial - images, "linf"), success)
