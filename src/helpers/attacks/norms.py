"""The four norms in which a perturbation is measured, and the balls of two of them."""

from typing import Literal, get_args

import torch
from torch import Tensor

from helpers.checks import check_choice

Norm = Literal["l0", "l1", "l2", "linf"]

#: L0 counts changed pixel values, the others are in pixel values.
NORMS: tuple[Norm, ...] = get_args(Norm)


def size(perturbation: Tensor, norm: str) -> Tensor:
    """Size (n,) of each perturbation (n, ...): "l0" counts every channel of a pixel by itself.

    Raises:
        ValueError: `norm` is not one of :data:`NORMS`.
    """
    check_choice("norm", norm, NORMS)
    flat = perturbation.flatten(1)
    if norm == "l0":
        return (flat != 0).sum(1).to(flat.dtype)
    if norm == "l1":
        return flat.abs().sum(1)
    if norm == "l2":
        return flat.square().sum(1).sqrt()
    return flat.abs().amax(1)


def per_image(values: Tensor, images: Tensor) -> Tensor:
    """`values` (n,) shaped so that they broadcast over `images` (n, ...)."""
    return values.view(-1, *[1] * (images.ndim - 1))


def linf_ball(images: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """The lowest and the highest value of each pixel (n, ...) within `eps` of it and in [0, 1]."""
    return (images - eps).clamp(min=0), (images + eps).clamp(max=1)


def project(x: Tensor, images: Tensor, eps: float, norm: str) -> Tensor:
    """The points `x` (n, ...) brought into the ball of radius `eps` around `images` and [0, 1].

    Clipping to [0, 1] moves a point no further from an image that lies there, so both hold.

    Raises:
        ValueError: `norm` is neither "l2" nor "linf".
    """
    check_choice("norm", norm, ("l2", "linf"))
    if norm == "linf":
        return x.clamp(*linf_ball(images, eps))
    perturbation = x - images
    length = size(perturbation, "l2")
    # Inside the ball nothing moves, not even by rounding.
    shrink = torch.where(length > eps, eps / length.clamp(min=torch.finfo(x.dtype).tiny), 1.0)
    return (images + perturbation * per_image(shrink, images)).clamp(0, 1)
