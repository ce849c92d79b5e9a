"""Half of a long search for minimal perturbations, on disk."""

import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from helpers.attacks.norms import NORMS
from helpers.attacks.result import Model
from helpers.digest import digest_tensors
from helpers.evaluation.smallest import MinimalNorms
from helpers.files import replacing

#: Images on which a model is asked for the digest.
ASKED = 32


@torch.no_grad()
def digest(model: Model, images: Tensor, labels: Tensor, request: str) -> str:
    """A SHA-256 of everything that decides a result.

    Of a module these are the kinds of its parts with their settings, its parameters and buffers,
    and its answers to the first images. Of any other callable only its scores of those images can
    be seen, to three digits: the same model may round otherwise on another day.
    """
    sha = hashlib.sha256(request.encode())
    scores = model(images[:ASKED])
    tensors = [images, labels, scores.argmax(1)]
    if isinstance(model, nn.Module):
        sha.update(repr([_settings(part) for part in model.modules()]).encode())
        sha.update(repr(list(model.state_dict())).encode())
        tensors += model.state_dict().values()
    else:
        sha.update(repr([f"{score:.2e}" for score in scores.flatten().tolist()]).encode())
    sha.update(digest_tensors(tensors).encode())
    return sha.hexdigest()


def _settings(module: nn.Module) -> tuple[str, dict[str, object]]:
    """The kind of a module, and its attributes that are plain values, such as a temperature."""
    plain = (bool, int, float, str, tuple, type(None))
    found: dict[str, object] = {
        name: value for name, value in sorted(vars(module).items()) if isinstance(value, plain)
    }
    return f"{type(module).__module__}.{type(module).__qualname__}", found


class Checkpoint:
    """A ``.npz`` file, without pickles, that belongs to one request.

    Args:
        path: where it is or will be.
        request: the digest of the request.
    """

    def __init__(self, path: Path, request: str) -> None:
        self.path = path
        self.request = request

    def load(self, into: MinimalNorms) -> int:
        """Copy what was found before, if there is a file; the number of batches that are done.

        Raises:
            ValueError: the file is torn, or it belongs to another request.
        """
        if not self.path.exists():
            return 0
        try:
            # Opened here, because NumPy leaves a torn file open.
            with self.path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            request, done = str(arrays["request"]), int(arrays["done"])
            norms, found_by = arrays["norms"], arrays["found_by"]
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"checkpoint {self.path} is torn or no checkpoint ({error}); "
                "delete it to start from the beginning"
            ) from error
        shape = (len(NORMS), len(into))
        if request != self.request or norms.shape != shape or found_by.shape != shape:
            raise ValueError(
                f"checkpoint {self.path} belongs to another model, other images or other "
                "settings; name another file, or delete it to start from the beginning"
            )
        for row, norm in enumerate(NORMS):
            into.norms[norm][:] = norms[row]
            into.found_by[norm][:] = found_by[row]
        return done

    def save(self, found: MinimalNorms, done: int) -> None:
        """Write all that was found in the first `done` batches, whole or not at all."""
        with replacing(self.path) as fresh, fresh.open("wb") as file:
            np.savez(
                file,
                request=self.request,
                done=done,
                norms=np.stack([found.norms[norm] for norm in NORMS]),
                found_by=np.stack([found.found_by[norm] for norm in NORMS]),
            )
            file.flush()
            os.fsync(file.fileno())
