"""Files of plain arrays: nothing in them is unpickled."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from helpers import arrays
from helpers.data.integrity import DataError


def read_array(file: Path | BinaryIO, name: object) -> NDArray:
    """The array of a ``.npy`` file, which is closed behind it; messages call it `name`.

    Raises:
        DataError: the file is truncated, corrupt, or holds Python objects or several arrays.
    """
    try:
        # Opened here: numpy leaves a file open that only begins as a .npz does.
        with file.open("rb") if isinstance(file, Path) else file as opened:
            found = np.load(opened, allow_pickle=False)
    except arrays.UNREADABLE as error:
        raise DataError(f"{name} cannot be read as a plain array ({error})") from error
    if not isinstance(found, np.ndarray):  # NumPy opens a .npz under any name
        raise DataError(f"{name} holds several arrays and should hold one")
    return found


def read_arrays(path: Path) -> dict[str, NDArray]:
    """The arrays of a ``.npz`` file, by name.

    Raises:
        DataError: the file is truncated, corrupt or holds Python objects.
    """
    try:
        return arrays.read_arrays(path)
    except ValueError as error:
        raise DataError(str(error)) from error


def array_of(path: Path, held: Mapping[str, NDArray], name: str) -> NDArray:
    """The array `name` of those that the file `path` holds.

    Raises:
        DataError: there is none of that name.
    """
    if name not in held:
        raise DataError(f"{path} lacks the array {name}")
    return held[name]


def labels_of(
    path: Path, held: Mapping[str, NDArray], name: str, n: int, classes: int
) -> NDArray[np.int64]:
    """The array `name` of those that `path` holds, as labels (n,) from 0 to ``classes - 1``.

    Raises:
        DataError: there is none, or it is not that.
    """
    found = array_of(path, held, name)
    if found.dtype.kind not in "iu" or found.shape != (n,):
        raise DataError(
            f"{path} holds {name} of {found.dtype} {found.shape} and should hold whole numbers "
            f"({n},), one for each image"
        )
    if n and (found.min() < 0 or found.max() >= classes):
        raise DataError(
            f"{path} holds {name} from {found.min()} to {found.max()} and should hold 0 to "
            f"{classes - 1}"
        )
    return found.astype(np.int64)
