"""How alike mouse visual cortex finds 118 scenes: correlations from the Allen Brain Observatory.

No command brings the three files, as the matrices were published as Python objects;
``book/data.md`` says where the originals lie, and how to convert and to check them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from helpers.checks import check_choice
from helpers.data.arrays import read_array, read_arrays
from helpers.data.integrity import DataError
from helpers.data.stimuli import stimuli

FOLDER = Path("mouse_v1") / "allen_natural_scenes"
MATRICES = "rsm_by_area_layer.npz"
SCENES = "scenes_118x31x31_uint8.npy"
CEILINGS = "rdms_noise_ceiling.csv"
#: Scenes, and with the blank screen that comes behind them.
COUNT = 118
#: Width over height of the scenes before they were squeezed into squares: 1174 by 918 pixels.
ASPECT = 1174 / 918
#: The recorded population of the figures and of the target: superficial layers of V1, which
#: two-photon imaging sees best and Li et al. (2019) recorded too.
AREA_OF_FIGURES = "VISp_layer23"
#: Visual areas by their short names.
AREAS = {
    "VISp": "primary (V1)",
    "VISl": "lateromedial (LM)",
    "VISal": "anterolateral (AL)",
    "VISrl": "rostrolateral (RL)",
    "VISam": "anteromedial (AM)",
    "VISpm": "posteromedial (PM)",
}


@dataclass(frozen=True, eq=False, repr=False)
class AllenScenes:
    """Correlations of trial-averaged population responses, for 21 pairs of area and layer.

    Attributes:
        matrices: (118, 118) float64 by ``<area>_<layer>``, such as ``VISp_layer23``; the row of
            the blank screen is left out.
        ceilings: how reliable each matrix is, from 0 to 1, by the same names.
        scenes: (118, 1, 31, 31) uint8, squeezed into squares.
    """

    matrices: dict[str, Tensor]
    ceilings: dict[str, float]
    scenes: Tensor

    def similarity(self, population: str) -> Tensor:
        """One matrix.

        Raises:
            ValueError: there is no such population.
        """
        return self.matrices[check_choice("population", population, self.matrices)]

    def stimuli(self, height: int, width: int) -> Tensor:
        """The scenes in their own shape, `width` pixels wide, the middle `height` rows."""
        return stimuli(self.scenes, height=height, width=width, aspect=ASPECT)


def read_allen(folder: Path) -> AllenScenes | None:
    """The matrices and scenes in `folder`, the data folder, or None where they are missing.

    The scenes are those of de Vries et al. (2020); the matrices were made from their recordings by
    Conwell et al. (2021) and published with their code.

    Raises:
        DataError: a file is missing beside the others, or cannot be used; its name is given. So is
            a population that has a matrix and no noise ceiling, or the other way round.
    """
    place = folder / FOLDER
    if not place.is_dir():
        return None
    for name in (MATRICES, SCENES, CEILINGS):
        if not (place / name).is_file():
            raise DataError(f"{place} lacks the file {name}")
    matrices = {
        name: _matrix(place / MATRICES, name, array)
        for name, array in read_arrays(place / MATRICES).items()
    }
    ceilings = _ceilings(place / CEILINGS)
    if odd := sorted(matrices.keys() ^ ceilings.keys()):
        there, lacks = (MATRICES, CEILINGS) if odd[0] in matrices else (CEILINGS, MATRICES)
        raise DataError(
            f"{place / lacks} lacks {odd[0]}, which {there} holds; both should hold the same "
            "populations"
        )
    return AllenScenes(matrices, ceilings, _scenes(place / SCENES))


def _matrix(path: Path, name: str, array: NDArray) -> Tensor:
    size = COUNT + 1
    if array.shape != (size, size) or array.dtype.kind != "f":
        raise DataError(
            f"{path} holds {name} of {array.dtype} {array.shape} and should hold floating point "
            f"({size}, {size})"
        )
    if not np.isfinite(array).all() or not np.allclose(array, array.T, atol=1e-6):
        raise DataError(f"{path} holds {name} with NaN or not symmetric and should hold neither")
    if not np.allclose(array.diagonal(), 1, atol=1e-6) or np.abs(array).max() > 1 + 1e-6:
        raise DataError(f"{path} holds {name}, which is no matrix of correlations")
    return torch.from_numpy(array[:COUNT, :COUNT].astype(np.float64))


def _scenes(path: Path) -> Tensor:
    scenes = read_array(path, path)
    if scenes.dtype != np.uint8 or scenes.shape != (COUNT, 31, 31):
        raise DataError(
            f"{path} holds {scenes.dtype} {scenes.shape} and should hold uint8 ({COUNT}, 31, 31)"
        )
    return torch.from_numpy(scenes)[:, None]


def _ceilings(path: Path) -> dict[str, float]:
    try:
        table = pd.read_csv(path).astype({"mean": float})
        names = table["area"] + "_" + table["layer"]
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(f"{path} lacks area, layer or mean ({error})") from error
    if names.duplicated().any():
        raise DataError(f"{path} holds {names[names.duplicated()].iloc[0]} twice")
    if not table["mean"].between(0, 1).all():  # NaN is not
        raise DataError(f"{path} holds means that are not from 0 to 1")
    return dict(zip(names, table["mean"].tolist(), strict=True))
