"""What the gradients of a model look like to an attack."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from helpers.attacks import Model, input_gradient
from helpers.attacks.losses import LOSSES

#: Scores are rescaled until the median gap of the two largest is this, where a softmax is alive.
ALIVE = 2.0


@dataclass(frozen=True)
class Gradients:
    """Gradients of the claim's loss on a sample of images.

    Attributes:
        zero: percent of images whose gradient is exactly zero.
        steady: median cosine between the gradients at an image and at a point close by.
        repeats: whether the same gradient comes twice.
        rises: percent of images whose loss is higher after one small step along the sign.
        gap: the median of the largest score less the second.
    """

    zero: float
    steady: float
    repeats: bool
    rises: float
    gap: float


def look(
    model: Model, images: Tensor, labels: Tensor, eps: float, loss: str, norm: str
) -> Gradients:
    """Look at the gradients of `loss` at `images` (n, ...), a hundredth of `eps` around them.

    The neighbour is drawn evenly from a cube, and the small step goes along the gradient's signs;
    in "linf" both reach as far as a hundredth of `eps`, in "l2" the corners of the cube do.
    """
    climb, exact = LOSSES[loss], resolved(loss)
    gradient, _ = input_gradient(model, climb, images, labels)
    again, _ = input_gradient(model, climb, images, labels)
    step = eps / 100
    if norm == "l2":
        step /= images[0].numel() ** 0.5
    noise = torch.rand(images.shape, generator=torch.Generator().manual_seed(0)).to(images)
    near, _ = input_gradient(model, climb, images + step * (2 * noise - 1), labels)
    with torch.no_grad():
        scores = model(images)
        before = exact(scores, labels)
        after = exact(model(images + step * gradient.sign()), labels)
        top = scores.topk(2, 1).values
    flat, close = gradient.flatten(1).double(), near.flatten(1).double()
    alive = (flat != 0).any(1)
    cosine = torch.cosine_similarity(flat, close, dim=1, eps=1e-300)
    return Gradients(
        zero=100 * (~alive).double().mean().item(),
        steady=cosine[alive].median().item() if alive.any() else 0.0,
        repeats=torch.equal(gradient, again),
        rises=100 * (after > before)[alive].double().mean().item() if alive.any() else 0.0,
        gap=(top[:, 0] - top[:, 1]).median().item(),
    )


def resolved(loss: str) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss (n,) of scores (n, classes) and labels (n,), down to its smallest values.

    The cross-entropy of a confident answer is smaller than what is lost when 1 is added to it, so
    that in its usual form it is 0 and cannot be seen to rise.
    """
    if loss != "cross_entropy":
        return lambda scores, labels: LOSSES[loss](scores.double(), labels)

    def cross_entropy(scores: Tensor, labels: Tensor) -> Tensor:
        own = labels.long()[:, None]
        above = scores.double() - scores.double().gather(1, own)
        others = above.scatter(1, own, float("-inf")).logsumexp(1)
        return torch.nn.functional.softplus(others, threshold=700)

    return cross_entropy


def rescaled(model: Model, gap: float) -> Model:
    """The same answers with scores scaled so that the median gap is :data:`ALIVE`."""
    factor = ALIVE / gap

    def scaled(images: Tensor) -> Tensor:
        return factor * model(images)

    return scaled
