"""The check-up: the things that must be true of a real claim of robustness, in one call."""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from helpers.attacks import LOSSES, Model, check_request
from helpers.attacks.from_pyautoattack import check_classes, check_squares
from helpers.attacks.result import check_scores
from helpers.checks import check_choice, check_count, check_positive
from helpers.evaluation.checkup import lines
from helpers.evaluation.checkup.case import FAMILIES, Case
from helpers.evaluation.checkup.gradients import look
from helpers.evaluation.checkup.line import Checkup


def checkup(
    model: Model,
    images: Tensor,
    labels: Tensor,
    eps: float,
    norm: str = "linf",
    *,
    loss: str = "cross_entropy",
    surrogate: Model | None = None,
    few: int = 200,
    steps: int = 40,
    queries: int = 1_000,
    autoattack: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> Checkup:
    """Check whether the accuracy of `model` under attack says anything about its robustness.

    The claim under examination is the accuracy under projected gradient descent on `loss`, with a
    random start and a step of 2.5 eps / steps, the final iterate. Each line is something that must
    be true if that attack is strong; none can prove that the model is.

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode. Nothing about
            it changes.
        images: (n, channels, h, w) in [0, 1]; a thousand or more for intervals of a few percent. In
            "l2" h and w are equal and such that squares of a fifth fit, as in 28, 32 or 64.
        labels: (n,).
        eps: radius of the ball, above 0, in pixel values.
        norm: "linf" or "l2".
        loss: what the claim's attack climbs: "mse", "cross_entropy" or "margin".
        surrogate: another model for the same task, for attacks that know nothing of `model`.
        few: number of images for the dear attacks.
        steps: steps of the claim's attack.
        queries: of the attack that sees no gradients, for each image.
        autoattack: whether to run AutoAttack in the end; it takes longest.
        say: takes the name of each attack as it starts.

    Raises:
        ValueError: the model is in training mode, or returns NaN or anything but (n, classes);
            images are not in [0, 1] or not of such a shape; labels are out of range; AutoAttack is
            to run and the model has fewer than four classes; `eps` is not a finite number above 0
            or so large that the ball holds every image; `norm` or `loss` is unknown; `few`,
            `steps` or `queries` is below 1. All this comes before the first attack.
    """
    check_positive("eps", eps)
    check_choice("norm", norm, tuple(FAMILIES))
    check_choice("loss", loss, tuple(LOSSES))
    check_count("few", few, 1)
    check_count("steps", steps, 1)
    check_count("queries", queries, 1)
    check_request(model, images, labels)
    check_squares(images, norm)
    anywhere = FAMILIES[norm].anywhere(images[0].numel())
    if eps >= anywhere:
        raise ValueError(
            f"eps is {eps}; it may be below {anywhere:.4g}, from where on the ball of every image "
            "holds all others: pixels are from 0 to 1, so that 8 gray levels are 8 / 255"
        )
    start = time.perf_counter()
    case = Case(model, images, labels, eps, norm, loss, min(few, len(images)), say=say)
    outputs = _outputs(case)
    if autoattack:
        check_classes("autoattack", outputs.shape[1])
    options: dict[str, Any] = {"loss": loss, "steps": steps}
    claim = case.right("claim", case.family.many, **options)
    some, some_labels = images[: case.few], labels[: case.few]
    found = look(model, some, some_labels, eps, loss, norm)
    seen = [
        lines.scores(outputs),
        lines.repeatable(model, some),
        lines.clean(outputs.argmax(1) == labels, outputs.shape[1]),
        lines.single_step(case, claim),
        lines.alive(found, case.few),
        lines.rising(found, loss),
        lines.scale(case, claim, found, options),
        lines.unbounded(case, steps),
        lines.doubled(case, claim, steps),
        lines.restarted(case, claim, options),
        lines.other_losses(case, claim, steps),
        lines.transferred(case, claim, surrogate, steps),
        lines.black_box(case, claim, queries),
        lines.other_library(case, steps),
    ]
    if autoattack:
        seen.append(lines.automatic(case, claim))
    left = dict(case.left)
    left.pop("no bound")  # of another radius
    seconds = time.perf_counter() - start
    return Checkup(tuple(seen), eps, norm, loss, len(images), seconds, left)


@torch.no_grad()
def _outputs(case: Case) -> Tensor:
    """Scores of the clean images (n, classes).

    Raises:
        ValueError: a score is NaN or infinite.
    """
    return check_scores(torch.cat([case.model(x) for x in case.images.split(case.batch)]))
