"""A student that learns from another network's outputs: distillation, and what ran in its place."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from helpers.checks import check_labels, check_positive
from helpers.seeding import seeded_torch
from helpers.sleep.control import ControlRecipe
from helpers.sleep.network import SleepNetwork
from helpers.training.classifier import train_classifier

#: The temperature of Papernot et al. (2016), of Tadros et al. and of Sritharan et al.
TEMPERATURE = 50.0
#: Added to a seed for the student's weights, so that it starts as no control of the book does.
STUDENT = 1_000


def distilled(
    recipe: ControlRecipe,
    images: Tensor,
    labels: Tensor,
    *,
    temperature: float = TEMPERATURE,
    learning_rate: float | None = None,
    epochs: int | None = None,
    classes: int = 10,
    seed: int = 0,
) -> SleepNetwork:
    """Defensive distillation (Papernot et al. 2016): a student taught by a teacher's soft outputs.

    The teacher learns the labels with its scores divided by the temperature. The student, alike and
    with its own first weights, learns the teacher's softmax at the same temperature. It is used at
    temperature 1, where its scores are large.

    Args:
        recipe: of both networks; their outputs are scores, without ReLU and without a softmax.
        images, labels: (n, ...) in [0, 1] and (n,), the first `recipe.images` of which are used.
        temperature: of both trainings.
        learning_rate: by default the recipe's times the temperature: with scores divided by the
            temperature, gradients are that much smaller.
        epochs: of each training, by default the recipe's.
        classes: number of outputs.
        seed: of weights, orders and units left out; the student's are others than the teacher's.

    Raises:
        ValueError: the temperature or the learning rate is not above 0, labels are out of range,
            there are fewer images than the recipe asks for, or training refuses something.
    """
    check_positive("temperature", temperature)
    check_labels(labels, len(images), classes)
    x, y = recipe.first(images), labels[: recipe.images]
    rate = recipe.learning_rate * temperature if learning_rate is None else learning_rate
    scores = replace(recipe, relu_output=False, softmax=False)
    passes = recipe.epochs if epochs is None else epochs
    hard = torch.eye(classes, device=x.device)[y.long()]
    teacher, student = (
        scores.network(x[0].numel(), classes, seed=each).to(x.device)
        for each in (seed, seed + STUDENT)
    )
    train = partial(_learn, recipe=scores, rate=rate, epochs=passes, temperature=temperature)
    train(teacher, x, hard, seed=seed)
    train(student, x, _outputs(teacher, x, temperature), seed=seed + STUDENT)
    return student


def own_outputs(
    network: SleepNetwork,
    recipe: ControlRecipe,
    images: Tensor,
    *,
    learning_rate: float | None = None,
    epochs: int | None = None,
    seed: int = 0,
) -> SleepNetwork:
    """A network like `network`, trained from new weights on its outputs by the squared error.

    In some of the original's scripts a misspelt field of the settings makes the distillation
    baseline a retraining on the network's own outputs; that it starts from new weights is inferred.

    Args:
        network: in evaluation mode.
        recipe: its recipe.
        images: (n, ...) in [0, 1], the first `recipe.images` of which are used.
        learning_rate, epochs: by default the recipe's.
        seed: of the student; its first weights are others than the network's of the same seed.

    Raises:
        ValueError: there are fewer images than the recipe asks for, the network is in training
            mode, or training refuses something.
    """
    x = recipe.first(images)
    student = recipe.network(network.sizes[0], network.sizes[-1], seed=seed + STUDENT).to(x.device)
    _learn(
        student,
        x,
        _outputs(network, x, None),
        recipe=recipe,
        rate=recipe.learning_rate if learning_rate is None else learning_rate,
        epochs=recipe.epochs if epochs is None else epochs,
        temperature=None,
        seed=seed + STUDENT,
    )
    return student


def _learn(
    network: SleepNetwork,
    images: Tensor,
    targets: Tensor,
    *,
    recipe: ControlRecipe,
    rate: float,
    epochs: int,
    temperature: float | None,
    seed: int,
) -> None:
    """Train on targets (n, classes): cross-entropy at a temperature, or the squared error."""
    check_positive("learning_rate", rate)
    loss: Callable[[Tensor, Tensor], Tensor]
    if temperature is None:

        def loss(scores: Tensor, rows: Tensor) -> Tensor:
            return (scores - targets[rows]).square().sum(1).mean() / 2
    else:

        def loss(scores: Tensor, rows: Tensor) -> Tensor:
            return cross_entropy(scores / temperature, targets[rows])

    rows = torch.arange(len(images), device=images.device)  # in place of labels: whose target
    with seeded_torch(seed):  # dropout draws from the global random numbers
        train_classifier(
            network,
            images,
            rows,
            classes=len(images),
            epochs=epochs,
            batch=recipe.batch,
            optimizer=partial(torch.optim.SGD, lr=rate, momentum=recipe.momentum),
            loss=loss,
            seed=seed,
        )


@torch.no_grad()
def _outputs(network: SleepNetwork, images: Tensor, temperature: float | None) -> Tensor:
    """Outputs (n, classes), or their softmax at a temperature, with no unit left out."""
    steady = network.whole()
    scores = torch.cat([steady(part) for part in images.split(1000)])
    return scores if temperature is None else (scores / temperature).softmax(1)
