"""Two networks of part II that travel with a live page: made here, kept in ``results/models/``.

``python -m helpers.widgets none`` trains one of them again, if it is not there from ``brains run
neural_similarity/noise``, and writes its weights as half floats.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from helpers.checks import check_choice
from helpers.data import DataError
from helpers.data.arrays import read_arrays
from helpers.experiments.neural_similarity.networks import recipe_of
from helpers.experiments.neural_similarity.noise import similarity_config
from helpers.files import replacing
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.joint import Joint
from helpers.paths import RESULTS

#: Held to nothing, and to the published model of mouse V1; both of the first seed.
TARGETS = ("none", "neural_model")


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A network that travels.

    Attributes:
        network: in evaluation mode.
        gamma: the weights of its five layers (equation 10).
    """

    network: GrayResNet
    gamma: tuple[float, ...]


def place_of(target: str) -> Path:
    """The file that holds the network held to `target`.

    Raises:
        ValueError: no such network travels.
    """
    check_choice("target", target, TARGETS)
    return RESULTS / "models" / f"neural_similarity_{target}.npz"


def write_network(found: Joint, path: Path) -> None:
    """Write a file of plain arrays, whole or not at all: half floats, and the weights of layers.

    Raises:
        ValueError: a weight is beyond what half floats can hold.
    """
    arrays: dict[str, Any] = {"gamma": np.array(found.kept.gamma)}
    for name, tensor in found.model.state_dict().items():
        array = tensor.cpu().contiguous().numpy()
        if array.dtype == np.float32:
            largest = float(np.abs(array).max())
            if not largest <= float(np.finfo(np.float16).max):
                raise ValueError(f"{name} reaches {largest:g}; half floats end at 65504")
            array = array.astype(np.float16)
        arrays[name] = array
    with replacing(path) as fresh, fresh.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_network(target: str, path: Path | None = None) -> TrainedNetwork:
    """The network held to `target`, in evaluation mode.

    Args:
        target: one of :data:`TARGETS`.
        path: another file than the repository's own.

    Raises:
        ValueError: no such network travels.
        DataError: the file is missing, corrupt, or holds other arrays.
    """
    again = f"`python -m helpers.widgets {target}` makes it"
    own = place_of(target)
    path = own if path is None else path
    if not path.is_file():
        raise DataError(f"{path} is missing; {again}")
    arrays = read_arrays(path)
    gamma = arrays.pop("gamma", np.empty(0))
    recipe = recipe_of(similarity_config(target))
    network = GrayResNet(recipe.depth, width=recipe.width)
    try:
        network.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    except (RuntimeError, TypeError) as error:
        raise DataError(f"{path} holds another network; {again} again ({error})") from error
    numbers = [gamma, *(each.numpy() for each in network.state_dict().values())]
    if gamma.shape != (5,) or not all(np.isfinite(each).all() for each in numbers):
        raise DataError(f"{path} should hold finite weights and five of layers; {again} again")
    return TrainedNetwork(network.eval(), tuple(gamma.tolist()))
