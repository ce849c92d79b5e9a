"""Shared code of *Borrowed Brains*; each subpackage is one step of the book's argument."""

import os
import sys
from typing import Any

__all__ = ["checkup"]

# Numba's OpenMP layer shares its number of threads with torch's convolutions: kernels that set it
# make a convolution run on more threads than it has memory for, which corrupts the heap. Numba's
# own layer keeps to itself.
os.environ.setdefault("NUMBA_THREADING_LAYER", "workqueue")
if "numba" in sys.modules:  # imported by another library already, and the variable not read again
    sys.modules["numba"].config.THREADING_LAYER = os.environ["NUMBA_THREADING_LAYER"]


def __getattr__(name: str) -> Any:
    """``helpers.checkup``, without bringing torch to whoever imports something small."""
    if name == "checkup":
        from helpers.evaluation.checkup import checkup

        return checkup
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
