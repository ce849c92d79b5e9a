"""How the Purkinje synapses learn: delta rule and RMSprop (Liu, Li and Chen 2021, eqs. 3-4)."""

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from helpers.cerebellum.model import Cerebellum
from helpers.checks import check_fraction, check_positive

#: RMSprop's memory of squared gradients (the paper's "optimizer decay").
DECAY = 0.99
#: Added to the root of the running square, outside the root, as in Chainer and PyTorch.
EPSILON = 1e-8


def error(y_hat: Tensor, labels: Tensor) -> Tensor:
    """e = y_hat - y, what the climbing fibres carry (eq. 4); y is one-hot. Shape (n, c)."""
    return y_hat - one_hot(labels.long(), y_hat.shape[1]).to(y_hat)


def gradient(z: Tensor, e: Tensor) -> Tensor:
    """Gradient of the squared error for W: (m, c) from z (n, m) and e (n, c).

    The authors' code takes the mean over images *and* classes, so its gradient is
    ``2 z^T e / (n c)``; eq. 3 has half the sum over classes. RMSprop and sign attacks hardly
    notice the factor.
    """
    return z.T @ e * (2 / e.numel())


def rmsprop_(W: Tensor, mean_square: Tensor, g: Tensor, learning_rate: float) -> None:
    """One step of RMSprop on `W` and its running square, both in place."""
    mean_square.mul_(DECAY).addcmul_(g, g, value=1 - DECAY)
    W.addcdiv_(g, mean_square.sqrt().add_(EPSILON), value=-learning_rate)


def depress_(mu: Tensor, h: Tensor, beta: float) -> None:
    """mu = beta mu + (1 - beta) h, with h averaged over the batch; in place (text below eq. 2)."""
    check_fraction("beta", beta)
    mu.mul_(beta).add_(h.mean(0), alpha=1 - beta)


class PlainLearner:
    """The equations as they stand, a batch at a time: the twin of every faster learner.

    Attributes:
        mean_square: (m, c) RMSprop's running square, from zero.
        bias_square: (c,) the same of the bias.
    """

    def __init__(self, model: Cerebellum, learning_rate: float) -> None:
        self.model = model
        self.learning_rate = check_positive("learning_rate", learning_rate)
        self.mean_square = torch.zeros_like(model.W)
        self.bias_square = torch.zeros_like(model.bias)

    @torch.no_grad()
    def learn(self, images: Tensor, labels: Tensor, order: Tensor, batch: int) -> None:
        """Learn from `images` (n, d) and `labels` (n,), `batch` rows of `order` at a step."""
        for rows in order.split(batch):
            self.step(images[rows], labels[rows])

    @torch.no_grad()
    def step(self, x: Tensor, labels: Tensor) -> None:
        """One step of the delta rule, from one batch x (n, d) with labels (n,)."""
        model = self.model
        h = model.granule(x)
        if model.beta is not None:
            depress_(model.mu, h, model.beta)
        z = h - model.mu
        e = error(z @ model.W + model.bias, labels)
        rmsprop_(model.W, self.mean_square, gradient(z, e), self.learning_rate)
        self.learn_bias(e)

    def learn_bias(self, e: Tensor) -> None:
        """The bias's step from the errors e (n, c), where the model has one that learns."""
        if self.model.learns_bias:
            g = e.sum(0) * (2 / e.numel())
            rmsprop_(self.model.bias, self.bias_square, g, self.learning_rate)
