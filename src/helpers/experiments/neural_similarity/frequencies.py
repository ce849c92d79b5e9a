"""Which spatial frequencies the networks of part II use."""

from helpers.evaluation.frequencies import BANDS
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.neural_similarity import frequencies_run
from helpers.experiments.neural_similarity.noise import (
    SCALED,
    main_networks,
    similarity_config,
)
from helpers.profiles import Profile

#: Standard deviations of a blur, in pixels: what is left without the fine detail.
BLURS = (0.5, 1.0, 1.5, 2.0)


def grid(profile: Profile) -> list[Config]:
    """The networks on CIFAR-10 at the main strength."""
    if profile == "smoke":
        small = {**SCALED, "width": 4, "epochs": 1}
        return [similarity_config("none", dataset="digits", scale=small, train=500)]
    return main_networks(profile)


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Accuracies on 10,000 images, the gradient on 1,000."""
    many, few = (50, 20) if profile == "smoke" else (10_000, 1_000)
    wanted = {f"band_{low}": many for low in BANDS} | {f"blur_{sigma:g}": many for sigma in BLURS}
    return wanted | {f"gradient_{low}": few for low in BANDS}


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, behind the training."""
    return 1.0 * (config["width"] / 16) ** 1.6


SIMILARITY_FREQUENCIES = Experiment(
    name="neural_similarity/frequencies",
    summary="Which spatial frequencies the networks held to mouse V1, and the others, use",
    grid=grid,
    metrics=metrics,
    run=frequencies_run.run,
    minutes=minutes,
    module=frequencies_run.__name__,
)
