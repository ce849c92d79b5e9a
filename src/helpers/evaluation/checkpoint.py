"""Half of a long search for minimal perturbations, on disk."""

import hashlib
import os
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from helpers.arrays import read_arrays
from helpers.attacks.norms import NORMS
from helpers.attacks.result import Model
from helpers.digest import digest_tensors
from helpers.evaluation.smallest import MinimalNorms
from helpers.files import replacing

#: Images on which a model is asked who it is.
ASKED = 32
#: How far the scores of one model may be apart on two days, as a share of the largest.
ROUNDING = 1e-3


def digest(model: Model, images: Tensor, labels: Tensor, request: str) -> str:
    """A SHA-256 of what decides a result and can be compared exactly.

    Of a module these are the kinds of its parts with their settings, its parameters and buffers; of
    any other callable nothing. What else a model hides shows in its :func:`answers`.
    """
    sha = hashlib.sha256(request.encode())
    tensors = [images, labels]
    if isinstance(model, nn.Module):
        sha.update(repr([_settings(part) for part in model.modules()]).encode())
        sha.update(repr(list(model.state_dict())).encode())
        tensors += model.state_dict().values()
    sha.update(digest_tensors(tensors).encode())
    return sha.hexdigest()


@torch.no_grad()
def answers(model: Model, images: Tensor) -> NDArray[np.float64]:
    """Scores (n, classes) of the first images, by which a model is known again.

    They are compared with a tolerance, as the same model may round otherwise on another day.
    """
    return model(images[:ASKED]).double().cpu().numpy()


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
        model, images, labels: what is searched for the smallest perturbations.
        request: the settings of the search, as text.
    """

    def __init__(
        self, path: Path, model: Model, images: Tensor, labels: Tensor, request: str
    ) -> None:
        self.path = path
        self.request = digest(model, images, labels, request)
        self.scores = answers(model, images)

    def load(self, into: MinimalNorms) -> int:
        """Copy what was found before, if there is a file; the number of batches that are done.

        Raises:
            ValueError: the file is torn or no checkpoint, or it belongs to another request; that of
                a model that draws random numbers always does.
        """
        if not self.path.exists():
            return 0
        way_out = "name another file, or delete it to start from the beginning"
        try:
            arrays = read_arrays(self.path)
        except ValueError as error:
            raise ValueError(f"checkpoint {error}; {way_out}") from error
        missing = sorted({"request", "scores", "done", "norms", "found_by"} - set(arrays))
        if missing:
            raise ValueError(f"checkpoint {self.path} lacks {', '.join(missing)}; {way_out}")
        if str(arrays["request"]) != self.request or not self._known(arrays["scores"]):
            raise ValueError(
                f"checkpoint {self.path} belongs to another model, other images or other "
                f"settings; {way_out}"
            )
        # Of one request all shapes are the same.
        for row, norm in enumerate(NORMS):
            into.norms[norm][:] = arrays["norms"][row]
            into.found_by[norm][:] = arrays["found_by"][row]
        return int(arrays["done"])

    def _known(self, scores: NDArray) -> bool:
        """Whether scores of an earlier day are those of this model."""
        if scores.shape != self.scores.shape:
            return False
        largest = np.abs(self.scores).max()
        return bool((np.abs(scores - self.scores) <= ROUNDING * largest).all())

    def save(self, found: MinimalNorms, done: int) -> None:
        """Write all that was found in the first `done` batches, whole or not at all."""
        with replacing(self.path) as fresh, fresh.open("wb") as file:
            np.savez(
                file,
                request=self.request,
                scores=self.scores,
                done=done,
                norms=np.stack([found.norms[norm] for norm in NORMS]),
                found_by=np.stack([found.found_by[norm] for norm in NORMS]),
            )
            file.flush()
            os.fsync(file.fileno())
