"""What the networks of part II are held to, from the recordings and models that are at hand."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial

import torch
from torch import Tensor

from helpers.checks import check_choice
from helpers.code import syntax_hashes
from helpers.data import data_folder
from helpers.data.cached import cached
from helpers.data.recordings import recording, simulated
from helpers.data.recordings.allen import AREA_OF_FIGURES, AllenScenes, read_allen
from helpers.data.recordings.simulated import Population, simulate
from helpers.data.stimuli import HEIGHT, WIDTH, stimuli
from helpers.experiments.experiment import Config, StandInError, load_named
from helpers.models import sensorium_cnn, squeezenet, v1_predictor, vgg19
from helpers.models.sensorium_cnn import predicted_responses, read_sensorium_cnn
from helpers.models.squeezenet import early_maps, read_squeezenet
from helpers.models.vgg19 import conv3_1_maps, read_vgg19
from helpers.neural_similarity import fitted_scans, predictive, reliability, similarity
from helpers.neural_similarity.controls import thresholded_like, uncorrelated
from helpers.neural_similarity.fitted_scans import mean_similarity, scaled_predictions
from helpers.neural_similarity.predictive import fit
from helpers.neural_similarity.similarity import centred_similarity, similarity_matrix
from helpers.neural_similarity.target import Target, shuffled, thresholded
from helpers.paths import CACHE

#: The eight of the grid: what the paper compares, then what later work proposes in their place.
TARGETS = (
    "none",
    "shuffle",
    "neural_model",
    "neural_data",
    "features",
    "pixels",
    "pixels_thresholded",
    "blur",
)
#: What asks whether thresholded pixels owe what they do to the pixels or to the threshold.
CONTROLS = ("neural_model_thresholded", "uncorrelated")
#: The paper's own network for features; a target apart, as its file is large and not everywhere.
VGG = "features_vgg"
#: A model fitted to one simulated scan, and the average over models of several.
SIMULATED = ("simulated_scan", "simulated_average")
#: By target the code that computes its similarities, as this process has loaded it.
CODE = {
    "neural_model": syntax_hashes(similarity, sensorium_cnn),
    "features": syntax_hashes(similarity, squeezenet),
    VGG: syntax_hashes(similarity, vgg19),
    "pixels": syntax_hashes(similarity),
    **dict.fromkeys(
        SIMULATED,
        syntax_hashes(
            similarity, fitted_scans, predictive, reliability, recording, simulated, v1_predictor
        ),
    ),
}
#: Takes a line on what is going on.
Say = Callable[[str], None]
#: Those that train on the classes alone.
WITHOUT_PAIRS = ("none", "blur")
#: Standard deviation of the blur in pixels, from Li et al. (2023).
BLUR = 1.5
#: Sizes in which a network may be shown the stimuli. The smaller one is half: of a CIFAR image,
#: its own pixels.
SHOWN = {"36x64": (HEIGHT, WIDTH), "18x32": (HEIGHT // 2, WIDTH // 2)}


def target_of(config: Config, say: Say = lambda line: None) -> Target | None:
    """The target that `config` names, or None where there are no pairs.

    Models of simulated scans are fitted first, minutes each; `say` hears of it.

    Raises:
        StandInError: what it stands on is not in the data folder.
        DataError: it is, and cannot be used.
        ValueError: `config` names no target, no stimuli or no size.
    """
    name = check_choice("target", config["target"], (*TARGETS, *CONTROLS, VGG, *SIMULATED))
    if name in WITHOUT_PAIRS:
        return None
    check_choice("shown", config["shown"], SHOWN)
    if name == "neural_data":
        return _recorded(config["shown"])
    if name == "shuffle":
        return shuffled(_by_neurons(config), seed=config["seed"])
    makers: Mapping[str, Callable[[Config], Target]] = {
        "neural_model": _by_neurons,
        "features": _by_features,
        VGG: _by_vgg,
        "pixels": _by_pixels,
        "pixels_thresholded": lambda config: thresholded(_by_pixels(config)),
        "neural_model_thresholded": lambda config: thresholded_like(
            _by_neurons(config), thresholded(_by_pixels(config))
        ),
        "uncorrelated": lambda config: uncorrelated(_by_pixels(config)),
        **dict.fromkeys(SIMULATED, lambda config: _by_scans(config, say)),
    }
    return makers[name](config)


def shown_images(config: Config, size: str) -> Tensor:
    """The stimuli of `config`, (n, 1, h, w) uint8, at one of :data:`SHOWN`."""
    height, width = SHOWN[size]
    if config["stimuli"] == "allen_scenes":
        return _allen().stimuli(height, width)
    return _photographs(config, 0, config["images"], height=height, width=width)


def _photographs(config: Config, start: int, end: int, **size: int) -> Tensor:
    data = load_named(config["stimuli"], torch.device("cpu"))
    if len(data.train_images) < end:
        raise ValueError(
            f"images is {config['images']}; {data.name} has {len(data.train_images)}, and {end} "
            "are needed"
        )
    return stimuli(data.train_images[start:end], **size)


def _recorded(size: str) -> Target:
    scenes = _allen()
    found = centred_similarity(scenes.similarity(AREA_OF_FIGURES)).float()
    return Target("neural_data", scenes.stimuli(*SHOWN[size]), found)


def _by_neurons(config: Config) -> Target:
    images = shown_images(config, "36x64")
    folder = data_folder()
    network = None if folder is None else read_sensorium_cnn(folder)
    if network is None:
        raise StandInError(
            f"this run needs the published model of mouse V1, {sensorium_cnn.FILE}, in the data "
            "folder; `brains data mouse_v1` fetches it"
        )
    weights = network.state_dict().values()
    return _of_responses(
        "neural_model", config, images, lambda: predicted_responses(network, images), weights
    )


def _by_features(config: Config) -> Target:
    images = shown_images(config, "36x64")
    folder = data_folder()
    network = None if folder is None else read_squeezenet(folder)
    if network is None:
        raise StandInError(
            f"this run needs the weights of SqueezeNet 1.0, {squeezenet.FILE}, in the data "
            "folder; `brains data squeezenet` fetches them"
        )
    weights = network.state_dict().values()
    return _of_responses("features", config, images, lambda: early_maps(network, images), weights)


def _by_vgg(config: Config) -> Target:
    images = shown_images(config, "36x64")
    folder = data_folder()
    network = None if folder is None else read_vgg19(folder)
    if network is None:
        raise StandInError(
            f"this run needs torchvision's weights of VGG-19, {vgg19.FILE}, in the data folder; "
            "`brains data vgg19` fetches them (548 MB)"
        )
    weights = network.state_dict().values()
    return _of_responses(VGG, config, images, lambda: conv3_1_maps(network, images), weights)


def _by_pixels(config: Config) -> Target:
    images = shown_images(config, "36x64")
    return _of_responses("pixels", config, images, lambda: images.float())


def _by_scans(config: Config, say: Say) -> Target:
    """Of models that are fitted to simulated scans and predict the photographs.

    A scan sees the first of the photographs once and others, which are not among them, repeatedly.
    """
    count, once, repeated = (config[name] for name in ("images", "once", "repeated"))
    if not 1 <= once <= count:
        raise ValueError(f"once is {once}; it may be from 1 to {count}, the number of images")
    images = shown_images(config, "36x64")
    others = _photographs(config, count, count + repeated, height=HEIGHT, width=WIDTH)
    seen = torch.cat([images[:once], others])
    population = Population(neurons=config["neurons"])

    def predicted(number: int) -> Tensor:
        say(f"a model of simulated scan {number + 1} of {config['scans']}")
        scan = simulate(seen, population, repeated=repeated, scan=number)
        fitted = fit(scan, epochs=config["fit_epochs"], seed=number)
        return scaled_predictions(scan, fitted, images)

    name = config["target"]
    text = repr((population, repeated, config["fit_epochs"]))
    settings: tuple[Tensor | str, ...] = (*CODE[name], text, images, seen)

    def similarities() -> Tensor:
        return mean_similarity(
            # Each is kept: of an interrupted run, and for the other target, which shares the first.
            cached(
                CACHE / "similarity",
                f"simulated_{number}",
                (*settings, str(number)),
                partial(predicted, number),
            )
            for number in range(config["scans"])
        )

    return _target(name, config, (*settings, str(config["scans"])), similarities)


def _of_responses(
    name: str,
    config: Config,
    images: Tensor,
    responses: Callable[[], Tensor],
    weights: Iterable[Tensor] = (),
) -> Target:
    parts: tuple[Tensor | str, ...] = (*CODE[name], images, *weights)
    return _target(name, config, parts, lambda: similarity_matrix(responses()))


def _target(
    name: str, config: Config, parts: Iterable[Tensor | str], similarities: Callable[[], Tensor]
) -> Target:
    """`parts` are all that the similarities depend on, see :func:`helpers.data.cached.cached`."""
    found = cached(CACHE / "similarity", name, (name, *parts), similarities)
    return Target(name, shown_images(config, config["shown"]), found)


@lru_cache(maxsize=1)
def _allen() -> AllenScenes:
    folder = data_folder()
    found = None if folder is None else read_allen(folder)
    if found is None:
        raise StandInError(
            "this run needs the similarity matrices of the Allen Brain Observatory in the data "
            "folder; no command brings them, and book/data.md says how to make them"
        )
    return found
