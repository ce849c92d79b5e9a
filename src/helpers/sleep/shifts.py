"""The change that sleep made to the first weights, without the sleep."""

import copy
from typing import Literal, get_args

import torch

from helpers.checks import check_choice
from helpers.sleep.network import SleepNetwork

Shift = Literal["mean", "rows", "shuffled"]
SHIFTS: tuple[Shift, ...] = get_args(Shift)


@torch.no_grad()
def shifted(
    before: SleepNetwork, after: SleepNetwork, kind: Shift, *, seed: int = 0
) -> SleepNetwork:
    """`before` with a plain substitute for the change of its first layer's weights in sleep.

    Args:
        before: the network before sleep; not changed.
        after: the same network after it.
        kind: "mean" adds the mean change to every weight; "rows" adds to all weights of a receiving
            cell the mean change of that cell's; "shuffled" adds the changes in random places.
        seed: of the places.

    Raises:
        ValueError: `kind` is unknown, or the two networks have different sizes.
    """
    check_choice("kind", kind, SHIFTS)
    if before.sizes != after.sizes:
        raise ValueError(f"after has sizes {after.sizes}; it may have {before.sizes}, as before")
    change = after.weights[0] - before.weights[0]
    if kind == "mean":
        change = change.mean().expand_as(change)
    elif kind == "rows":
        change = change.mean(1, keepdim=True).expand_as(change)
    else:
        places = torch.randperm(change.numel(), generator=torch.Generator().manual_seed(seed))
        change = change.flatten()[places.to(change.device)].view_as(change)
    found = copy.deepcopy(before)
    found.layers[0].weight.data.add_(change)
    return found.eval()
