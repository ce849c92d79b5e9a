"""Products with a sparse J as a sparse matrix: on a GPU much faster than gathering the inputs."""

import warnings
from typing import Any

import torch
from torch import Tensor


class Synapses:
    """The synapses of a sparse granule layer, sorted by cell and by pixel.

    Both are kept, so that neither direction has to scatter.

    Attributes:
        by_cell: (m, d), J^T as a sparse matrix in CSR layout.
        by_pixel: (d, m), J in the same layout.
    """

    def __init__(self, indices: Tensor, weights: Tensor, d: int) -> None:
        m, k = indices.shape
        pixels = indices.flatten().long()
        order = torch.argsort(pixels, stable=True)
        counts = torch.bincount(pixels, minlength=d)
        ends = torch.arange(0, m * k + 1, k, device=indices.device)
        self.by_cell = _csr(ends, pixels, weights.flatten().clone(), (m, d))
        starts = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
        self.by_pixel = _csr(starts, order // k, weights.flatten()[order], (d, m))

    def __deepcopy__(self, memo: dict[int, Any]) -> "Synapses":
        """Itself: it is never changed, and torch cannot copy a sparse matrix in this layout."""
        return self


def _csr(rows: Tensor, columns: Tensor, values: Tensor, shape: tuple[int, int]) -> Tensor:
    with warnings.catch_warnings():
        # torch calls the layout's interface not final; the product is all that is used of it.
        warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta state")
        return torch.sparse_csr_tensor(
            rows.int(), columns.int(), values, shape, check_invariants=False
        )


class SparseActivity(torch.autograd.Function):
    """relu(x J) (n, m) from x (n, d) and a :class:`Synapses`; differentiable for x."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, synapses: Synapses) -> Tensor:
        """Images are the last axis of a sparse product, so the result is a transposed view."""
        h = (synapses.by_cell @ x.T.contiguous()).relu_()
        ctx.save_for_backward(h)
        ctx.by_pixel = synapses.by_pixel
        return h.T

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None]:
        """The gradient for x alone."""
        (h,) = ctx.saved_tensors
        return (ctx.by_pixel @ upstream.T.masked_fill(h == 0, 0)).T, None
