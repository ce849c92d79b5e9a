"""The fast gradient sign method (Goodfellow, Shlens and Szegedy 2014)."""

import torch
from torch import Tensor

from helpers.attacks.losses import input_gradient, named_loss
from helpers.attacks.result import AttackResult, Model, check_request, linf_result
from helpers.checks import check_eps


def fgsm(
    model: Model,
    images: Tensor,
    labels: Tensor,
    eps: float,
    *,
    loss: str = "mse",
    targets: Tensor | None = None,
) -> AttackResult:
    """One step of size `eps` along the sign of the gradient, clipped to [0, 1].

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
        images: (n, ...) in [0, 1].
        labels: (n,) true classes.
        eps: radius of the L-infinity ball, in pixel values.
        loss: "mse", "cross_entropy" or "margin".
        targets: (n,) classes to reach; without them any wrong class will do.

    Raises:
        ValueError: see :func:`helpers.attacks.check_request`; `eps` is negative, NaN or infinite;
            `loss` is unknown.
    """
    check_eps(eps)
    climb = named_loss(loss)
    check_request(model, images, labels, targets)
    gradient, _ = input_gradient(model, climb, images, labels if targets is None else targets)
    direction = gradient.sign() if targets is None else -gradient.sign()
    x = (images + eps * direction).clamp(0, 1)
    with torch.no_grad():
        scores = model(x)
    return linf_result(scores, x, images, labels, targets)
