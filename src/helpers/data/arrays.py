"""Files of plain arrays: nothing in them is unpickled."""

import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from helpers.data.integrity import DataError

#: What numpy raises at files that are torn, of another kind, or hold Python objects.
_UNREADABLE = (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


def read_array(file: Path | BinaryIO, name: object) -> NDArray:
    """The array of a ``.npy`` file, which is closed behind it; messages call it `name`.

    Raises:
        DataError: the file is truncated, corrupt, or holds Python objects or several arrays.
    """
    try:
        # Opened here: numpy leaves a file open that only begins as a .npz does.
        with file.open("rb") if isinstance(file, Path) else file as opened:
            found = np.load(opened, allow_pickle=False)
    except _UNREADABLE as error:
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
        # Opened as a zip first: numpy would take a lone .npy array for what is asked.
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except _UNREADABLE as error:
        raise DataError(
            f"{path} cannot be read as a .npz file of plain arrays ({error})"
        ) from error
