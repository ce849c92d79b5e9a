"""Training a conventional classifier by backpropagation."""

from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from helpers.checks import check_count, check_images, check_labels, check_positive


def train_classifier(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    *,
    classes: int = 10,
    epochs: int = 5,
    batch: int = 50,
    learning_rate: float = 1e-3,
    seed: int = 0,
    checkpoint: Path | None = None,
    on_epoch: Callable[[int, float], None] = lambda number, loss: None,
) -> nn.Module:
    """Train `model` in place with Adam on the cross-entropy and return it in evaluation mode.

    The learning rate falls to zero along a half cosine over all steps.

    Args:
        images: (n, ...) in [0, 1].
        labels: (n,).
        seed: decides the order of the images; the initial weights are the caller's.
        checkpoint: a file, written after each epoch; training goes on from it if it is there.
        on_epoch: called with the epoch's number and its mean loss.

    Raises:
        ValueError: images outside [0, 1] or NaN, labels out of range, `epochs` or `batch`
            below 1, `learning_rate` not above 0, or a checkpoint that cannot be read.
    """
    check_images(images)
    check_labels(labels, len(images), classes)
    check_count("epochs", epochs, 1)
    check_count("batch", batch, 1)
    check_positive("learning_rate", learning_rate)
    generator = torch.Generator().manual_seed(seed)
    steps = epochs * -(-len(images) // batch)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    first = 1
    if checkpoint is not None and checkpoint.exists():
        held = _read(checkpoint, images.device)
        model.load_state_dict(held["model"])
        optimizer.load_state_dict(held["optimizer"])
        schedule.load_state_dict(held["schedule"])
        generator.set_state(held["order"].cpu())
        first = held["epoch"] + 1
    model.train()
    for number in range(first, epochs + 1):
        order = torch.randperm(len(images), generator=generator).to(images.device)
        total = 0.0
        for rows in order.split(batch):
            loss = cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(rows)
        if checkpoint is not None:
            state = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "order": generator.get_state(),
                "epoch": number,
            }
            checkpoint.parent.mkdir(parents=True, exist_ok=True)
            fresh = checkpoint.with_suffix(".new")
            torch.save(state, fresh)
            fresh.replace(checkpoint)
        on_epoch(number, total / len(images))
    return model.eval()


def _read(path: Path, device: torch.device) -> dict[str, Any]:
    try:
        return torch.load(path, weights_only=True, map_location=device)
    except (RuntimeError, EOFError, UnpicklingError) as error:
        raise ValueError(
            f"checkpoint {path} cannot be read (it is torn or holds more than weights); "
            "delete it to train from the start"
        ) from error
