"""Files of plain arrays: nothing in them is unpickled."""

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
