"""Running someone else's attack: its random numbers, its warnings and its answer."""

import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from helpers.attacks.norms import per_image, project, size
from helpers.attacks.result import AttackResult, Model
from helpers.attacks.shield import Shield
from helpers.seeding import seeded_torch

#: Shielded model, images (n, ...), labels (n,) and, if it has one, the budget: images to judge.
Search = Callable[[Shield, Tensor, Tensor, float | None], Tensor]

#: Brendel and Bethge's L0 attack does not count smaller changes (foolbox's own threshold).
UNCOUNTED = 1e-4


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Global random numbers that start from `seed` inside and go on as before afterwards.

    Warnings are silent inside: the libraries' own are about how they are written (deprecated
    imports, means of nothing, read-only arrays), and a debugger's trace function, which AutoAttack
    removes, is put back.
    """
    numpy_state, python_state, trace = np.random.get_state(), random.getstate(), sys.gettrace()
    with seeded_torch(seed), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            np.random.seed(seed % 2**32)
            random.seed(seed)
            yield
        finally:
            np.random.set_state(numpy_state)
            random.setstate(python_state)
            if sys.gettrace() is not trace:
                sys.settrace(trace)


def run_fixed(
    search: Search,
    model: Model,
    images: Tensor,
    labels: Tensor,
    eps: float,
    norm: str,
    seed: int,
) -> AttackResult:
    """Search within a budget; what comes back is put into the ball, measured and judged anew."""
    with seeded(seed):
        found = search(Shield(model, images), _precise(images), labels.long(), eps)
    x = project(_or_original(found, images), images, eps, norm)
    return AttackResult(x, size(x - images, norm), _predicted(model, x, images) != labels)


def run_minimal(
    search: Search, model: Model, images: Tensor, labels: Tensor, norm: str, seed: int
) -> AttackResult:
    """Search for the smallest perturbation of every image that is right at first.

    An image that is wrong already has the perturbation 0. One whose search fails keeps its pixels
    and has the size infinity.
    """
    shield = Shield(model, images)
    wrong = _predicted(model, images, images) != labels
    x = images.clone()
    if not wrong.all():
        right = ~wrong
        with seeded(seed):
            found = search(shield, _precise(images[right]), labels[right].long(), None)
        x[right] = _or_original(found, images[right]).clamp(0, 1)
    if norm == "l0":
        x = _without_dust(model, x, images, labels)
    # Judged in the batch that a caller would judge it in: rounding can depend on the batch.
    success = (_predicted(model, x, images) != labels) | wrong
    x = torch.where(per_image(success, images), x, images)
    return AttackResult(x, size(x - images, norm).masked_fill(~success, float("inf")), success)


def _precise(images: Tensor) -> Tensor:
    """Images in the precision in which the libraries work: 32 bits at least."""
    return images.to(torch.promote_types(images.dtype, torch.float32), copy=True)


def _or_original(found: Tensor, images: Tensor) -> Tensor:
    """What was found, or the image where that holds NaN or infinity."""
    found = found.detach().to(images.dtype)
    finite = found.isfinite().flatten(1).all(1)
    return torch.where(per_image(finite, images), found, images)


def _without_dust(model: Model, x: Tensor, images: Tensor, labels: Tensor) -> Tensor:
    """`x` with changes too small to count undone, wherever that leaves it misclassified."""
    clean = torch.where((x - images).abs() > UNCOUNTED, x, images)
    still = _predicted(model, clean, images) != labels
    return torch.where(per_image(still, images), clean, x)


def _predicted(model: Model, x: Tensor, like: Tensor) -> Tensor:
    """The class (n,) of the largest score."""
    return Shield(model, like)(x.detach()).argmax(1)
