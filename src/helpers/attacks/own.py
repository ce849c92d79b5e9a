"""The book's own attacks in the form in which the table has other people's."""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from helpers.attacks.requests import check_options
from helpers.attacks.result import AttackResult
from helpers.attacks.sandbox import Search
from helpers.attacks.shield import Shield


def own(attack: Callable[..., AttackResult], **given: Any) -> Callable[..., Search]:
    """An attack of this package, untargeted, its start drawn with the seed of the request."""
    parameters = inspect.signature(attack).parameters
    known = {name for name, each in parameters.items() if each.kind is each.KEYWORD_ONLY}
    known -= {"generator", "targets", *given}

    def options_to_search(**options: Any) -> Search:
        check_options(attack.__name__, options, known)

        def search(model: Shield, images: Tensor, labels: Tensor, eps: float | None) -> Tensor:
            if "generator" in parameters:
                options["generator"] = torch.Generator().manual_seed(torch.initial_seed())
            return attack(model, images, labels, eps, **given, **options).images

        return search

    return options_to_search
