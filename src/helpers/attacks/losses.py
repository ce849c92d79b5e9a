"""The losses an untargeted attack climbs, and a targeted one descends towards its target."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from helpers.checks import check_choice

#: Scores (n, classes) and labels (n,) to one loss per image (n,).
Loss = Callable[[Tensor, Tensor], Tensor]


def mse(scores: Tensor, labels: Tensor) -> Tensor:
    """Squared distance to the one-hot label, summed over classes.

    Twice the loss of Liu, Li and Chen (2021, eq. 3), whose factor 1/2 no sign of a gradient shows.
    """
    return (scores - F.one_hot(labels.long(), scores.shape[1])).square().sum(1)


def cross_entropy(scores: Tensor, labels: Tensor) -> Tensor:
    """Negative log-probability of the label under a softmax of the scores."""
    return F.cross_entropy(scores, labels.long(), reduction="none")


def margin(scores: Tensor, labels: Tensor) -> Tensor:
    """Best wrong score minus the label's (Carlini and Wagner 2017); above 0 means misclassified."""
    own = scores.gather(1, labels.long()[:, None])
    others = scores.scatter(1, labels.long()[:, None], float("-inf"))
    return others.amax(1) - own[:, 0]


LOSSES: dict[str, Loss] = {"mse": mse, "cross_entropy": cross_entropy, "margin": margin}


def named_loss(name: str) -> Loss:
    """The loss called `name`.

    Raises:
        ValueError: there is none of that name.
    """
    return LOSSES[check_choice("loss", name, tuple(LOSSES))]


def input_gradient(
    model: Callable[[Tensor], Tensor], loss: Loss, images: Tensor, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """Gradient of the summed loss for the images only, and the loss of each image (n,).

    ``torch.autograd.grad`` leaves the parameters' gradients alone and does not compute them.

    Raises:
        ValueError: the gradient is not finite.
    """
    with torch.enable_grad():
        x = images.detach().requires_grad_()
        each = loss(model(x), labels)
        (gradient,) = torch.autograd.grad(each.sum(), x)
    # The sign of NaN is no direction: an attack would end without a word, as if it had failed.
    if not gradient.isfinite().all():
        raise ValueError("the gradient holds NaN or infinity; the model's may be finite everywhere")
    return gradient, each.detach()
