"""The cerebellum as a two-layer rate network (Liu, Li and Chen 2021, eqs. 1 and 2)."""

import math

import torch
from torch import Tensor, nn

from helpers.cerebellum import fused
from helpers.cerebellum.granule import GranuleLayer
from helpers.checks import check_count, check_finite, check_fraction


class Cerebellum(nn.Module):
    """y_hat = W^T (h - mu) + bias, with h the activity of a fixed granule layer.

    Attributes:
        granule: the granule layer, eq. 1.
        W: (m, c) parallel fibre to Purkinje cell synapses, initially N(0, 1/m). They are trained by
            the delta rule (:func:`helpers.cerebellum.train`), not by autograd.
        mu: (m,) the moving average that models long-term depression (LTD); zero without LTD.
            It moves in training only.
        beta: the memory of `mu`, or None without LTD.
        bias: (c,) added to every output. The paper has none; a fixed one shifts all targets.
        learns_bias: whether the bias follows the delta rule too.
    """

    mu: Tensor
    bias: Tensor

    def __init__(
        self,
        granule: GranuleLayer,
        *,
        beta: float | None,
        classes: int = 10,
        bias: float = 0.0,
        learns_bias: bool = False,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        check_count("classes", classes, 2)
        if beta is not None:
            check_fraction("beta", beta)
        check_finite("bias", bias)
        self.granule = granule
        self.beta = beta
        W = torch.randn(granule.m, classes, generator=generator) / math.sqrt(granule.m)
        self.W = nn.Parameter(W.to(granule.weights), requires_grad=False)
        self.learns_bias = learns_bias
        self.register_buffer("mu", granule.weights.new_zeros(granule.m))
        self.register_buffer("bias", granule.weights.new_full((classes,), bias))

    @property
    def classes(self) -> int:
        """Number of Purkinje cells, one for each class."""
        return self.W.shape[1]

    def forward(self, images: Tensor) -> Tensor:
        """Outputs y_hat (n, classes) of images (n, ...) with d pixels each."""
        granule = self.granule
        x = granule.check(images.flatten(1))
        if granule.J is None and fused.suits(granule.indices, x):
            cells = granule.indices, granule.weights, self.mu, self.W
            return fused.FusedOutputs.apply(x, *cells) + self.bias
        # W^T (h - mu) without an array for h - mu, which at large m costs more than the product.
        return torch.addmm(self.bias - self.mu @ self.W, granule(x), self.W)


def build(
    *,
    d: int,
    m: int,
    k: int | None,
    beta: float | None,
    classes: int = 10,
    bias: float = 0.0,
    learns_bias: bool = False,
    seed: int = 0,
) -> Cerebellum:
    """A new cerebellum in evaluation mode; `k` None gives the fully connected granule layer.

    The seed decides J, then W.

    Raises:
        ValueError: `k` is below 1 or above `d`, `beta` is outside [0, 1), or `bias` is not finite.
    """
    generator = torch.Generator().manual_seed(seed)
    granule = (
        GranuleLayer.full(d, m, generator) if k is None else GranuleLayer.random(d, m, k, generator)
    )
    return Cerebellum(
        granule,
        beta=beta,
        classes=classes,
        bias=bias,
        learns_bias=learns_bias,
        generator=generator,
    ).eval()
