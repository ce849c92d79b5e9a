"""Files of several plain arrays: nothing in them is unpickled."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: What numpy raises at files that are torn, of another kind, or hold Python objects.
UNREADABLE = (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


def read_arrays(path: Path) -> dict[str, NDArray]:
    """The arrays of a ``.npz`` file, by name; the file is closed behind it.

    Raises:
        ValueError: the file is missing, truncated, corrupt or holds Python objects.
    """
    try:
        # Opened as a zip first: numpy would take a lone .npy array for what is asked.
        with zipfile.ZipFile(path), np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except UNREADABLE as error:
        raise ValueError(
            f"{path} cannot be read as a .npz file of plain arrays ({error})"
        ) from error
