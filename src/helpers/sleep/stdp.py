"""Spike-timing-dependent plasticity, in the form that sleep has it: who fired in the same step.

When a receiving cell fires, each of its synapses changes: up where the sending cell fired in this
step too, down where it did not.
"""

import torch
from torch import Tensor

#: The width of the gate, in units of a weight.
GATE_WIDTH = 0.001


def gate(weights: Tensor) -> Tensor:
    """``g(W) = 2 (1 - sigmoid(W / 0.001))``: 2 for a negative weight, 0 for a positive one.

    Only in Tadros et al.'s code. With it a weight never changes again once ``exp(-W / 0.001)`` is
    lost when 1 is added to it: above about .017 in single precision, .037 in double.
    """
    return 2 * (1 - 1 / (1 + torch.exp(-weights / GATE_WIDTH)))


def stdp_(
    weights: Tensor,
    before: Tensor,
    after: Tensor,
    *,
    potentiation: float,
    depression: float,
    gated: bool,
) -> Tensor:
    """Change `weights` in place as one step of spikes asks, and return them.

    Args:
        weights: (receiving cells, sending cells).
        before: (sending cells,) bool, who fired.
        after: (receiving cells,) bool.
        potentiation: added where both fired.
        depression: subtracted where only the receiving cell fired.
        gated: whether both are multiplied by :func:`gate` of the weight.

    Raises:
        ValueError: the shapes do not fit, or the spikes are not bool.
    """
    if weights.shape != (*after.shape, *before.shape):
        raise ValueError(
            f"weights have shape {tuple(weights.shape)}; it may be "
            f"{(*after.shape, *before.shape)}, receiving by sending cells"
        )
    if before.dtype != torch.bool or after.dtype != torch.bool:
        raise ValueError(f"spikes are {before.dtype} and {after.dtype}; they may be bool")
    change = torch.full_like(weights[0], -depression).masked_fill(before, potentiation)
    rows = weights[after]
    weights[after] = rows + (change * gate(rows) if gated else change)
    return weights
