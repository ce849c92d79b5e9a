"""Arrays that take minutes to make, kept under the hash of what they are made of."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from helpers.digest import digest_tensors
from helpers.files import replacing


def cached(
    folder: Path, name: str, parts: Iterable[Tensor | str], make: Callable[[], Tensor]
) -> Tensor:
    """What `make` returns, from `folder` if it was made of the same before.

    Args:
        folder: a git-ignored cache.
        name: begins the file's name.
        parts: everything the result depends on: tensors, and texts such as settings and code.
        make: computes it.

    Raises:
        ValueError: the file of an earlier run is torn.
    """
    digest = hashlib.sha256()
    for part in parts:
        text = f"text {part}" if isinstance(part, str) else f"tensor {digest_tensors([part])}"
        digest.update(f"{text}\n".encode())
    place = folder / f"{name}-{digest.hexdigest()[:16]}.npy"
    if place.exists():
        try:
            return torch.from_numpy(np.load(place, allow_pickle=False))
        except (ValueError, OSError, EOFError) as error:
            raise ValueError(f"{place} cannot be read ({error}); delete it") from error
    made = make().cpu()
    with replacing(place) as fresh, fresh.open("wb") as file:
        np.save(file, made.numpy())
    return made
