"""The granule layer: a fixed random expansion of the inputs (Liu, Li and Chen 2021, eq. 1)."""

import math

import torch
from torch import Tensor, nn

from helpers.checks import check_count, check_same_device

_CELLS = 1 << 16


class GranuleLayer(nn.Module):
    """h = relu(J^T x) with a fixed J of shape (d, m).

    Build one with :meth:`full` or :meth:`random`. The weights are buffers: nothing in the granule
    layer learns.

    Attributes:
        weights: (d, m) when fully connected; (m, k) when each cell has k inputs.
        indices: None when fully connected; else (m, k), the inputs of each cell.
        d: number of mossy fibres (pixels).
    """

    weights: Tensor
    indices: Tensor | None
    J: Tensor | None

    def __init__(self, weights: Tensor, indices: Tensor | None = None, *, d: int) -> None:
        super().__init__()
        if weights.ndim != 2:
            raise ValueError(f"weights have shape {tuple(weights.shape)}; it may be 2-dimensional")
        if indices is None and weights.shape[0] != d:
            raise ValueError(f"weights have {weights.shape[0]} rows; it may be d = {d}")
        if indices is not None:
            check_same_device(weights=weights, indices=indices)
            if indices.shape != weights.shape:
                raise ValueError(
                    f"indices have shape {tuple(indices.shape)}; it may be that of the weights, "
                    f"{tuple(weights.shape)}"
                )
            if indices.numel() and (indices.min() < 0 or indices.max() >= d):
                raise ValueError(
                    f"indices span {indices.min()} to {indices.max()}; they may be 0 to {d - 1}"
                )
        self.d = d
        self.register_buffer("weights", weights)
        self.register_buffer("indices", indices)
        # From about a quarter of all inputs on, a matrix product beats gathering the inputs.
        dense = indices is None or 4 * self.k > d
        self.register_buffer("J", self.matrix() if dense else None, persistent=False)

    @classmethod
    def full(cls, d: int, m: int, generator: torch.Generator) -> "GranuleLayer":
        """Fully connected (FC): every cell sees every input, weights N(0, 1/d)."""
        check_count("d", d, 1)
        check_count("m", m, 1)
        return cls(torch.randn(d, m, generator=generator) / math.sqrt(d), d=d)

    @classmethod
    def random(cls, d: int, m: int, k: int, generator: torch.Generator) -> "GranuleLayer":
        """Randomly connected (RC): k inputs per cell, weights N(0, 1/k).

        Inputs are drawn with replacement, as in the authors' code, and the weights of an input
        that is drawn twice add up. RC with k = d is therefore not FC.

        Raises:
            ValueError: k is below 1 or above d.
        """
        check_count("d", d, 1)
        check_count("m", m, 1)
        check_count("k", k, 1, d)
        indices = torch.randint(d, (m, k), generator=generator, dtype=torch.int32)
        return cls(torch.randn(m, k, generator=generator) / math.sqrt(k), indices, d=d)

    @property
    def m(self) -> int:
        """Number of granule cells."""
        return self.weights.shape[1 if self.indices is None else 0]

    @property
    def k(self) -> int:
        """Inputs per cell."""
        return self.d if self.indices is None else self.weights.shape[1]

    def matrix(self) -> Tensor:
        """J as a dense matrix of shape (d, m)."""
        if self.indices is None:
            return self.weights
        J = self.weights.new_zeros(self.d, self.m)
        cells = torch.arange(self.m, device=J.device).expand(self.k, self.m).T
        return J.index_put_((self.indices.long(), cells), self.weights, accumulate=True)

    def forward(self, x: Tensor) -> Tensor:
        """Granule activity h (n, m) of inputs x (n, d)."""
        if x.ndim != 2 or x.shape[1] != self.d:
            raise ValueError(f"x has shape {tuple(x.shape)}; it may be (n, {self.d})")
        check_same_device(x=x, weights=self.weights)
        if self.J is not None:
            return (x @ self.J).relu_()
        assert self.indices is not None
        drive = [
            (x[:, indices] * weights).sum(-1)  # (n, cells, k): in pieces, to bound the memory
            for indices, weights in zip(
                self.indices.split(_CELLS), self.weights.split(_CELLS), strict=True
            )
        ]
        return torch.cat(drive, 1).relu_()
