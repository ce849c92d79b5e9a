"""What networks that are held to mouse V1, and to other things, make of noisy images."""

from typing import Any

from helpers.evaluation.corruptions import NEURAL_NOISE_STD, Corruption
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.neural_similarity import noise_run
from helpers.experiments.neural_similarity.noise_run import GAMMAS, RECALIBRATED
from helpers.experiments.neural_similarity.structure import NEURONS, ONCE, REPEATED, SCANS
from helpers.experiments.neural_similarity.targets import CONTROLS, SIMULATED, TARGETS, VGG
from helpers.profiles import Profile

#: Seeds of the paper, and of the scaled grid.
SEEDS, SCALED_SEEDS = (0, 1, 2, 3, 4), (0, 1, 2)
#: Regularisation strengths of the supplement's figure 6; the text's is 20.
ALPHAS, ALPHA = (2, 4, 8, 16, 32), 20
#: Attias et al. (2024) hold to thresholded pixels with this strength. Their published loss is four
#: times equation 8, so it is 40 here.
ALPHA_THRESHOLDED = 40
#: A network and a training for two cores: a quarter of the width, half the size of the stimuli and
#: a fifth of the epochs, in one cycle of three phases. Two cycles of five, as in the paper, would
#: leave most of so few epochs to learning rates at which little is learnt: the plain network ended
#: at 72 % after five epochs and at 80 % after ten, one cycle of five at 78 % after eight. Chosen on
#: the plain network alone, by its accuracy on clean test images.
SCALED = {"width": 16, "epochs": 8, "cycles": 1, "phases": 3, "shown": "18x32"}
PAPER = {"width": 64, "epochs": 40, "cycles": 2, "phases": 5, "shown": "36x64"}
#: The simulated scans, the same at both scales: those of figure 1, with fewer epochs, which come as
#: far within a hundredth of the correlation. A fit takes two minutes on one core.
SCAN = {"once": ONCE, "repeated": REPEATED, "neurons": NEURONS, "fit_epochs": 30}
#: What is measured again with batch statistics of the images that are classified.
AGAIN = ("test_acc", "noise_std_0.02", "noise_std_0.05", "noise_std_0.1")
#: The other CIFAR set gives the stimuli.
STIMULI = {"cifar10_gray": "cifar100_gray", "cifar100_gray": "cifar10_gray"}


def similarity_config(
    target: str,
    *,
    seed: int = 0,
    dataset: str = "cifar10_gray",
    scale: dict[str, object] | None = None,
    **change: object,
) -> Config:
    """One network; fields that play no part for its target are 0 or None."""
    config: dict[str, Any] = {
        "target": target,
        "seed": seed,
        "dataset": dataset,
        "train": 50_000,
        "depth": 18,
        "alpha": ALPHA_THRESHOLDED if target in ("pixels_thresholded", *CONTROLS) else ALPHA,
        "stimuli": "allen_scenes" if target == "neural_data" else STIMULI.get(dataset, dataset),
        "images": 118 if target == "neural_data" else 5_000,
        **(SCALED if scale is None else scale),
        **_scan_fields(target),
        **change,
    }
    if target in ("none", "blur"):
        config |= {"alpha": 0, "stimuli": None, "images": 0, "shown": None}
    return config


def _scan_fields(target: str) -> dict[str, int]:
    """The fields of the targets that stand on simulated scans."""
    if target not in SIMULATED:
        return {}
    return {"scans": SCANS if target == "simulated_average" else 1, **SCAN}


def grid(profile: Profile) -> list[Config]:
    """The eight targets seed by seed, then the side studies; at `paper` the paper's scale first."""
    if profile == "smoke":
        small = {**SCALED, "width": 4, "epochs": 1}
        return [
            similarity_config(target, dataset="digits", scale=small, train=500, images=40)
            for target in ("none", "pixels", "blur")
        ]
    configs = scaled_grid()
    return [*paper_grid(), *configs] if profile == "paper" else configs


def main_networks(profile: Profile) -> list[Config]:
    """The networks that are attacked and whose frequencies are asked for; the paper's scale first.

    On CIFAR-10, each target at its main strength; the other side studies are asked about noise
    alone.
    """
    scaled = [*_networks(SCALED_SEEDS, TARGETS), *_networks(SCALED_SEEDS, CONTROLS)]
    if profile != "paper":
        return scaled
    first = [*_networks(SEEDS, TARGETS, scale=PAPER), *_networks(SEEDS, CONTROLS, scale=PAPER)]
    return [*first, *_networks(SEEDS, (VGG,), scale=PAPER), *scaled]


def scaled_grid() -> list[Config]:
    """What two cores can do: figure 4A, the same scenes for all, controls, figures 6 and 4B."""
    main, scenes = _networks(SCALED_SEEDS, TARGETS), _scenes(SCALED_SEEDS)
    strengths = _strengths(SCALED_SEEDS[:2])
    hundred = _hundred(SCALED_SEEDS[:2])
    return [*main, *scenes, *_controls(SCALED_SEEDS), *_simulated(), *strengths, *hundred]


def paper_grid() -> list[Config]:
    """The paper's own: its three main networks at one seed, the other targets, then the seeds.

    The features of VGG-19 are here alone; in the scaled grid those of SqueezeNet, whose file is a
    megabyte, take their place.
    """
    main, scenes = _networks(SEEDS, TARGETS, scale=PAPER), _scenes(SEEDS, scale=PAPER)
    side = [*scenes, *_controls(SEEDS, scale=PAPER), *_simulated(scale=PAPER)]
    hundred, strengths = _hundred(SEEDS, scale=PAPER), _strengths(SEEDS[:3], scale=PAPER)
    return [*main, *side, *hundred, *strengths, *_networks(SEEDS, (VGG,), scale=PAPER)]


def _networks(seeds: tuple[int, ...], targets: tuple[str, ...], **change: Any) -> list[Config]:
    return [similarity_config(name, seed=seed, **change) for seed in seeds for name in targets]


def _scenes(seeds: tuple[int, ...], **change: Any) -> list[Config]:
    """Networks held to a model, and to shuffled similarities, on the scenes of the recordings."""
    scenes = {"stimuli": "allen_scenes", "images": 118}
    return _networks(seeds, ("shuffle", "neural_model"), **scenes, **change)


def _controls(seeds: tuple[int, ...], **change: Any) -> list[Config]:
    """What thresholded pixels owe to the pixels, to the threshold, and to their strength."""
    pixels = _networks(seeds, ("pixels",), alpha=ALPHA_THRESHOLDED, **change)
    return [*_networks(seeds, CONTROLS, **change), *pixels]


def _simulated(**change: Any) -> list[Config]:
    """Networks, of one seed, held to a model of one simulated scan and to the average of eight."""
    return _networks(SEEDS[:1], SIMULATED, **change)


def _strengths(seeds: tuple[int, ...], **change: Any) -> list[Config]:
    """Figure 6."""
    return [
        similarity_config("neural_model", seed=seed, alpha=alpha, **change)
        for seed in seeds
        for alpha in ALPHAS
    ]


def _hundred(seeds: tuple[int, ...], **change: Any) -> list[Config]:
    """Figure 4B."""
    hundred = {"dataset": "cifar100_gray", "depth": 34}
    return _networks(seeds, ("none", "neural_model", "shuffle"), **hundred, **change)


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Accuracy on clean and noisy images, all of them, and the weights of the five layers.

    Without pairs nothing moves the weights: they stay equal, as in the paper's row for alpha = 0.
    """
    n = 100 if profile == "smoke" else 10_000
    wanted = {Corruption("noise_std", level).metric: n for level in NEURAL_NOISE_STD if level}
    wanted = {"test_acc": n, **wanted}
    stimuli: int = config["images"] or config["train"]
    again = [f"{name}{RECALIBRATED}" for name in AGAIN]
    return wanted | dict.fromkeys(GAMMAS, stimuli) | dict.fromkeys(again, n)


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, most of it training, or models of simulated scans."""
    # Measured at width 16 and 32x32 pixels: .07 s for a step of 64 images on one core.
    steps = config["epochs"] * config["train"] / 64
    depth = 1.0 if config["depth"] == 18 else 2.1
    shown = {None: 0.0, "18x32": 0.56, "36x64": 2.25}[config["shown"]]
    training = steps * 0.035 * (config["width"] / 16) ** 1.6 * depth * (1 + shown) / 60
    # Measured: 3.7 s of one core for an epoch of 1,500 photographs and 300 neurons.
    passes = config.get("scans", 0) * config.get("fit_epochs", 0)
    return training + passes * config.get("once", 0) / 1_500 * 3.7 / 60 + 1


SIMILARITY_NOISE = Experiment(
    name="neural_similarity/noise",
    summary="Networks held to mouse V1 and to other similarities, on noisy images",
    grid=grid,
    metrics=metrics,
    run=noise_run.run,
    minutes=minutes,
    module=noise_run.__name__,
)
