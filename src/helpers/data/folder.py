"""Where the data folder is."""

import os
from pathlib import Path

from helpers.paths import ROOT

VARIABLE = "BORROWED_BRAINS_DATA"
#: The data folder when the variable is not set; git-ignored and allowed to be missing.
DEFAULT = ROOT / "data"


def data_folder() -> Path | None:
    """The folder named in ``BORROWED_BRAINS_DATA``, else ``data/`` of the checkout if it exists.

    Raises:
        ValueError: the variable is set and names no existing folder.
    """
    named = os.environ.get(VARIABLE)
    if named is None:
        return DEFAULT if DEFAULT.is_dir() else None
    folder = Path(named).expanduser().resolve()
    if not named or not folder.is_dir():
        way_out = f"Create {named!r}, or unset" if named else "Unset"
        raise ValueError(
            f"{VARIABLE} is {named!r}; it may be a folder that exists. "
            f"{way_out} the variable to use {DEFAULT}"
        )
    return folder


def download_folder() -> Path:
    """Where downloads go: the data folder, or ``data/`` of the checkout, which may be missing."""
    return data_folder() or DEFAULT
