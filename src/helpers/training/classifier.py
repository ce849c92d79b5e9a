"""Training a conventional classifier by backpropagation."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from helpers.checks import (
    check_count,
    check_images,
    check_labels,
    check_positive,
    check_same_device,
)
from helpers.digest import digest_tensors
from helpers.files import replacing
from helpers.tensors import read_tensors

#: From model, images (n, ...), labels (n,) and a CPU generator to the images (n, ...) of one step.
Prepare = Callable[[nn.Module, Tensor, Tensor, torch.Generator], Tensor]
#: Adam's learning rate at the start (Kingma and Ba 2014, algorithm 1).
LEARNING_RATE = 1e-3


def train_classifier(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    *,
    classes: int = 10,
    epochs: int = 5,
    batch: int = 50,
    learning_rate: float | None = None,
    optimizer: Callable[[list[nn.Parameter]], Optimizer] | None = None,
    loss: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    prepare: Prepare | None = None,
    seed: int = 0,
    checkpoint: Path | None = None,
    on_epoch: Callable[[int, float], None] = lambda number, loss: None,
) -> nn.Module:
    """Train `model` in place and return it in evaluation mode.

    By default with Adam on the cross-entropy, and the learning rate falls to zero along a half
    cosine over all steps.

    Args:
        images: (n, ...) in [0, 1].
        labels: (n,).
        learning_rate: Adam's, at the start; :data:`LEARNING_RATE` when not given.
        optimizer: makes another optimizer, whose own learning rate stays as it is.
        loss: from scores (n, classes) and labels (n,) to a number.
        prepare: changes each batch before the step: distortions, adversarial perturbations.
        seed: decides the order of the images; the initial weights are the caller's.
        checkpoint: a file, written after each epoch; training goes on from it if it is there, and
            ends with the weights it would have had. (Not so where the model itself draws random
            numbers, as dropout does.) Of `loss` and `prepare` it knows the names only.
        on_epoch: called with the epoch's number and its mean loss.

    Raises:
        ValueError: no images, images outside [0, 1] or NaN, labels out of range, tensors on
            different devices, `epochs` or `batch` below 1, `learning_rate` not above 0 or beside
            an `optimizer`, a loss or a parameter that is NaN or infinite after an epoch, or a
            checkpoint that cannot be read or belongs to another training.
    """
    check_count("number of images", len(images), 1)
    check_images(images)
    parameters = dict(model.named_parameters())
    check_same_device(
        images=images,
        labels=labels,
        **{f"the model's {name}": each for name, each in parameters.items()},
    )
    labels = check_labels(labels, len(images), classes).long()
    check_count("epochs", epochs, 1)
    check_count("batch", batch, 1)
    rate = check_positive(
        "learning_rate", LEARNING_RATE if learning_rate is None else learning_rate
    )
    if optimizer is not None and learning_rate is not None:
        raise ValueError(
            f"learning_rate is {learning_rate} beside an optimizer, which has its own; "
            "it may be None then"
        )
    generator = torch.Generator().manual_seed(seed)
    steps = epochs * -(-len(images) // batch)
    if optimizer is None:
        at_work: Optimizer = torch.optim.Adam(list(parameters.values()), lr=rate)
        schedule: LRScheduler = torch.optim.lr_scheduler.CosineAnnealingLR(at_work, steps)
    else:
        at_work = optimizer(list(parameters.values()))
        schedule = torch.optim.lr_scheduler.LambdaLR(at_work, lambda step: 1.0)
    first = 1
    identity = ""
    if checkpoint is not None:
        settings = (classes, epochs, batch, seed, schedule.base_lrs)
        chosen = (type(at_work).__name__, at_work.defaults, _name(loss), _name(prepare))
        shapes = [(name, tuple(tensor.shape)) for name, tensor in model.state_dict().items()]
        identity = repr((settings, chosen, shapes, digest_tensors([images, labels])))
    if checkpoint is not None and checkpoint.exists():
        held = _read(checkpoint, images.device)
        if not isinstance(held, dict) or held.get("identity") != identity:
            raise ValueError(
                f"checkpoint {checkpoint} belongs to another training; name another file, or "
                "delete it to train from the start"
            )
        model.load_state_dict(held["model"])
        at_work.load_state_dict(held["optimizer"])
        schedule.load_state_dict(held["schedule"])
        generator.set_state(held["order"].cpu())
        first = held["epoch"] + 1
    model.train()
    for number in range(first, epochs + 1):
        order = torch.randperm(len(images), generator=generator).to(images.device)
        total = 0.0
        for rows in order.split(batch):
            x, y = images[rows], labels[rows]
            if prepare is not None:
                x = prepare(model, x, y, generator)
            value = loss(model(x), y)
            at_work.zero_grad(set_to_none=True)
            value.backward()
            at_work.step()
            schedule.step()
            total += value.item() * len(rows)
        if not math.isfinite(total):
            raise ValueError(
                f"the loss of epoch {number} is {total / len(images)}; it may be a finite number: "
                "lower the learning rate"
            )
        for name, parameter in parameters.items():  # the last step's own loss is never asked for
            if not parameter.isfinite().all():
                raise ValueError(
                    f"{name} holds NaN or infinity after epoch {number}; every parameter may be a "
                    "finite number: lower the learning rate"
                )
        if checkpoint is not None:
            state = {
                "identity": identity,
                "model": model.state_dict(),
                "optimizer": at_work.state_dict(),
                "schedule": schedule.state_dict(),
                "order": generator.get_state(),
                "epoch": number,
            }
            with replacing(checkpoint) as fresh:
                torch.save(state, fresh)
        on_epoch(number, total / len(images))
    return model.eval()


def _name(function: Any) -> str:
    """What a function, or an object that can be called, is known by."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def _read(path: Path, device: torch.device) -> Any:
    try:
        return read_tensors(path, device)
    except ValueError as error:
        raise ValueError(f"checkpoint {error}; delete it to train from the start") from error
