"""The model under examination, and which images each attack leaves right."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from helpers.attacks import Model, named_attack
from helpers.evaluation.interval import wilson


@dataclass(frozen=True)
class Family:
    """The attacks of one norm, by their names in :data:`helpers.attacks.ATTACKS`.

    Attributes:
        one, many: the attack with a single step, and with many; with the options of `one`.
        library: the same attack from another library, on cross-entropy; None where there is none.
        black_box: an attack that sees scores, not gradients.
        automatic: AutoAttack.
        anywhere: a radius that holds every image, by the number of pixels.
    """

    one: str
    one_options: dict[str, Any]
    many: str
    library: str | None
    black_box: str
    automatic: str
    anywhere: Callable[[int], float]


FAMILIES = {
    "linf": Family(
        "fgsm", {}, "pgd", "foolbox_pgd", "square_linf", "autoattack_linf", lambda pixels: 1.0
    ),
    "l2": Family(
        "pgd_adam_l2",
        {"steps": 1, "random_start": False},
        "pgd_adam_l2",
        None,
        "square_l2",
        "autoattack_l2",
        lambda pixels: pixels**0.5,
    ),
}


@dataclass
class Case:
    """What the lines look at.

    Attributes:
        model: maps images to scores.
        images, labels: (n, ...) in [0, 1] and (n,).
        eps, norm: the ball of the claim.
        loss: the loss that the claim's attack climbs.
        few: the number of images for dear attacks, the first ones.
        batch: images attacked at a time.
        say: takes a line on what is going on.
        left: percent right and number of images by the name of an attack, filled in as they run.
    """

    model: Model
    images: Tensor
    labels: Tensor
    eps: float
    norm: str
    loss: str
    few: int
    batch: int = 250
    say: Callable[[str], None] = lambda line: None
    left: dict[str, tuple[float, int]] = field(default_factory=dict)

    @property
    def family(self) -> Family:
        """The attacks of the case's norm."""
        return FAMILIES[self.norm]

    def right(
        self,
        name: str,
        attack: str,
        *,
        eps: float | None = None,
        few: bool = False,
        model: Model | None = None,
        **options: Any,
    ) -> Tensor:
        """Which of the first images (n,) bool are still answered right.

        Args:
            name: how `left` calls the result.
            attack: its name in the table of attacks.
            eps: another radius than the claim's.
            few: only the first `few` images.
            model: what is attacked; the case's model answers in the end.
            options: the attack's own.
        """
        self.say(name)
        count = self.few if few else len(self.images)
        run, target = named_attack(attack), self.model if model is None else model
        found = []
        for start in range(0, count, self.batch):
            part = slice(start, min(start + self.batch, count))
            x, y = self.images[part], self.labels[part]
            made = run(target, x, y, self.eps if eps is None else eps, **options)
            with torch.no_grad():
                found.append(self.model(made.images).argmax(1) == y)
        right = torch.cat(found)
        self.left[name] = (100 * right.double().mean().item(), count)
        return right


def share(right: Tensor) -> str:
    """Percent right with its Wilson interval, as text."""
    found = wilson(int(right.sum()), len(right))
    return f"{found.value:.1f} % ({found.low:.1f} to {found.high:.1f})"
