"""Adversarial training in one step (Wong, Rice and Kolter 2020)."""

import torch
from torch import Tensor, nn

from helpers.attacks.losses import cross_entropy, input_gradient
from helpers.attacks.pgd import uniform_start
from helpers.checks import check_eps
from helpers.training.classifier import Prepare


def fast_adversarial(eps: float) -> Prepare:
    """What :func:`train_classifier` does to each batch: one signed step from a random start.

    The step is 1.25 eps, projected on the L-infinity ball of radius `eps` and on [0, 1]; the model
    then learns from these images instead of the clean ones. The gradient is taken in evaluation
    mode, so that running statistics follow the images that are learnt; afterwards every part of the
    model is in the mode it was in.

    Raises:
        ValueError: `eps` is negative, NaN or infinite. Perturbing raises it where the gradient is
            NaN or infinite.
    """
    check_eps(eps)

    def perturb(
        model: nn.Module, images: Tensor, labels: Tensor, generator: torch.Generator
    ) -> Tensor:
        # Part by part: a part may be kept in evaluation mode while others learn.
        modes = [(part, part.training) for part in model.modules()]
        start = uniform_start(images, eps, generator)
        try:
            model.eval()
            gradient, _ = input_gradient(model, cross_entropy, start, labels)
        finally:
            for part, mode in modes:
                part.training = mode
        moved = start + 1.25 * eps * gradient.sign()
        return moved.clamp(images - eps, images + eps).clamp(0, 1)

    return perturb
