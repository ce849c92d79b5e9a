"""The report's Figures 1 and 2, and the same for the original's networks."""

from helpers.evaluation.corruptions import (
    REPRODUCTION_BLUR,
    REPRODUCTION_NOISE_UINT8,
    SLEEP_BLUR,
    SLEEP_NOISE_VAR,
    Corruption,
)
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.sleep import mnist_run
from helpers.profiles import Profile

SEEDS = (0, 1, 2)
#: The report's five networks, in the order of its figures.
REPRODUCTION_NETWORKS = ("control", "sleep", "finetune_blur", "finetune_noise", "tempered")
#: The original's networks, and substitutes for its sleep.
ORIGINAL_NETWORKS = (
    "control",
    "sleep",
    "sleep_minimal",
    "longer",
    "finetune_blur",
    "finetune_noise",
    "distilled",
    "own_outputs",
    "shifted",
    "shifted_rows",
    "shuffled",
    "pruned",
    "pruned_active",
    "pruned_random",
)
FGSM_EPS = tuple(hundredth / 100 for hundredth in range(0, 45, 5))


def sleep_config(
    recipe: str, network: str, *, seed: int = 0, dataset: str = "mnist", **change: object
) -> Config:
    """The configuration of one network."""
    images = {"original": 50_000, "reproduction": 27_105}[recipe]
    shown = {"sleep_minimal": 3_365}.get(network, 27_105)
    config = {"recipe": recipe, "network": network, "seed": seed, "dataset": dataset}
    return {**config, "hidden": 1200, "images": images, "sleep_images": shown, **change}


def grid(profile: Profile) -> list[Config]:
    """All networks at three seeds; at `smoke` small ones on digits."""
    small = {"hidden": 100, "images": 500, "sleep_images": 500, "dataset": "digits"}
    seeds, change = (SEEDS[:1], small) if profile == "smoke" else (SEEDS, {})
    return [
        sleep_config(recipe, network, seed=seed, **change)  # type: ignore[arg-type]
        for seed in seeds
        for recipe, networks in (
            ("original", ORIGINAL_NETWORKS),
            ("reproduction", REPRODUCTION_NETWORKS),
        )
        for network in networks
    ]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Blur, noise and FGSM on all test images, PGD on the first 1,000."""
    every, some = (200, 50) if profile == "smoke" else (10_000, 1_000)
    reproduction = config["recipe"] == "reproduction"
    names = ["test_acc", "most_common"]
    if config["network"] in ("sleep", "sleep_minimal"):
        names += [f"fired_{layer}" for layer in range(4)] + [f"shift_{n}" for n in (1, 2, 3)]
        names += ["changed_cells"]
    axes = {
        "blur": REPRODUCTION_BLUR if reproduction else SLEEP_BLUR,
        "noise_uint8": REPRODUCTION_NOISE_UINT8,
        "noise_var": SLEEP_NOISE_VAR,
    }
    names += [Corruption(kind, level).metric for kind, levels in axes.items() for level in levels]
    # On the original's squared error the margin beside it: behind a ReLU the first can hardly be
    # raised where the right output is high and all others are 0, which is no robustness.
    losses = ("cross_entropy",) if reproduction else ("mse", "margin")
    names += [f"fgsm_{loss}_{eps:g}" for loss in losses for eps in FGSM_EPS]
    wanted = dict.fromkeys(names, every)
    return wanted | dict.fromkeys(
        ("pgd_cross_entropy_0.1", "pgd_margin_0.1", "pgd_margin_0.05"), some
    )


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores."""
    sleeps = config["network"] == "sleep" and config["recipe"] == "reproduction"
    return 4.0 if sleeps else 2.5


SLEEP_MNIST = Experiment(
    name="sleep/mnist",
    summary="Sleep, its baselines and substitutes on MNIST: blur, noise, FGSM, PGD",
    grid=grid,
    metrics=metrics,
    run=mnist_run.run,
    minutes=minutes,
    module=mnist_run.__name__,
)
