"""Projected gradient descent in the L-infinity ball (Madry et al. 2017)."""

import torch
from torch import Tensor

from helpers.attacks.losses import input_gradient, named_loss
from helpers.attacks.norms import linf_ball, per_image
from helpers.attacks.result import AttackResult, Model, check_request, linf_result
from helpers.checks import check_count, check_eps, check_positive


def uniform_start(images: Tensor, eps: float, generator: torch.Generator) -> Tensor:
    """A point drawn evenly from the L-infinity ball around each image, clipped to [0, 1].

    The numbers are drawn on the CPU in the images' precision, so that a seed means the same start
    on every device.
    """
    noise = torch.rand(images.shape, generator=generator, dtype=images.dtype)
    return (images + eps * (2 * noise.to(images.device) - 1)).clamp(0, 1)


def pgd(
    model: Model,
    images: Tensor,
    labels: Tensor,
    eps: float,
    *,
    step: float | None = None,
    steps: int = 40,
    loss: str = "mse",
    targets: Tensor | None = None,
    random_start: bool = True,
    restarts: int = 1,
    worst: bool = False,
    generator: torch.Generator | None = None,
) -> AttackResult:
    """Signed gradient steps, each projected on the ball of radius `eps` and on [0, 1].

    The final iterate counts, as in the papers, or with `worst` every iterate. Of several an image
    keeps the one that succeeds and, while none does, the one with the highest loss.

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
        images: (n, ...) in [0, 1].
        labels: (n,) true classes.
        eps: radius of the L-infinity ball, in pixel values.
        step: size of a step, in pixel values; ``2.5 eps / steps`` when not given.
        steps: number of steps.
        loss: "mse", "cross_entropy" or "margin".
        targets: (n,) classes to reach; without them any wrong class will do.
        random_start: begin at a random point of the ball rather than at the image.
        restarts: number of tries; more than one needs a random start.
        worst: score every iterate, not only the final one.
        generator: a CPU generator that decides the starts; a new one with seed 0 when not given.

    Raises:
        ValueError: see :func:`helpers.attacks.check_request`; `eps` is negative, NaN or infinite;
            `step` is not above 0; `steps` or `restarts` is below 1; several restarts without a
            random start; `loss` is unknown.
    """
    check_eps(eps)
    check_count("steps", steps, 1)
    check_count("restarts", restarts, 1)
    if step is not None:
        check_positive("step", step)
    if restarts > 1 and not random_start:
        raise ValueError(f"restarts is {restarts} without a random start; it may be 1 then")
    climb = named_loss(loss)
    check_request(model, images, labels, targets)
    if generator is None:
        generator = torch.Generator().manual_seed(0)
    size = 2.5 * eps / steps if step is None else step
    low, high = linf_ball(images, eps)
    aim, sign = (labels, 1.0) if targets is None else (targets, -1.0)

    best: tuple[AttackResult, Tensor] | None = None
    for _ in range(restarts):
        x = uniform_start(images, eps, generator) if random_start else images
        for left in reversed(range(steps)):
            gradient, _ = input_gradient(model, climb, x, aim)
            x = torch.add(x, gradient.sign_(), alpha=sign * size).clamp_(low, high)
            if left and not worst:
                continue
            with torch.no_grad():
                scores = model(x)
                result = linf_result(scores, x, images, labels, targets)
                if restarts == 1 and not worst:
                    return result
                tried = result, sign * climb(scores, aim)
            best = tried if best is None else _better(best, tried)
    assert best is not None
    return best[0]


def _better(
    one: tuple[AttackResult, Tensor], other: tuple[AttackResult, Tensor]
) -> tuple[AttackResult, Tensor]:
    """Image by image the try that succeeds; of two alike the one with the higher loss."""
    (first, first_loss), (second, second_loss) = one, other
    ahead = second.success & ~first.success
    alike = second.success == first.success
    take = ahead | (alike & (second_loss > first_loss))
    chosen = AttackResult(
        torch.where(per_image(take, first.images), second.images, first.images),
        torch.where(take, second.norms, first.norms),
        first.success | second.success,
    )
    return chosen, torch.where(take, second_loss, first_loss)
