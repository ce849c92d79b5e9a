"""The granule layer: a fixed random expansion of the inputs (Liu, Li and Chen 2021, eq. 1)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from helpers.cerebellum.sparse_product import SparseActivity, Synapses
from helpers.checks import check_count, check_same_device

#: Numbers that one piece of gathered inputs may hold.
_PIECE = 1 << 26


def is_dense(k: int, d: int) -> bool:
    """From about a quarter of all inputs on, a matrix product beats gathering the inputs."""
    return 4 * k > d


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
    _J: Tensor | None

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
        drawn_dense = indices is not None and is_dense(self.k, d)
        self.register_buffer("_J", self.matrix() if drawn_dense else None, persistent=False)
        self._synapses: Synapses | None = None
        self.register_load_state_dict_post_hook(lambda layer, _: layer._lay_out())

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

    @property
    def J(self) -> Tensor | None:
        """(d, m), where a product with it is the fastest way; else None."""
        return self.weights if self.indices is None else self._J

    def _lay_out(self) -> None:
        """Make the copies follow weights that were loaded."""
        self._synapses = None
        if self._J is not None:
            self._J = self.matrix()

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "GranuleLayer":
        """Follow a move to another device or precision."""
        self._synapses = None
        return super()._apply(fn, recurse)

    def synapses(self) -> Synapses:
        """The sparse layer as sparse matrices, made when they are first needed.

        They follow weights that are loaded, moved or cast, not weights that are changed in place.

        Raises:
            ValueError: the layer is fully connected.
        """
        if self.indices is None:
            raise ValueError("granule is fully connected; it may be sparse")
        if self._synapses is None:
            self._synapses = Synapses(self.indices, self.weights, self.d)
        return self._synapses

    def matrix(self) -> Tensor:
        """J as a dense matrix of shape (d, m)."""
        if self.indices is None:
            return self.weights
        J = self.weights.new_zeros(self.d, self.m)
        cells = torch.arange(self.m, device=J.device).expand(self.k, self.m).T
        return J.index_put_((self.indices.long(), cells), self.weights, accumulate=True)

    def check(self, x: Tensor) -> Tensor:
        """Return inputs `x` if they are (n, d), of the weights' type and on their device.

        Raises:
            ValueError: they are not.
        """
        if x.ndim != 2 or x.shape[1] != self.d:
            raise ValueError(f"x has shape {tuple(x.shape)}; it may be (n, {self.d})")
        if x.dtype != self.weights.dtype:
            raise ValueError(f"x is {x.dtype}; it may be {self.weights.dtype} like the weights")
        check_same_device(x=x, weights=self.weights)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Granule activity h (n, m) of inputs x (n, d)."""
        self.check(x)
        if self.J is not None:
            return (x @ self.J).relu_()
        assert self.indices is not None
        if x.device.type == "cuda":
            return SparseActivity.apply(x, self.synapses())
        cells = max(1, _PIECE // (self.k * max(1, len(x))))
        drive = [
            (x[:, indices] * weights).sum(-1)  # (n, cells, k): in pieces, to bound the memory
            for indices, weights in zip(
                self.indices.split(cells), self.weights.split(cells), strict=True
            )
        ]
        return torch.cat(drive, 1).relu_()
