"""What the networks of part II are held to, from the recordings and models that are at hand."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import torch
from torch import Tensor

from helpers.checks import check_choice
from helpers.code import syntax_hashes
from helpers.data import data_folder
from helpers.data.cached import cached
from helpers.data.recordings.allen import AREA_OF_FIGURES, AllenScenes, read_allen
from helpers.data.stimuli import HEIGHT, WIDTH, stimuli
from helpers.experiments.experiment import Config, StandInError, load_named
from helpers.models import sensorium_cnn, squeezenet
from helpers.models.sensorium_cnn import predicted_responses, read_sensorium_cnn
from helpers.models.squeezenet import early_maps, read_squeezenet
from helpers.neural_similarity import similarity
from helpers.neural_similarity.controls import thresholded_like, uncorrelated
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
#: By target the code that computes its similarities, as this process has loaded it.
CODE = {
    "neural_model": syntax_hashes(similarity, sensorium_cnn),
    "features": syntax_hashes(similarity, squeezenet),
    "pixels": syntax_hashes(similarity),
}
#: Those that train on the classes alone.
WITHOUT_PAIRS = ("none", "blur")
#: Standard deviation of the blur in pixels, from Li et al. (2023).
BLUR = 1.5
#: Sizes in which a network may be shown the stimuli. The smaller one is half: of a CIFAR image,
#: its own pixels.
SHOWN = {"36x64": (HEIGHT, WIDTH), "18x32": (HEIGHT // 2, WIDTH // 2)}


def target_of(config: Config) -> Target | None:
    """The target that `config` names, or None where there are no pairs.

    Raises:
        StandInError: what it stands on is not in the data folder.
        DataError: it is, and cannot be used.
        ValueError: `config` names no target, no stimuli or no size.
    """
    name = check_choice("target", config["target"], (*TARGETS, *CONTROLS))
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
        "pixels": _by_pixels,
        "pixels_thresholded": lambda config: thresholded(_by_pixels(config)),
        "neural_model_thresholded": lambda config: thresholded_like(
            _by_neurons(config), thresholded(_by_pixels(config))
        ),
        "uncorrelated": lambda config: uncorrelated(_by_pixels(config)),
    }
    return makers[name](config)


def shown_images(config: Config, size: str) -> Tensor:
    """The stimuli of `config`, (n, 1, h, w) uint8, at one of :data:`SHOWN`."""
    height, width = SHOWN[size]
    if config["stimuli"] == "allen_scenes":
        return _allen().stimuli(height, width)
    data = load_named(config["stimuli"], torch.device("cpu"))
    images = data.train_images
    if len(images) < config["images"]:
        raise ValueError(f"images is {config['images']}; {data.name} has {len(images)}")
    return stimuli(images[: config["images"]], height=height, width=width)


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
    return _target(
        "neural_model", config, images, lambda: predicted_responses(network, images), weights
    )


def _by_features(config: Config) -> Target:
    images = shown_images(config, "36x64")
    folder = data_folder()
    network = None if folder is None else read_squeezenet(folder)
    if network is None:
        raise StandInError(
            f"this run needs the weights of SqueezeNet 1.0, {squeezenet.FILE}, in the data folder"
        )
    weights = network.state_dict().values()
    return _target("features", config, images, lambda: early_maps(network, images), weights)


def _by_pixels(config: Config) -> Target:
    images = shown_images(config, "36x64")
    return _target("pixels", config, images, lambda: images.float())


def _target(
    name: str,
    config: Config,
    images: Tensor,
    responses: Callable[[], Tensor],
    weights: Iterable[Tensor] = (),
) -> Target:
    parts: tuple[Tensor | str, ...] = (name, *CODE[name], images, *weights)
    found = cached(CACHE / "similarity", name, parts, lambda: similarity_matrix(responses()))
    return Target(name, shown_images(config, config["shown"]), found)


@lru_cache(maxsize=1)
def _allen() -> AllenScenes:
    folder = data_folder()
    found = None if folder is None else read_allen(folder)
    if found is None:
        raise StandInError(
            "this run needs the similarity matrices of the Allen Brain Observatory in the data "
            "folder; helpers.data.recordings.allen says which files"
        )
    return found
