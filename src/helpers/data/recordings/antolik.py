"""Recorded mouse V1: three regions of Antolík, Hofer, Bednar and Mrsic-Flogel (2016)."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from helpers.checks import check_count
from helpers.data.arrays import read_array
from helpers.data.integrity import DataError
from helpers.data.recordings.recording import Recording

FOLDER = Path("mouse_v1") / "antolik2016"
IMAGES, SIDE = 50, 31
#: Repeats and neurons of each region.
REGIONS = {1: (10, 103), 2: (8, 55), 3: (12, 102)}
SOURCE = "mouse V1, two-photon imaging, Antolík et al. (2016)"


def read_antolik(folder: Path, region: int) -> Recording | None:
    """The repeated images of one region, or None where the data folder `folder` has no files of it.

    Regions 1 and 2 were shown the same 50 photographs, region 3 others. The responses to images
    that were shown once are in the files too, but those images are not, so they are left out.

    Args:
        folder: the data folder.
        region: 1, 2 or 3.

    Raises:
        ValueError: there is no such region.
        DataError: a file is missing beside the other, has another shape, or holds NaN.
    """
    check_count("region", region, 1, 3)
    place = folder / FOLDER / f"region{region}"
    if not place.is_dir():
        return None
    repeats, neurons = REGIONS[region]
    responses = _read(place / "raw_validation_set.npy", (repeats, IMAGES, neurons))
    pixels = _read(place / "validation_inputs.npy", (IMAGES, SIDE * SIDE))
    # The files hold gray levels from 0 to 255 times a millionth.
    gray = pixels * 1e6
    levels = gray.round()
    if np.abs(gray - levels).max() > 1e-3 or levels.min() < 0 or levels.max() > 255:
        raise DataError(
            f"{place / 'validation_inputs.npy'} should hold gray levels from 0 to 255, times 1e-6"
        )
    return Recording(
        name=f"region {region}",
        source=SOURCE,
        images=torch.from_numpy(levels.astype(np.uint8)).view(IMAGES, 1, SIDE, SIDE),
        shown=torch.arange(IMAGES).repeat(repeats),
        responses=torch.from_numpy(responses.astype(np.float32)).flatten(0, 1),
        tier=("test",) * (repeats * IMAGES),
    )


def _read(path: Path, shape: tuple[int, ...]) -> NDArray[np.float64]:
    if not path.is_file():
        raise DataError(f"{path.parent} lacks the file {path.name}")
    found = read_array(path, path)
    if found.dtype.kind != "f" or found.shape != shape:
        raise DataError(
            f"{path} holds {found.dtype} {found.shape} and should hold floating point {shape}"
        )
    if not np.isfinite(found).all():
        raise DataError(f"{path} holds NaN or infinite numbers")
    return found.astype(np.float64)
