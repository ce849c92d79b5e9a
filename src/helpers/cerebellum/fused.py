"""A cerebellum's outputs through the fused kernels, differentiable for the images."""

from typing import Any

import torch
from numba import config, set_num_threads
from torch import Tensor
from torch.nn.functional import pad

from helpers.cerebellum.granule import GranuleLayer
from helpers.cerebellum.kernels import online, sparse

#: Below this many cells a plain computation takes less time than compiling a kernel.
WORTH_COMPILING = 2000


def suits(indices: Tensor | None, x: Tensor) -> bool:
    """Whether the fused kernels are the faster way: sparse, large, on the CPU."""
    return (
        indices is not None
        and len(indices) >= WORTH_COMPILING
        and x.device.type == "cpu"
        and x.dtype in (torch.float32, torch.float64)
    )


def threads() -> int:
    """Threads for a kernel: as many as torch uses, as far as Numba has them."""
    n = min(torch.get_num_threads(), config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    set_num_threads(n)
    return n


def tiles(x: Tensor) -> Tensor:
    """Rows x (n, d) as tiles of columns (n / TILE, d, TILE), the last one padded with zeros."""
    n, d = x.shape
    padded = pad(x, (0, 0, 0, -n % sparse.TILE))
    return padded.view(-1, sparse.TILE, d).transpose(1, 2).contiguous()


def rows(tiled: Tensor, n: int) -> Tensor:
    """The inverse of :func:`tiles`: (tiles, d, TILE) to the first `n` rows (n, d)."""
    return tiled.transpose(1, 2).flatten(0, 1)[:n]


class Activity:
    """The activity of a granule layer, (n, m) from x (n, d), without gradients.

    By the kernel where the layer is sparse and large, else as the layer computes it.
    """

    def __init__(self, granule: GranuleLayer) -> None:
        self.granule = granule
        self.layout: tuple[Tensor, Tensor] | None = None
        if granule.J is None and granule.indices is not None:
            self.layout = granule.indices.T.contiguous(), granule.weights.T.contiguous()

    @torch.no_grad()
    def __call__(self, x: Tensor) -> Tensor:
        """See :func:`helpers.cerebellum.kernels.online.activity`."""
        if self.layout is None or not suits(self.granule.indices, x):
            return self.granule(x)
        indices, weights = self.layout
        threads()
        h = x.new_empty(len(self.granule.check(x)), self.granule.m)
        online.activity(x.numpy(), indices.numpy(), weights.numpy(), h.numpy())
        return h


class FusedOutputs(torch.autograd.Function):
    """y_hat (n, c) from x (n, d); the backward pass gives the gradient for x alone."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, indices: Tensor, weights: Tensor, mu: Tensor, W: Tensor
    ) -> Tensor:
        """See :func:`helpers.cerebellum.kernels.sparse.outputs`."""
        tiled = tiles(x)
        partial = x.new_empty(len(tiled), threads(), W.shape[1], sparse.TILE)
        for tile, part in zip(tiled, partial, strict=True):
            sparse.outputs(
                tile.numpy(), indices.numpy(), weights.numpy(), mu.numpy(), W.numpy(), part.numpy()
            )
        ctx.save_for_backward(tiled, indices, weights, W)
        ctx.n = len(x)
        return rows(partial.sum(1), len(x))

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None, None, None]:
        """See :func:`helpers.cerebellum.kernels.sparse.input_gradient`."""
        tiled, indices, weights, W = ctx.saved_tensors
        partial = tiled.new_empty(threads(), *tiled.shape[1:])
        out = torch.empty_like(tiled)
        for k, (tile, up) in enumerate(zip(tiled, tiles(upstream), strict=True)):
            sparse.input_gradient(
                tile.numpy(),
                indices.numpy(),
                weights.numpy(),
                W.numpy(),
                up.numpy(),
                partial.numpy(),
            )
            torch.sum(partial, 0, out=out[k])
        return rows(out, ctx.n), None, None, None, None
