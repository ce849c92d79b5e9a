"""Accuracy of a model on adversarial images, and the names that metrics have for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from helpers.attacks.fgsm import fgsm
from helpers.attacks.losses import LOSSES
from helpers.attacks.pgd import pgd
from helpers.attacks.result import AttackResult, Model
from helpers.checks import check_choice, check_count, check_eps, check_positive
from helpers.evaluation.metric_numbers import NUMBER, read_number


@dataclass(frozen=True)
class AttackSetting:
    """An attack as the name of a metric has it, such as ``pgd_mse_0.1_step0.01``.

    Attributes:
        attack: "fgsm" or "pgd".
        loss: the loss it climbs.
        eps: radius of the L-infinity ball in pixel values.
        step: PGD's step in pixel values.
        steps: PGD's number of steps.
        restarts: PGD's number of random starts.
        worst: whether every iterate counts, not only the final one.
    """

    attack: str
    loss: str
    eps: float
    step: float = 0.01
    steps: int = 40
    restarts: int = 1
    worst: bool = False

    def __post_init__(self) -> None:
        check_choice("attack", self.attack, ("fgsm", "pgd"))
        check_choice("loss", self.loss, tuple(LOSSES))
        check_eps(self.eps)
        check_positive("step", self.step)
        check_count("steps", self.steps, 1)
        check_count("restarts", self.restarts, 1)

    @classmethod
    def parse(cls, metric: str) -> "AttackSetting":
        """Read a metric's name: attack, loss, eps, then the settings that are not the default.

        Raises:
            ValueError: `metric` is not the name of an attacked accuracy.
        """
        found = re.fullmatch(
            rf"(?P<attack>fgsm|pgd)_(?P<loss>{'|'.join(LOSSES)})_(?P<eps>{NUMBER})"
            rf"(?P<pgd>(_step(?P<step>{NUMBER}))?(_steps(?P<steps>\d+))?"
            r"(_restarts(?P<restarts>\d+))?(?P<worst>_worst)?)",
            metric,
        )
        if found is None or (found["attack"] == "fgsm" and found["pgd"]):
            raise ValueError(
                f"metric is {metric!r}; it may be fgsm_loss_eps or "
                "pgd_loss_eps[_stepS][_stepsN][_restartsR][_worst], "
                "for instance pgd_mse_0.1 or fgsm_mse_2/255"
            )
        chosen = {name: text for name, text in found.groupdict().items() if text is not None}
        return cls(
            chosen["attack"],
            chosen["loss"],
            read_number(chosen["eps"]),
            read_number(chosen["step"]) if "step" in chosen else cls.step,
            int(chosen.get("steps", cls.steps)),
            int(chosen.get("restarts", cls.restarts)),
            "worst" in chosen,
        )

    def run(
        self, model: Model, images: Tensor, labels: Tensor, generator: torch.Generator
    ) -> AttackResult:
        """Attack `model` once; `generator` decides the random starts."""
        if self.attack == "fgsm":
            return fgsm(model, images, labels, self.eps, loss=self.loss)
        return pgd(
            model,
            images,
            labels,
            self.eps,
            step=self.step,
            steps=self.steps,
            loss=self.loss,
            restarts=self.restarts,
            worst=self.worst,
            generator=generator,
        )


def attacked(
    setting: AttackSetting,
    model: Model,
    images: Tensor,
    labels: Tensor,
    *,
    batch: int = 250,
    seed: int = 0,
) -> Iterator[AttackResult]:
    """The attack's result on one batch after another; see :func:`accuracy_under`.

    Raises:
        ValueError: with the first result that is asked for, as :func:`accuracy_under` does.
    """
    check_count("batch", batch, 1)
    check_count("number of images", len(images), 1)
    if labels.shape != (len(images),):  # else batches of the two would not belong together
        raise ValueError(f"labels have shape {tuple(labels.shape)}; it may be ({len(images)},)")
    generator = torch.Generator().manual_seed(seed)
    for x, y in zip(images.split(batch), labels.split(batch), strict=True):
        yield setting.run(model, x, y, generator)


def accuracy_under(
    setting: AttackSetting,
    model: Model,
    images: Tensor,
    labels: Tensor,
    *,
    batch: int = 250,
    seed: int = 0,
) -> float:
    """Percent of images that are classified correctly as the attack leaves them.

    An image that is wrong before the attack and right after it counts as right.

    Args:
        images: (n, ...) in [0, 1].
        labels: (n,).
        batch: images attacked at a time; with PGD it also decides which random numbers an image
            gets, so a number is reproduced with the same `batch` and `seed`.

    Raises:
        ValueError: no images; `batch` below 1; whatever the attack refuses.
    """
    results = attacked(setting, model, images, labels, batch=batch, seed=seed)
    fooled = sum(int(result.success.sum()) for result in results)
    return 100 * (1 - fooled / len(images))
