"""A model as other people's libraries may see it: to be called, and never to be changed."""

from typing import Any

import torch
from torch import Tensor, nn

from helpers.attacks.result import Model, check_scores


class Shield(nn.Module):
    """Passes images to a model and gradients back, for the images alone.

    The libraries call ``backward()``, which would add to the ``grad`` of every parameter, switch
    models between modes, ask ``model.parameters()`` for the device, and write into the scores. None
    of that gets past a shield: it holds the model, but not as a part, and its scores are copies.

    Args:
        model: images (n, ...) in [0, 1] to scores (n, classes).
        like: any tensor with the data type and on the device that the model works with.

    Raises (when called):
        ValueError: a score or a gradient is NaN or infinite; the model gives no gradient.
    """

    def __init__(self, model: Model, like: Tensor) -> None:
        super().__init__()
        # In a tuple, so that PyTorch does not take the model for a part of this module.
        self._inside = (model,)
        self._dtype = like.dtype
        # Without numbers in it, only to tell a library the device.
        self.place = nn.Parameter(like.new_empty(0), requires_grad=False)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        """Scores (n, classes) of `x` (n, ...), in the data type of `x`."""
        # A library divides by a gradient that is zero: its iterate is NaN and its attack has
        # failed, which says nothing about the model's answers.
        x = torch.nan_to_num(x, nan=0.0)
        if torch.is_grad_enabled() and x.requires_grad:
            scores: Tensor = _InputGradientOnly.apply(x, self)
            return scores
        with torch.no_grad():
            return self.ask(x).to(x.dtype, copy=True)

    def ask(self, x: Tensor) -> Tensor:
        """The model's own scores of `x`, with whatever graph they have."""
        return check_scores(self._inside[0](x.to(self._dtype)))


class _InputGradientOnly(torch.autograd.Function):
    """Scores of images, with a gradient that ends at the images."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, shield: Shield) -> Tensor:
        with torch.enable_grad():
            ctx.x = x.detach().requires_grad_()
            ctx.scores = shield.ask(ctx.x)
        return ctx.scores.detach().to(x.dtype, copy=True)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        if not ctx.scores.requires_grad:
            raise ValueError(
                "model gives no gradient for the images; it may be differentiable, or the attack "
                "one that needs no gradient"
            )
        # Kept, because a Jacobian goes through the same graph once for every class.
        (gradient,) = torch.autograd.grad(
            ctx.scores, ctx.x, gradients[0].to(ctx.scores.dtype), retain_graph=True
        )
        if not gradient.isfinite().all():
            raise ValueError(
                "the gradient holds NaN or infinity; the model's may be finite everywhere"
            )
        return gradient, None
