"""How the network learns while it is awake, in the original and in its reproduction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from helpers.checks import check_choice, check_count, check_fraction, check_positive
from helpers.seeding import seeded_torch
from helpers.sleep.network import SleepNetwork
from helpers.training.classifier import train_classifier

Loss = Literal["squared_error", "cross_entropy"]
LOSSES: tuple[Loss, ...] = get_args(Loss)


@dataclass(frozen=True, kw_only=True)
class ControlRecipe:
    """How a network is built and trained; the defaults are those of Tadros et al. (2020).

    Attributes:
        images: number of training images, the first ones.
        loss: "squared_error" (half its sum over classes, the mean over images) or
            "cross_entropy".
        learning_rate, momentum: of stochastic gradient descent.
        batch: images in a step.
        epochs: passes over the images.
        hidden: cells of each hidden layer.
        bias, relu_output, softmax, dropout, inverted, always_drop, small: see
            :class:`SleepNetwork`.
    """

    images: int = 50_000
    loss: Loss = "squared_error"
    learning_rate: float = 0.1
    momentum: float = 0.5
    batch: int = 100
    epochs: int = 2
    hidden: tuple[int, ...] = (1200, 1200)
    bias: bool = False
    relu_output: bool = True
    softmax: bool = False
    dropout: tuple[float, ...] = (0.2, 0.2)
    inverted: bool = False
    always_drop: bool = False
    small: bool = True

    def __post_init__(self) -> None:
        check_choice("loss", self.loss, LOSSES)
        for name in ("images", "batch", "epochs"):
            check_count(name, getattr(self, name), 1)
        check_positive("learning_rate", self.learning_rate)
        check_fraction("momentum", self.momentum)

    def first(self, images: Tensor) -> Tensor:
        """The `images` (n, ...) that are used, the first ones.

        Raises:
            ValueError: there are fewer than the recipe takes.
        """
        if len(images) < self.images:
            raise ValueError(
                f"images are {len(images)}; they may be at least {self.images}, as many as the "
                "recipe takes"
            )
        return images[: self.images]

    def network(self, inputs: int = 784, classes: int = 10, *, seed: int = 0) -> SleepNetwork:
        """The network before training."""
        return SleepNetwork(
            (inputs, *self.hidden, classes),
            bias=self.bias,
            relu_output=self.relu_output,
            softmax=self.softmax,
            dropout=self.dropout,
            inverted=self.inverted,
            always_drop=self.always_drop,
            small=self.small,
            seed=seed,
        )


#: Tadros et al. (2020), as their code has it.
ORIGINAL_CONTROL = ControlRecipe()

#: Sritharan et al. (2021).
REPRODUCTION_CONTROL = ControlRecipe(
    images=27_105,
    loss="cross_entropy",
    batch=128,
    bias=True,
    relu_output=False,
    softmax=True,
    dropout=(0.2, 0.0),
    inverted=True,
    always_drop=True,
    small=False,
)


def half_squared_error(scores: Tensor, labels: Tensor) -> Tensor:
    """Half the squared distance of scores (n, classes) from one-hot labels (n,), mean of images."""
    return (scores - one_hot(labels, scores.shape[1])).square().sum(1).mean() / 2


def loss_function(name: Loss) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss called `name`, of scores (n, classes) and labels (n,)."""
    check_choice("loss", name, LOSSES)
    return half_squared_error if name == "squared_error" else cross_entropy


def train_control(
    recipe: ControlRecipe,
    images: Tensor,
    labels: Tensor,
    *,
    classes: int = 10,
    seed: int = 0,
    on_epoch: Callable[[int, float], None] = lambda number, loss: None,
) -> SleepNetwork:
    """The trained network of `recipe`, in evaluation mode.

    Args:
        images: (n, ...) in [0, 1]; the recipe may take only the first ones.
        labels: (n,).
        classes: number of outputs.
        seed: of the initial weights, the order of the images and the units left out.
        on_epoch: see :func:`helpers.training.train_classifier`.

    Raises:
        ValueError: there are fewer images than the recipe asks for, or
            :func:`helpers.training.train_classifier` refuses something.
    """
    first = recipe.first(images)
    network = recipe.network(images[0].numel(), classes, seed=seed).to(images.device)
    train_further(
        network,
        recipe,
        first,
        labels[: recipe.images],
        learning_rate=recipe.learning_rate,
        seed=seed,
        on_epoch=on_epoch,
    )
    return network


def train_further(
    network: SleepNetwork,
    recipe: ControlRecipe,
    images: Tensor,
    labels: Tensor,
    *,
    learning_rate: float,
    epochs: int | None = None,
    seed: int = 0,
    on_epoch: Callable[[int, float], None] = lambda number, loss: None,
) -> SleepNetwork:
    """Train `network` in place as `recipe` does, with another learning rate, on any images.

    Raises:
        ValueError: see :func:`helpers.training.train_classifier`.
    """
    check_positive("learning_rate", learning_rate)
    with seeded_torch(seed):  # dropout draws from the global random numbers
        train_classifier(
            network,
            images,
            labels,
            classes=network.sizes[-1],
            epochs=recipe.epochs if epochs is None else epochs,
            batch=recipe.batch,
            optimizer=partial(torch.optim.SGD, lr=learning_rate, momentum=recipe.momentum),
            loss=loss_function(recipe.loss),
            seed=seed,
            on_epoch=on_epoch,
        )
    return network
