"""Do adversarial images of one model fool another one?"""

from helpers.experiments.cerebellum import transfer_run
from helpers.experiments.cerebellum.mnist import SEEDS
from helpers.experiments.cerebellum.transfer_run import MODELS
from helpers.experiments.experiment import Config, Experiment
from helpers.profiles import Profile

ATTACKS = ("pgd_mse_0.1", "pgd_margin_0.1", "pgd_mse_0.3", "pgd_margin_0.3")


def grid(profile: Profile) -> list[Config]:
    """One matrix; wide models only at `paper`."""
    first, other = SEEDS
    config = {"epochs": 10, "seed": first, "other_seed": other, "dataset": "mnist"}
    if profile == "smoke":
        return [config | {"epochs": 1, "dataset": "digits", "most_cells": 50}]
    return [config | {"most_cells": 1_000 if profile == "laptop" else 200_000}]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Every source against every target, of the same training and of another seed."""
    n = 20 if profile == "smoke" else 1_000
    return {
        f"{attack}_from_{source}_on_{target}{again}": n
        for source in MODELS
        for attack in ATTACKS[: 1 if profile == "smoke" else None]
        for target in MODELS
        for again in ("", "_again")
    }


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores: above all fourteen trainings."""
    return 60 if config["most_cells"] > 10_000 else 35


TRANSFER = Experiment(
    name="cerebellum/transfer",
    summary="Do adversarial images of one model fool another one? A matrix",
    grid=grid,
    metrics=metrics,
    run=transfer_run.run,
    minutes=minutes,
    module=transfer_run.__name__,
)
