"""Files of tensors, read without running what they hold."""

import struct
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

#: What torch raises at files that are torn, of another kind, or hold more than tensors.
_UNREADABLE = (RuntimeError, EOFError, LookupError, ValueError, struct.error, UnpicklingError)


def read_tensors(path: Path, device: str | torch.device = "cpu") -> Any:
    """What ``torch.save`` wrote to `path`: tensors and plain values, nothing else.

    Raises:
        ValueError: the file is torn, another kind of file, or holds more, which could be code.
        OSError: it cannot be opened.
    """
    try:
        return torch.load(path, weights_only=True, map_location=device)
    except _UNREADABLE as error:
        raise ValueError(
            f"{path} cannot be read: it is torn or holds more than tensors, which could be code"
        ) from error
