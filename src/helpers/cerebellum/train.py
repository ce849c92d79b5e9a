"""Training a cerebellum as the authors' code does: shuffled epochs, and the best one is kept."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor

from helpers.cerebellum.delta_rule import PlainLearner
from helpers.cerebellum.learners import fastest_learner
from helpers.cerebellum.model import Cerebellum
from helpers.checks import check_count, check_images, check_labels, check_same_device
from helpers.files import replacing
from helpers.training.accuracy import accuracy


@dataclass(frozen=True)
class Epoch:
    """One epoch's accuracies in percent."""

    number: int
    train_acc: float
    test_acc: float


def learning_rate(m: int) -> float:
    """0.5 / m, the paper's rule for a granule layer of m cells (section 5)."""
    return 0.5 / check_count("m", m, 1)


def train(
    model: Cerebellum,
    train_images: Tensor,
    train_labels: Tensor,
    test_images: Tensor,
    test_labels: Tensor,
    *,
    batch: int = 50,
    epochs: int = 10,
    seed: int = 0,
    learner: type[PlainLearner] | None = None,
    checkpoint: Path | None = None,
    on_epoch: Callable[[Epoch], None] = lambda epoch: None,
) -> list[Epoch]:
    """Train `model` in place and leave it at the epoch with the best test accuracy.

    Choosing the epoch on test images is what the authors' code does; the history that is returned
    shows how much it matters.

    Args:
        train_images, test_images: (n, ...) with d pixels each, in [0, 1].
        train_labels, test_labels: (n,).
        batch: images per step.
        epochs: passes over the training images.
        seed: decides the order of the images.
        learner: how a step is computed; the fastest way on this machine when not given.
        checkpoint: a file, written after each epoch; training goes on from it if it is there.
        on_epoch: called after each epoch, with the model as it is then; after an interruption it
            may be called again for the epoch that was not saved yet.

    Raises:
        ValueError: images outside [0, 1] or NaN, labels out of range, tensors on different
            devices, `batch` or `epochs` below 1.
    """
    check_count("batch", batch, 1)
    check_count("epochs", epochs, 1)
    for images, labels in ((train_images, train_labels), (test_images, test_labels)):
        check_images(images)
        check_labels(labels, len(images), model.classes)
        check_same_device(images=images, labels=labels, W=model.W)
        model.granule.check(images.flatten(1))
    x, x_test = train_images.flatten(1), test_images.flatten(1)
    generator = torch.Generator().manual_seed(seed)
    at_work = (learner or fastest_learner(model, batch))(model, learning_rate(model.granule.m))
    learned = {"W": model.W, "mu": model.mu, "bias": model.bias}
    best = {name: tensor.clone() for name, tensor in learned.items()}
    progress = _Progress(at_work, generator, [], learned, best)
    if checkpoint is not None and checkpoint.exists():
        progress.restore(checkpoint)
    for number in range(len(progress.history) + 1, epochs + 1):
        order = torch.randperm(len(x), generator=generator).to(x.device)
        at_work.learn(x, train_labels, order, batch)
        sample = slice(0, len(x_test))  # as many training images as there are test images
        epoch = Epoch(
            number,
            accuracy(model, x[sample], train_labels[sample]),
            accuracy(model, x_test, test_labels),
        )
        progress.add(epoch)
        on_epoch(epoch)  # first, so that an epoch in a checkpoint is one that was reported
        if checkpoint is not None:
            progress.save(checkpoint)
    for name, tensor in learned.items():
        tensor.copy_(best[name])
    return progress.history


def _read(path: Path) -> dict[str, Any]:
    """The arrays of a checkpoint, never a pickle."""
    try:
        with path.open("rb") as file:
            return dict(np.load(file, allow_pickle=False))
    except (ValueError, EOFError, BadZipFile) as error:
        raise ValueError(
            f"checkpoint {path} cannot be read ({error}); delete it to train from the start"
        ) from error


@dataclass
class _Progress:
    """Everything that training needs to go on after an interruption."""

    learner: PlainLearner
    order: torch.Generator
    history: list[Epoch]
    learned: dict[str, Tensor]
    best: dict[str, Tensor]

    def add(self, epoch: Epoch) -> None:
        if epoch.test_acc > max((past.test_acc for past in self.history), default=-1):
            for name, tensor in self.learned.items():
                self.best[name].copy_(tensor)
        self.history.append(epoch)

    def _tensors(self) -> dict[str, Tensor]:
        return {
            **self.learned,
            **{f"best_{name}": tensor for name, tensor in self.best.items()},
            "mean_square": self.learner.mean_square,
            "bias_square": self.learner.bias_square,
        }

    def save(self, path: Path) -> None:
        arrays: dict[str, Any] = {
            name: tensor.cpu().numpy() for name, tensor in self._tensors().items()
        }
        arrays["order"] = self.order.get_state().numpy()
        arrays["history"] = np.array([astuple(epoch) for epoch in self.history])
        with replacing(path) as fresh, fresh.open("wb") as file:
            np.savez(file, **arrays)

    def restore(self, path: Path) -> None:
        arrays = _read(path)
        for name, tensor in self._tensors().items():
            held = torch.from_numpy(arrays[name])
            if held.shape != tensor.shape:
                raise ValueError(
                    f"checkpoint {path} holds {name} of shape {tuple(held.shape)}; "
                    f"it may be {tuple(tensor.shape)}"
                )
            tensor.copy_(held)
        self.order.set_state(torch.from_numpy(arrays["order"]))
        self.history = [Epoch(int(n), *accuracies) for n, *accuracies in arrays["history"]]
