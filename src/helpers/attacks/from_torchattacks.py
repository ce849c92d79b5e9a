"""Attacks of torchattacks (Kim 2020)."""

from typing import Any

import torch
from torch import Tensor

from helpers.attacks.requests import check_options
from helpers.attacks.sandbox import Search
from helpers.attacks.shield import Shield
from helpers.checks import check_count, check_positive


def jsma(*, rank: int = 1, **options: Any) -> Search:
    """The saliency-map attack (Papernot et al. 2016) towards the `rank`-th most likely wrong class.

    The attack cannot do without a target. Torchattacks' own is ``(labels + 1) % 10``, whatever the
    number of classes.
    """
    import torchattacks

    check_options("jsma_l0", options, ("theta", "gamma", "rank"))
    check_count("rank", rank, 1)

    def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        with torch.no_grad():
            others = model(images).scatter(1, labels[:, None], float("-inf"))
        check_count("rank", rank, 1, others.shape[1] - 1)
        attack = torchattacks.JSMA(model, **options)
        attack.set_mode_targeted_by_label(quiet=True)
        found: Tensor = attack(images, others.argsort(1, descending=True)[:, rank - 1])
        return found

    return search


def sparsefool(**options: Any) -> Search:
    """SparseFool (Modas, Moosavi-Dezfooli and Frossard 2019)."""
    import torchattacks

    check_options("sparsefool_l0", options, ("steps", "lam", "overshoot"))

    def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        found: Tensor = torchattacks.SparseFool(model, **options)(images, labels)
        return found

    return search


def pgd(*, step: float | None = None, steps: int = 40, random_start: bool = True) -> Search:
    """Torchattacks' PGD on the cross-entropy, to compare ours with.

    Args:
        step: size of a step, in pixel values; ``2.5 eps / steps`` when not given.
        steps: number of steps.
        random_start: begin at a random point of the ball rather than at the image.
    """
    import torchattacks

    check_count("steps", steps, 1)
    if step is not None:
        check_positive("step", step)

    def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
        assert eps is not None
        size = 2.5 * eps / steps if step is None else step
        attack = torchattacks.PGD(
            model, eps=eps, alpha=size, steps=steps, random_start=random_start
        )
        found: Tensor = attack(images, labels)
        return found

    return search
