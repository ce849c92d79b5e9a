"""Training a cerebellum as the authors' code does: shuffled epochs, and the best one is kept."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from helpers.cerebellum.delta_rule import PlainLearner
from helpers.cerebellum.learners import fastest_learner
from helpers.cerebellum.model import Cerebellum
from helpers.cerebellum.progress import Epoch, Progress, identity
from helpers.checks import check_count, check_images, check_labels, check_same_device
from helpers.training.accuracy import accuracy


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
        checkpoint: a ``.npz`` file, written after each epoch. Where it is there and belongs to this
            very training, training goes on from it.
        on_epoch: called after each epoch, with the model as it is then; after an interruption it
            may be called again for the epoch that was not saved yet.

    Raises:
        ValueError: no images, images outside [0, 1] or NaN, labels out of range, tensors on
            different devices; the model is in training mode; `batch` or `epochs` below 1, `seed`
            below 0; the checkpoint is torn, no checkpoint, or belongs to another training: other
            images, settings or first weights.
    """
    check_count("batch", batch, 1)
    check_count("epochs", epochs, 1)
    check_count("seed", seed, 0)
    check_count("number of training images", len(train_images), 1)
    check_count("number of test images", len(test_images), 1)
    if model.training:
        raise ValueError("model is in training mode; it may be in evaluation mode (model.eval())")
    for images, labels in ((train_images, train_labels), (test_images, test_labels)):
        check_images(images)
        check_labels(labels, len(images), model.classes)
        check_same_device(images=images, labels=labels, W=model.W)
        model.granule.check(images.flatten(1))
    x, x_test = train_images.flatten(1), test_images.flatten(1)
    generator = torch.Generator().manual_seed(seed)
    at_work = (learner or fastest_learner(model, batch))(model, learning_rate(model.granule.m))
    progress = Progress.start(at_work, generator)
    request = ""
    if checkpoint is not None:
        settings = {"batch": batch, "epochs": epochs, "seed": seed}
        request = identity(at_work, settings, (x, train_labels, x_test, test_labels))
        if checkpoint.exists():
            progress.restore(checkpoint, request)
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
            progress.save(checkpoint, request)
    progress.take_best()
    return progress.history
