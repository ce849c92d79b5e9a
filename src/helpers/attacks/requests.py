"""Checks of what an attack of the table is asked to do, beyond those of the attacks themselves."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from helpers.attacks.result import Model, check_request
from helpers.checks import check_eps


def check_options(name: str, options: Mapping[str, object], known: Iterable[str]) -> None:
    """Refuse an option that the attack `name` does not have.

    Raises:
        ValueError: an option is not among `known`.
    """
    allowed = sorted(known)
    for option in options:
        if option not in allowed:
            raise ValueError(
                f"options of {name} hold {option!r}; they may be {', '.join(allowed) or 'none'}"
            )


def check_budget(name: str, kind: str, eps: float | None) -> None:
    """Refuse a budget for an attack that takes none, and none for one that needs it.

    Raises:
        ValueError: `eps` is given to a "minimal" attack; it is missing, negative, NaN or infinite
            for a "fixed" one.
    """
    if kind == "minimal":
        if eps is not None:
            raise ValueError(
                f"eps is {eps} for {name}, which looks for the smallest perturbation; "
                "it may be None there"
            )
        return
    if eps is None:
        raise ValueError(f"eps is None for {name}; it may be a finite number that is not negative")
    check_eps(eps)


def check_model(model: Model, images: Tensor, labels: Tensor, *, needs_gradient: bool) -> None:
    """Refuse what no attack can work on, and parts of a model that would change while attacked.

    Raises:
        ValueError: see :func:`helpers.attacks.check_request`; a part of the model that keeps
            statistics is in training mode; there is no gradient where one is needed.
    """
    if isinstance(model, nn.Module) and not model.training:
        for name, part in model.named_modules():
            # Dropout may stay on (one paper's network is like that), a running mean may not move.
            if part.training and next(part.buffers(recurse=False), None) is not None:
                raise ValueError(
                    f"model's part {name!r} is in training mode and keeps statistics; "
                    "it may be in evaluation mode"
                )
    check_request(model, images, labels)
    if needs_gradient:
        with torch.enable_grad():
            scores = model(images[:1].detach().requires_grad_())
        if not scores.requires_grad:
            raise ValueError(
                "model gives no gradient for the images; it may be differentiable, or the attack "
                "one that needs no gradient"
            )
