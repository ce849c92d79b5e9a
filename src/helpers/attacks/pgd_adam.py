"""Projected gradient descent whose steps are Adam's (Uesato et al. 2018; Kingma and Ba 2014)."""

import torch
from torch import Tensor

from helpers.attacks.losses import input_gradient, named_loss
from helpers.attacks.norms import per_image, project, size
from helpers.attacks.pgd import uniform_start
from helpers.attacks.result import AttackResult, Model, check_request, succeeded
from helpers.checks import check_choice, check_count, check_eps, check_positive

#: Adam's decay rates and the number that keeps its division finite (Kingma and Ba 2014, alg. 1).
BETA_1, BETA_2, TINY = 0.9, 0.999, 1e-8


def pgd_adam(
    model: Model,
    images: Tensor,
    labels: Tensor,
    eps: float,
    *,
    norm: str = "linf",
    step: float | None = None,
    steps: int = 40,
    loss: str = "mse",
    targets: Tensor | None = None,
    random_start: bool = True,
    generator: torch.Generator | None = None,
) -> AttackResult:
    """Adam on the input, each step projected on the ball of radius `eps` and on [0, 1].

    Adam divides a running mean of each pixel's gradient by its running root mean square: like sign
    steps it moves a pixel with a small but steady gradient as far as any other, and unlike them it
    moves a pixel less whose gradient keeps changing sign. The final iterate counts.

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
        images: (n, ...) in [0, 1].
        labels: (n,) true classes.
        eps: radius of the ball, in pixel values.
        norm: "linf" or "l2".
        step: Adam's learning rate, in pixel values; when not given ``2.5 eps / steps``, in L2
            divided by the root of the number of pixels, so that a whole step is that long.
        steps: number of steps.
        loss: "mse", "cross_entropy" or "margin".
        targets: (n,) classes to reach; without them any wrong class will do.
        random_start: begin at a random point of the ball rather than at the image.
        generator: a CPU generator that decides the start; a new one with seed 0 when not given.

    Raises:
        ValueError: see :func:`helpers.attacks.check_request`; `eps` is negative, NaN or infinite;
            `step` is not above 0; `steps` is below 1; `norm` or `loss` is unknown.
    """
    check_eps(eps)
    check_choice("norm", norm, ("l2", "linf"))
    check_count("steps", steps, 1)
    if step is not None:
        check_positive("step", step)
    climb = named_loss(loss)
    check_request(model, images, labels, targets)
    if generator is None:
        generator = torch.Generator().manual_seed(0)
    if step is None:
        step = 2.5 * eps / steps / (images[0].numel() ** 0.5 if norm == "l2" else 1)
    aim, sign = (labels, 1.0) if targets is None else (targets, -1.0)

    x = images
    if random_start:
        x = (
            uniform_start(images, eps, generator)
            if norm == "linf"
            else _in_l2(images, eps, generator)
        )
    mean, square = torch.zeros_like(images), torch.zeros_like(images)
    for t in range(1, steps + 1):
        gradient, _ = input_gradient(model, climb, x, aim)
        mean.lerp_(gradient, 1 - BETA_1)
        square.lerp_(gradient.square(), 1 - BETA_2)
        scale = (square / (1 - BETA_2**t)).sqrt() + TINY
        x = project(x + sign * step * mean / (1 - BETA_1**t) / scale, images, eps, norm)
    with torch.no_grad():
        success = succeeded(model(x), labels, targets)
    return AttackResult(x, size(x - images, norm), success)


def _in_l2(images: Tensor, eps: float, generator: torch.Generator) -> Tensor:
    """A point drawn evenly from the L2 ball around each image, clipped to [0, 1]."""
    direction = torch.randn(images.shape, generator=generator, dtype=images.dtype)
    # The share of the ball's volume within radius r is r**pixels.
    share = torch.rand(len(images), generator=generator, dtype=images.dtype)
    radius = eps * share ** (1 / images[0].numel())
    start = direction * per_image(radius / size(direction, "l2"), images)
    return (images + start.to(images.device)).clamp(0, 1)
