"""The collapse of the reproduction, and its deviations undone one after another and each alone."""

from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.sleep import deviations_run
from helpers.experiments.sleep.deviations_run import undone
from helpers.experiments.sleep.mnist import SEEDS
from helpers.profiles import Profile
from helpers.sleep.deviations import DEVIATIONS


def cumulative() -> list[str]:
    """None undone, the first, the first two, and so on to all."""
    numbers = range(len(DEVIATIONS) + 1)
    return ["+".join(str(each) for each in range(1, n + 1)) or "none" for n in numbers]


def deviations_config(which: str, *, seed: int = 0, **change: object) -> Config:
    """The configuration with the deviations `which` undone, written as "1+2"."""
    config = {"undone": which, "seed": seed, "dataset": "mnist", "hidden": 1200, "images": 60_000}
    return {**config, **change}


def grid(profile: Profile) -> list[Config]:
    """One after another at three seeds, then each alone at one; at `smoke` a few on digits."""
    if profile == "smoke":
        return [
            deviations_config(which, dataset="digits", hidden=50, images=200)
            for which in ("none", "1", cumulative()[-1])
        ]
    alone = [str(number) for number in range(2, len(DEVIATIONS) + 1)]
    return [
        *(deviations_config(which, seed=seed) for seed in SEEDS for which in cumulative()),
        *(deviations_config(which) for which in alone),
    ]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Accuracy before and after sleep, on clean and on noisy images, and how the sleep went."""
    n = 200 if profile == "smoke" else 10_000
    names = ["test_acc", "most_common", "noise_uint8_1", "noise_var_0.1", "awake_test_acc"]
    names += [
        "awake_most_common",
        "early_test_acc",
        "early_most_common",
        *(f"fired_{layer}" for layer in range(4)),
    ]
    return dict.fromkeys([*names, *(f"shift_{layer}" for layer in (1, 2, 3))], n)


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores: one step for each image, or 100."""
    numbers = undone(config)
    if 1 in numbers:
        return 0.3
    return 10.0 if 2 in numbers else 1.2


SLEEP_DEVIATIONS = Experiment(
    name="sleep/deviations",
    summary="What the reproduction of sleep ran, and its deviations from the original undone",
    grid=grid,
    metrics=metrics,
    run=deviations_run.run,
    minutes=minutes,
    module=deviations_run.__name__,
)
