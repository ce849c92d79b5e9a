"""The same budget of tries for every defence, on validation images, and the best on the test set.

The original tuned its sleep, a set of parameters for blur, noise and FGSM and another for the
attacks that look for small perturbations, and says nothing of tuning its rivals. Sleep has more
settings than they have, so equal budgets search its space less densely.
"""

import math
import random
from collections.abc import Callable
from typing import Any

from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.sleep import tuning_run
from helpers.experiments.sleep.mnist import SEEDS
from helpers.experiments.sleep.tuning_run import OBJECTIVE
from helpers.profiles import Profile
from helpers.sleep.parameters import ORIGINAL

#: Tries for each defence.
BUDGET = 12


def _log(draw: random.Random, low: float, high: float) -> float:
    """A number between `low` and `high`, evenly on a logarithmic scale, to three digits."""
    return float(f"{math.exp(draw.uniform(math.log(low), math.log(high))):.3g}")


def _sleep(draw: random.Random) -> dict[str, Any]:
    potentiation = _log(draw, 1e-4, 0.1)
    return {
        "sleep_images": draw.choice([1_000, 3_000, 10_000, 27_105]),
        "beta_1": _log(draw, 2, 50),
        "beta_2": _log(draw, 0.2, 50),
        "beta_3": _log(draw, 0.2, 50),
        "spike_probability": _log(draw, 0.02, 0.9),
        "potentiation": potentiation,
        "depression": float(f"{potentiation * _log(draw, 0.3, 3):.3g}"),
        "gated": draw.choice([True, False]),
    }


def _training(draw: random.Random) -> dict[str, Any]:
    return {"learning_rate": _log(draw, 0.01, 0.5), "epochs": draw.choice([1, 2, 4])}


def _distillation(draw: random.Random) -> dict[str, Any]:
    return {**_training(draw), "temperature": _log(draw, 2, 100)}


#: What is drawn for a try of each defence; "longer" trains on, on clean images.
DRAWN: dict[str, Callable[[random.Random], dict[str, Any]]] = {
    "sleep": _sleep,
    "longer": _training,
    "finetune_blur": _training,
    "finetune_noise": _training,
    "distilled": _distillation,
    "own_outputs": _training,
}
#: Try 0 of each defence: what was published, or the recipe's own.
PUBLISHED: dict[str, dict[str, Any]] = {
    "sleep": {
        "sleep_images": ORIGINAL.images,
        **{f"beta_{layer}": each for layer, each in enumerate(ORIGINAL.thresholds, start=1)},
        "spike_probability": ORIGINAL.spike_probability,
        "potentiation": ORIGINAL.potentiation,
        "depression": ORIGINAL.depression,
        "gated": ORIGINAL.gated,
    },
    "longer": {"learning_rate": 0.05, "epochs": 2},
    "finetune_blur": {"learning_rate": 0.05, "epochs": 2},
    "finetune_noise": {"learning_rate": 0.05, "epochs": 2},
    "distilled": {"learning_rate": 0.1, "epochs": 2, "temperature": 50.0},
    "own_outputs": {"learning_rate": 0.1, "epochs": 2},
}
#: The tries with the largest objective on validation images; the records say so, and a test.
CHOSEN: dict[str, int] = {
    "sleep": 5,
    "longer": 7,
    "finetune_blur": 3,
    "finetune_noise": 11,
    "distilled": 6,
    "own_outputs": 1,
}


def tuning_config(defence: str, number: int, **change: object) -> Config:
    """Try `number` of a defence, 0 the published one; the same number means the same settings."""
    drawn = DRAWN[defence](random.Random(f"{defence} {number}")) if number else PUBLISHED[defence]
    common = {"seed": 0, "dataset": "mnist", "hidden": 1200, "images": 50_000}
    return {"defence": defence, "trial": number, "split": "validation", **common, **drawn, **change}


def control_config(**change: object) -> Config:
    """The control, which has nothing to tune."""
    common = {"seed": 0, "dataset": "mnist", "hidden": 1200, "images": 50_000}
    return {"defence": "control", "trial": 0, "split": "validation", **common, **change}


def grid(profile: Profile) -> list[Config]:
    """Every try, then the chosen ones on the test images at three seeds."""
    if profile == "smoke":
        small: dict[str, Any] = {"dataset": "digits", "hidden": 50, "images": 800}
        return [
            control_config(**small),
            *(
                tuning_config(
                    defence, 0, **small, **({"sleep_images": 100} if defence == "sleep" else {})
                )
                for defence in DRAWN
            ),
        ]
    tries = [tuning_config(defence, n) for n in range(BUDGET) for defence in DRAWN]
    chosen = [
        config
        for seed in SEEDS
        for config in (
            control_config(split="test", seed=seed),
            *(tuning_config(name, n, split="test", seed=seed) for name, n in CHOSEN.items()),
        )
    ]
    return [control_config(), *tries, *chosen]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """The objective and its parts; of the chosen ones also what they were not tuned for."""
    if config["split"] == "validation":
        n = 200 if profile == "smoke" else 2_000
        return dict.fromkeys([*OBJECTIVE, "objective"], n)
    more = ["blur_1", "blur_3", "noise_var_0.1", "noise_var_0.9", "fgsm_mse_0.2"]
    wanted = dict.fromkeys([*OBJECTIVE, "objective", *more], 10_000)
    return wanted | dict.fromkeys(["pgd_mse_0.1", "pgd_margin_0.1", "pgd_margin_0.05"], 1_000)


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores."""
    return 0.3 if config["split"] == "validation" else 2.0


SLEEP_TUNING = Experiment(
    name="sleep/tuning",
    summary="Sleep and its rivals tuned alike, on validation images, by one budget",
    grid=grid,
    metrics=metrics,
    run=tuning_run.run,
    minutes=minutes,
    module=tuning_run.__name__,
)
