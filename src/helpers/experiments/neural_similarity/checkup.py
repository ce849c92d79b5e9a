"""The check-up on networks of part II: is what PGD leaves of them a sign of robustness?"""

from typing import Any

from helpers.experiments.checkup_metrics import checkup_metrics
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.neural_similarity import checkup_run
from helpers.experiments.neural_similarity.attacks import EPS, MAIN, SEED
from helpers.experiments.neural_similarity.noise import PAPER, SCALED, similarity_config
from helpers.profiles import Profile

#: The paper's three, and the two that stand noise best without a brain.
CHECKED = (*MAIN, "pixels_thresholded", "blur")
#: The seed of the plain network whose images are tried on the others.
SURROGATE_SEED = 0


def grid(profile: Profile) -> list[Config]:
    """The five networks of one seed; at `paper` of the paper's scale first."""
    few: dict[str, Any] = {"eps": EPS, "steps": 40, "few": 100, "queries": 500}
    few |= {"autoattack": True, "surrogate_seed": SURROGATE_SEED}
    if profile == "smoke":
        few |= {"steps": 5, "few": 10, "queries": 10, "autoattack": False}
        small = {**SCALED, "width": 4, "epochs": 1}
        return [
            similarity_config("none", seed=SEED, dataset="digits", scale=small, train=500, **few)
        ]
    many = few | {"few": 200, "queries": 1_000}
    scaled = [similarity_config(name, seed=SEED, scale=SCALED, **few) for name in CHECKED]
    paper = [similarity_config(name, seed=SEED, scale=PAPER, **many) for name in CHECKED]
    return [*paper, *scaled] if profile == "paper" else scaled


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """The verdict of every line, and what the attacks leave."""
    many = 20 if profile == "smoke" else 1_000 if config["width"] == 64 else 200
    return checkup_metrics(many, config["few"], autoattack=config["autoattack"])


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, behind the training."""
    return 6.0 * (config["width"] / 16) ** 1.6 * (3 if config["width"] == 64 else 1)


SIMILARITY_CHECKUP = Experiment(
    name="neural_similarity/checkup",
    summary="The check-up on networks held to mouse V1 and to other similarities",
    grid=grid,
    metrics=metrics,
    run=checkup_run.run,
    minutes=minutes,
    module=checkup_run.__name__,
)
