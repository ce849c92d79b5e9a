"""How far the training of a cerebellum is, in memory and on disk."""

import hashlib
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from helpers.arrays import read_arrays
from helpers.cerebellum.delta_rule import PlainLearner
from helpers.digest import digest_tensors
from helpers.files import replacing


@dataclass(frozen=True)
class Epoch:
    """One epoch's accuracies in percent.

    Attributes:
        number: from 1.
        train_acc: on the first training images, as many of them as there are test images.
        test_acc: on all test images.
    """

    number: int
    train_acc: float
    test_acc: float


def identity(learner: PlainLearner, settings: dict[str, int], images: tuple[Tensor, ...]) -> str:
    """A SHA-256 of everything that decides how a training goes on.

    Args:
        learner: with its model as it is before the first step.
        settings: seed and sizes.
        images: what is learnt and tested, with labels.
    """
    model = learner.model
    rule = (type(learner).__module__, type(learner).__qualname__, learner.learning_rate)
    held = model.state_dict()  # weights of the granule layer too
    decisive = (settings, rule, model.beta, model.learns_bias, sorted(held))
    tensors = [*images, *(held[name] for name in sorted(held))]
    text = repr((decisive, digest_tensors(tensors)))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Progress:
    """Everything that training needs to go on after an interruption.

    Attributes:
        learner: with RMSprop's running squares.
        order: draws the order of the images.
        history: the epochs that are done.
        learned: by name the tensors that change: they are the model's own.
        best: the same after the epoch with the best test accuracy.
    """

    learner: PlainLearner
    order: torch.Generator
    history: list[Epoch]
    learned: dict[str, Tensor]
    best: dict[str, Tensor]

    @classmethod
    def start(cls, learner: PlainLearner, order: torch.Generator) -> "Progress":
        """Before the first epoch."""
        model = learner.model
        learned: dict[str, Tensor] = {"W": model.W, "mu": model.mu, "bias": model.bias}
        best = {name: tensor.clone() for name, tensor in learned.items()}
        return cls(learner, order, [], learned, best)

    def add(self, epoch: Epoch) -> None:
        """Take note of an epoch, with the model as it is then."""
        if epoch.test_acc > max((past.test_acc for past in self.history), default=-1):
            for name, tensor in self.learned.items():
                self.best[name].copy_(tensor)
        self.history.append(epoch)

    def take_best(self) -> None:
        """Put the model back to its best epoch."""
        for name, tensor in self.learned.items():
            tensor.copy_(self.best[name])

    def _tensors(self) -> dict[str, Tensor]:
        return {
            **self.learned,
            **{f"best_{name}": tensor for name, tensor in self.best.items()},
            "mean_square": self.learner.mean_square,
            "bias_square": self.learner.bias_square,
        }

    def save(self, path: Path, request: str) -> None:
        """Write the checkpoint of the training `request` to `path`, whole or not at all."""
        arrays: dict[str, Any] = {
            name: tensor.cpu().numpy() for name, tensor in self._tensors().items()
        }
        arrays["request"] = request
        arrays["order"] = self.order.get_state().numpy()
        arrays["history"] = np.array([astuple(epoch) for epoch in self.history])
        with replacing(path) as fresh, fresh.open("wb") as file:
            np.savez(file, **arrays)

    def restore(self, path: Path, request: str) -> None:
        """Go on from the checkpoint at `path`; where that is refused nothing has changed.

        Raises:
            ValueError: the file is torn or no checkpoint, or belongs to another training.
        """
        way_out = "name another file, or delete it to train from the start"
        try:
            arrays = read_arrays(path)
        except ValueError as error:
            raise ValueError(f"checkpoint {error}; {way_out}") from error
        tensors = self._tensors()
        missing = sorted({"request", "order", "history", *tensors} - set(arrays))
        if missing:
            raise ValueError(f"checkpoint {path} lacks {', '.join(missing)}; {way_out}")
        if str(arrays["request"]) != request:
            raise ValueError(f"checkpoint {path} belongs to another training; {way_out}")
        # Of one request all shapes are the same.
        for name, tensor in tensors.items():
            tensor.copy_(torch.from_numpy(arrays[name]))
        self.order.set_state(torch.from_numpy(arrays["order"]))
        self.history = [Epoch(int(n), *accuracies) for n, *accuracies in arrays["history"]]
