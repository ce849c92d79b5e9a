"""Files of plain arrays: nothing in them is unpickled."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers.data.integrity import DataError


def read_arrays(path: Path) -> dict[str, NDArray]:
    """The arrays of a ``.npz`` file, by name.

    Raises:
        DataError: the file is truncated, corrupt or holds Python objects.
    """
    try:
        # Opened as a zip first: numpy would take a lone .npy array for what is asked.
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read as a .npz file of plain arrays ({error})"
        ) from error
