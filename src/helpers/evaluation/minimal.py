"""The smallest perturbation that any attack finds, image by image (Schott et al. 2018).

What Li et al. 2019 report: each attack runs several times with each of its settings, and each image
keeps the smallest of all perturbations that change its class.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from helpers.attacks.norms import NORMS, size
from helpers.attacks.requests import check_budget
from helpers.attacks.result import Model, check_request, check_scores
from helpers.attacks.table import named_attack
from helpers.checks import check_count
from helpers.evaluation.checkpoint import Checkpoint
from helpers.evaluation.smallest import WITHOUT_ATTACK, MinimalNorms


@dataclass(frozen=True)
class Try:
    """One attack with one choice of its hyper-parameters.

    Attributes:
        attack: a name from :data:`helpers.attacks.ATTACKS`.
        eps: the budget of an attack that has one. The perturbation counts with its own size, which
            can be smaller.
        options: the attack's options: numbers, texts and truth values, all of Python's own types.
    """

    attack: str
    eps: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_budget(self.attack, named_attack(self.attack).kind, self.eps)
        for name, value in self.options.items():
            if not isinstance(value, str | float | int | bool | None):
                raise ValueError(
                    f"option {name} of {self.attack} is {value!r}; "
                    "it may be an int, a float, a text or a truth value of Python's"
                )

    def __str__(self) -> str:
        given = ({} if self.eps is None else {"eps": self.eps}) | dict(self.options)
        return " ".join([self.attack, *(f"{name}={value}" for name, value in given.items())])


def grid(attack: str, **choices: Iterable[Any]) -> tuple[Try, ...]:
    """Every combination of hyper-parameters: ``grid("pgd", eps=[.1, .2], steps=[10, 50])``.

    Raises:
        ValueError: the attack is unknown, or a budget is missing, wrong or one too many.
    """
    chosen = [
        dict(zip(choices, each, strict=True)) for each in itertools.product(*choices.values())
    ]
    return tuple(Try(attack, options.pop("eps", None), options) for options in chosen)


def minimal_norms(
    model: Model,
    images: Tensor,
    labels: Tensor,
    tries: Sequence[Try],
    *,
    repetitions: int = 1,
    batch: int = 100,
    seed: int = 0,
    checkpoint: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> MinimalNorms:
    """The smallest perturbation of every image over all tries and repetitions, in all four norms.

    Whatever an attack finds counts in every norm, also in those it does not minimise. An image that
    is misclassified without an attack has the size 0, one that no attack breaks infinity.

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
        images: (n, ...) in [0, 1].
        labels: (n,).
        tries: attacks with their settings.
        repetitions: runs of each try, with different random numbers.
        batch: images attacked at a time; with `seed` it decides the random numbers.
        checkpoint: a ``.npz`` file that is written after every batch. Where it exists already and
            belongs to this very request, its batches are not attacked again.
        progress: called after every attack on a batch with the number done and the number in all.

    Raises:
        ValueError: see :func:`helpers.attacks.check_request`; no tries; `repetitions` or `batch`
            below 1; the checkpoint is torn or belongs to another request; what an attack refuses.
    """
    check_count("repetitions", repetitions, 1)
    check_count("batch", batch, 1)
    check_count("seed", seed, 0)
    check_count("number of tries", len(tries), 1)
    check_request(model, images, labels)
    smallest = MinimalNorms.nothing_found(len(images), tuple(str(each) for each in tries))
    file, done = None, 0
    if checkpoint is not None:
        settings = [[each.attack, each.eps, dict(each.options)] for each in tries]
        request = json.dumps([settings, repetitions, batch, seed], sort_keys=True)
        file = Checkpoint(checkpoint, model, images, labels, request)
        done = file.load(smallest)
    runs = [(t, r) for t in range(len(tries)) for r in range(repetitions)]
    batches = range(0, len(images), batch)
    for number, start in enumerate(batches):
        place = slice(start, start + batch)
        x, y = images[place], labels[place]
        wrong = _misclassified(model, x, y)
        for step, (t, repetition) in enumerate(runs, start=1):
            if number >= done and not wrong.all():
                found, sizes = _attack(
                    tries[t], model, x[~wrong], y[~wrong], (seed, number, t, repetition)
                )
                rows = start + np.flatnonzero(~wrong.cpu().numpy())
                smallest.offer(rows[found], {norm: sizes[norm][found] for norm in NORMS}, t)
            if progress is not None:
                progress(number * len(runs) + step, len(batches) * len(runs))
        if number >= done:
            rows = start + np.flatnonzero(wrong.cpu().numpy())
            smallest.offer(rows, dict.fromkeys(NORMS, np.zeros(len(rows))), WITHOUT_ATTACK)
            if file is not None:
                file.save(smallest, number + 1)
    return smallest


def _attack(
    attempt: Try, model: Model, images: Tensor, labels: Tensor, seeds: tuple[int, ...]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Whether each image was broken (n,), and the size of its perturbation in every norm (n,)."""
    result = named_attack(attempt.attack)(
        model,
        images,
        labels,
        attempt.eps,
        seed=int(np.random.SeedSequence(seeds).generate_state(1)[0]),
        **attempt.options,
    )
    perturbation = result.images.double() - images.double()
    sizes: dict[str, np.ndarray] = {norm: size(perturbation, norm).cpu().numpy() for norm in NORMS}
    return result.success.cpu().numpy(), sizes


@torch.no_grad()
def _misclassified(model: Model, images: Tensor, labels: Tensor) -> Tensor:
    return check_scores(model(images)).argmax(1) != labels
