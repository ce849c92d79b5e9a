"""The trained readouts that travel with a live page: made here, kept in ``results/models/``.

``python -m helpers.widgets digits`` trains those of one set again, the very models that
``cerebellum/explorer`` attacks.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from helpers.checks import check_choice
from helpers.data import DataError
from helpers.data.arrays import read_arrays
from helpers.experiments.cerebellum.explorer import (
    BATCH,
    BETA,
    SEEDS,
    K,
    M,
    explorer_config,
)
from helpers.experiments.cerebellum.explorer_run import explorer_model
from helpers.files import replacing
from helpers.paths import RESULTS

#: Of the two seeds the one whose models travel.
SEED = SEEDS[0]
SETS = ("digits", "mnist")
#: Models in the order in which they lie in a file: by batch, then beta, then k.
SETTINGS = tuple((batch, beta, k) for batch in BATCH for beta in BETA for k in K)


@dataclass(frozen=True, eq=False)
class Readouts:
    """What of each model cannot be drawn again.

    Attributes:
        dataset: "digits" or "mnist".
        readouts: (models, m, classes) float16, W of each model.
        offsets: (models, classes) float32, its bias less what long-term depression takes off.
    """

    dataset: str
    readouts: NDArray[np.float16]
    offsets: NDArray[np.float32]


def place_of(dataset: str) -> Path:
    """The file that holds the readouts of one set.

    Raises:
        ValueError: there is no such set.
    """
    check_choice("dataset", dataset, SETS)
    return RESULTS / "models" / f"cerebellum_explorer_{dataset}.npz"


def train_readouts(dataset: str, *, m: int = M, epochs: int | None = None) -> Readouts:
    """Train every model of :data:`SETTINGS` at :data:`SEED`; minutes on two cores.

    Args:
        dataset: "digits" or "mnist".
        m: granule cells.
        epochs: passes over the images, by default those of the experiment.

    Raises:
        ValueError: there is no such set.
        StandInError: the data are not there.
    """
    check_choice("dataset", dataset, SETS)
    readouts, offsets = [], []
    for batch, beta, k in SETTINGS:
        config = {**explorer_config(k, beta, batch, seed=SEED, dataset=dataset), "m": m}
        if epochs is not None:
            config["epochs"] = epochs
        model = explorer_model(config, torch.device("cpu"))
        readouts.append(model.W.numpy().astype(np.float16))
        offsets.append((model.bias - model.mu @ model.W).numpy())
    return Readouts(dataset, np.stack(readouts), np.stack(offsets))


def write_readouts(found: Readouts, path: Path) -> None:
    """Write a file of plain arrays, whole or not at all."""
    with replacing(path) as fresh, fresh.open("wb") as file:
        np.savez_compressed(file, readouts=found.readouts, offsets=found.offsets)


def read_readouts(dataset: str, path: Path | None = None) -> Readouts:
    """The readouts of one set.

    Args:
        dataset: "digits" or "mnist".
        path: another file than the repository's own.

    Raises:
        ValueError: there is no such set.
        DataError: the file is missing, corrupt, or holds other arrays.
    """
    own = place_of(dataset)
    path = own if path is None else path
    if not path.is_file():
        raise DataError(f"{path} is missing; `python -m helpers.widgets {dataset}` makes it")
    arrays = read_arrays(path)
    classes = arrays.get("readouts", np.empty(0)).shape[-1]
    for name, kind, axes in (("readouts", np.float16, 3), ("offsets", np.float32, 2)):
        found = arrays.get(name, np.empty(0))
        fits = found.dtype == kind and found.ndim == axes and found.shape[-1] == classes
        if not fits or len(found) != len(SETTINGS) or not np.isfinite(found).all():
            raise DataError(
                f"{path} should hold finite {name} of {kind.__name__} for {len(SETTINGS)} models "
                f"and as many classes in both; `python -m helpers.widgets {dataset}` makes it again"
            )
    return Readouts(dataset, arrays["readouts"], arrays["offsets"])
