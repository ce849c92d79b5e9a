"""How far networks that are held to mouse V1, and to other things, withstand attacks."""

from helpers.evaluation.metric_numbers import write_number
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.neural_similarity import attacks_run
from helpers.experiments.neural_similarity.noise import (
    SCALED,
    main_networks,
    similarity_config,
)
from helpers.experiments.neural_similarity.searches import QUERIES
from helpers.profiles import Profile

#: Radius at which AutoAttack is asked: of a pixel's 255 steps one.
EPS = 0.0039
#: Sizes of a perturbation at which is asked how many images are left, by norm.
SIZES = {
    "linf": (0, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016),
    "l2": (0, 0.0125, 0.025, 0.05, 0.1, 0.2, 0.4),
}
#: The networks of the supplement's figure 7, and of figure 5.
MAIN = ("none", "shuffle", "neural_model")
DECLINE = (*MAIN, "features")
#: The seed of the scaled networks that undergo the dearest evaluations.
SEED = 2


def grid(profile: Profile) -> list[Config]:
    """The networks on CIFAR-10 at the main strength; the paper's three of each seed come first."""
    if profile == "smoke":
        small = {**SCALED, "width": 4, "epochs": 1}
        return [similarity_config("none", dataset="digits", scale=small, train=500)]
    return sorted(
        main_networks(profile), key=lambda each: (each["seed"], each["target"] not in MAIN)
    )


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Figure 5 with what else its searches say, and what AutoAttack leaves."""
    n, few = (1_000, 1_000) if config["width"] == 64 else (200, 100)
    norms = tuple(SIZES)
    if profile == "smoke":
        n, few, norms = 4, 4, ("linf",)
    found = {f"{norm}_median": n for norm in norms}
    found |= {f"{norm}_median_right": n for norm in norms}
    found |= {left_metric(norm, size): n for norm in norms for size in SIZES[norm]}
    return found | {f"autoattack_linf_{EPS}": few}


def left_metric(norm: str, size: float) -> str:
    """The metric for the images that no perturbation up to `size` breaks."""
    return f"{norm}_left_{write_number(size)}"


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, behind the training.

    At the paper's width five times the images, and ten times the settings of each search.
    """
    return 8.0 * (config["width"] / 16) ** 1.6 * (50 if config["width"] == 64 else 1)


def main_grid(profile: Profile) -> list[Config]:
    """The networks of figures 5 and 7; of the scaled ones those of one seed."""
    if profile == "smoke":
        return grid(profile)
    return [
        config
        for config in grid(profile)
        if config["target"] in DECLINE and (config["width"] == 64 or config["seed"] == SEED)
    ]


def norm_metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Figure 5's decline with more steps, C&W beside it, and figure 7's means in four norms."""
    if profile == "smoke":
        return {"linf_median_10": 4}
    n = 1_000 if config["width"] == 64 else 100
    decline = {f"{norm}_median_{steps}": n for norm in ("linf", "l2") for steps in QUERIES}
    wanted = decline | {"cw_l2_median": n}
    if config["target"] not in MAIN:
        return wanted
    return wanted | dict.fromkeys(("l0_mean", "l1_mean", "l2_mean", "linf_mean"), n)


def norm_minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, behind the training; see :func:`minutes`.

    At the paper's width figure 7 runs everything five times besides.
    """
    cost = 20.0 if config["target"] in MAIN else 5.0
    return cost * (config["width"] / 16) ** 1.6 * (400 if config["width"] == 64 else 1)


SIMILARITY_ATTACKS = Experiment(
    name="neural_similarity/attacks",
    summary="Networks held to mouse V1 and to other similarities, under attack",
    grid=grid,
    metrics=metrics,
    run=attacks_run.run,
    minutes=minutes,
    module=attacks_run.__name__,
)

SIMILARITY_NORMS = Experiment(
    name="neural_similarity/norms",
    summary="Seven attacks in four norms, and how perturbations shrink with more steps",
    grid=main_grid,
    metrics=norm_metrics,
    run=attacks_run.run,
    minutes=norm_minutes,
    module=attacks_run.__name__,
)
