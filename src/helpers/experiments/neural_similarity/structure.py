"""How similar neurons find images: figure 1 from recordings, and from a simulated population."""

from helpers.data.recordings.allen import COUNT
from helpers.data.recordings.antolik import IMAGES
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.neural_similarity import structure_run
from helpers.experiments.neural_similarity.structure_run import (
    ALLEN,
    OF_ALLEN,
    OF_REGIONS,
    OF_SCANS,
    OF_SIMULATED,
    REGIONS,
    SIMULATED,
)
from helpers.profiles import Profile

#: Scans of the paper, and of the simulated population.
SCANS = 8
#: Images of a simulated scan: shown once, and repeated ten times, as in the paper's 5,000 and 100,
#: fewer of the former so that a fit takes minutes on two cores.
ONCE, REPEATED, NEURONS = 1_500, 100, 300


def structure_config(recording: str, **change: object) -> Config:
    """One recording, or a pair of scans of the same images."""
    if recording in SIMULATED:
        sizes = {"once": ONCE, "repeated": REPEATED, "neurons": NEURONS}
        fields = {"recording": recording, "dataset": "cifar100_gray", **sizes}
        if recording == "simulated":
            fields |= {"seed": 0, "epochs": 40}
        return fields | change
    return {"recording": recording, **change}


def grid(profile: Profile) -> list[Config]:
    """Recorded ones first; at `smoke` one simulated scan alone."""
    if profile == "smoke":
        tiny = {"once": 60, "repeated": 20, "neurons": 10, "epochs": 1, "dataset": "digits"}
        return [structure_config("simulated", **tiny)]
    recorded = [structure_config(name) for name in (*REGIONS, "regions 1 and 2", *ALLEN)]
    simulated = [structure_config("simulated", seed=scan) for scan in range(SCANS)]
    return [*recorded, structure_config("simulated scans", scans=SCANS), *simulated]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Correlations and spreads, over the pairs of images that each stands on."""
    recording = config["recording"]
    if recording in SIMULATED:
        repeated = config["repeated"]
        simulated = OF_SIMULATED if recording == "simulated" else OF_SCANS
        return dict.fromkeys(simulated, repeated * (repeated - 1) // 2)
    images = COUNT if recording in ALLEN else IMAGES
    names = {"regions 1 and 2": OF_SCANS, **dict.fromkeys(ALLEN, OF_ALLEN)}
    return dict.fromkeys(names.get(recording, OF_REGIONS), images * (images - 1) // 2)


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores: next to nothing but for fits to simulated scans."""
    return 5.0 if config["recording"] == "simulated" else 0.3


SIMILARITY_STRUCTURE = Experiment(
    name="neural_similarity/structure",
    summary="How similar mouse visual cortex and its models find images",
    grid=grid,
    metrics=metrics,
    run=structure_run.run,
    minutes=minutes,
    module=structure_run.__name__,
)
