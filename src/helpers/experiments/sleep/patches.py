"""The original's smallest task: four patches that overlap, noisy and blurred."""

from helpers.evaluation.corruptions import Corruption
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.sleep import patches_run
from helpers.experiments.sleep.patches_run import NETWORKS, NOISE_STD
from helpers.profiles import Profile
from helpers.sleep.patches import PATCHES

SEEDS = (0, 1, 2, 3, 4)
OVERLAPS = (0, 2, 4, 6, 8, 10, 12)
#: Standard deviation of the blur, in pixels. Neighbours mean nothing here, as pixels are permuted.
BLUR = (0.5, 1.0, 1.5, 2.0)


def patches_config(network: str, overlap: int, *, seed: int = 0, **change: object) -> Config:
    """The configuration of one network."""
    config = {"network": network, "overlap": overlap, "seed": seed, "dataset": "patches"}
    return {**config, "width": 10, "hidden": 100, "sleep_images": 27_105, **change}


def grid(profile: Profile) -> list[Config]:
    """Every overlap and network at five seeds; at `smoke` one small one of each network."""
    if profile == "smoke":
        small = {"width": 6, "hidden": 30, "sleep_images": 500}
        return [patches_config(network, 2, **small) for network in NETWORKS]
    return [
        patches_config(network, overlap, seed=seed)
        for seed in SEEDS
        for overlap in OVERLAPS
        for network in NETWORKS
    ]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Noise on 250 copies of each image; blur on the four images, as it is the same each time."""
    noisy = PATCHES * (10 if profile == "smoke" else 250)
    wanted = {"test_acc": PATCHES}
    if config["network"] == "sleep":
        wanted |= dict.fromkeys((f"fired_{layer}" for layer in range(3)), PATCHES)
    wanted |= {Corruption("blur", sigma).metric: PATCHES for sigma in BLUR}
    return wanted | {Corruption("noise_std", std).metric: noisy for std in NOISE_STD}


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores."""
    return 0.05


SLEEP_PATCHES = Experiment(
    name="sleep/patches",
    summary="Sleep on the original's four overlapping patches: noise and blur",
    grid=grid,
    metrics=metrics,
    run=patches_run.run,
    minutes=minutes,
    module=patches_run.__name__,
)
