"""How far networks that are held to mouse V1, and to other things, withstand attacks."""

from helpers.experiments import similarity_attacks_run
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.similarity_attacks_run import QUERIES
from helpers.experiments.similarity_noise import (
    SCALED,
    paper_grid,
    scaled_grid,
    similarity_config,
)
from helpers.profiles import Profile

#: Radius at which AutoAttack is asked: of a pixel's 255 steps one.
EPS = 0.0039
#: The networks of the supplement's figure 7.
MAIN = ("none", "shuffle", "neural_model")


def grid(profile: Profile) -> list[Config]:
    """The networks on CIFAR-10 at the main strength; the paper's three of each seed come first."""
    if profile == "smoke":
        small = {**SCALED, "width": 4, "epochs": 1}
        return [similarity_config("none", dataset="digits", scale=small, train=500)]
    everything = [*paper_grid(), *scaled_grid()] if profile == "paper" else scaled_grid()
    configs = [
        config
        for config in everything
        if config["dataset"] == "cifar10_gray" and config["alpha"] in (0, 20, 40)
    ]
    return sorted(configs, key=lambda each: (each["seed"], each["target"] not in MAIN))


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Figure 5 for every network; its decline and figure 7 for three of them at the first seed."""
    if profile == "smoke":
        return {"linf_median": 4, f"autoattack_linf_{EPS}": 4}
    full = config["width"] == 64
    n, few = (1_000, 1_000) if full else (200, 100)
    wanted = {"linf_median": n, "l2_median": n, f"autoattack_linf_{EPS}": few}
    if config["target"] in MAIN and (full or config["seed"] == 0):
        wanted |= {f"{norm}_median_{steps}": few for norm in ("linf", "l2") for steps in QUERIES}
        wanted |= dict.fromkeys(("l0_mean", "l1_mean", "l2_mean", "linf_mean"), few)
    return wanted


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, behind the training."""
    extra = 20.0 if config["target"] in MAIN and config["seed"] == 0 else 0.0
    return (8.0 + extra) * (config["width"] / 16) ** 1.6 * (5 if config["width"] == 64 else 1)


SIMILARITY_ATTACKS = Experiment(
    name="neural_similarity/attacks",
    summary="Networks held to mouse V1 and to other similarities, under attack",
    grid=grid,
    metrics=metrics,
    run=similarity_attacks_run.run,
    minutes=minutes,
    module=similarity_attacks_run.__name__,
)
