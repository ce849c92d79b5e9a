"""Files of tensors, read without running what they hold."""

import struct
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, BinaryIO

import torch

#: What torch raises at files that are torn, of another kind, or hold more than tensors.
_UNREADABLE = (RuntimeError, EOFError, LookupError, ValueError, struct.error, UnpicklingError)


def read_tensors(
    file: Path | BinaryIO, device: str | torch.device = "cpu", *, name: object = None
) -> Any:
    """What ``torch.save`` wrote to `file`: tensors and plain values, nothing else.

    Args:
        file: a path, or a file that is open already.
        device: where the tensors go.
        name: what messages call the file; its path when not given.

    Raises:
        ValueError: the file is torn, another kind of file, or holds more, which could be code.
        OSError: it cannot be opened.
    """
    try:
        return torch.load(file, weights_only=True, map_location=device)
    except _UNREADABLE as error:
        called = file if name is None else name
        raise ValueError(
            f"{called} cannot be read: it is torn or holds more than tensors, which could be code"
        ) from error
