"""Training awake: against steps worked out in NumPy, and what both recipes reach on the digits."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from helpers.data import load
from helpers.sleep import (
    ORIGINAL_CONTROL,
    REPRODUCTION_CONTROL,
    ControlRecipe,
    train_control,
    train_further,
)
from helpers.sleep.control import half_squared_error, loss_function
from helpers.training import accuracy

LINEAR = ControlRecipe(images=4, batch=4, hidden=(), dropout=(), relu_output=False)


@pytest.fixture(scope="module")
def digits():
    found = load("digits")
    train, test = (images.float() / 255 for images in (found.train_images, found.test_images))
    return train, found.train_labels, test, found.test_labels


@pytest.fixture
def task():
    images = torch.rand(4, 3, generator=torch.Generator().manual_seed(0))
    return images, torch.tensor([0, 1, 1, 0])


@pytest.mark.parametrize(
    ("recipe", "bias", "dropout", "output"),
    [
        (ORIGINAL_CONTROL, False, (0.2, 0.2), (True, False)),
        (REPRODUCTION_CONTROL, True, (0.2, 0.0), (False, True)),
    ],
)
def test_networks_of_the_papers(recipe, bias, dropout, output):
    network = recipe.network()
    assert network.sizes == (784, 1200, 1200, 10)
    assert all((layer.bias is not None) is bias for layer in network.layers)
    assert network.dropout == dropout
    assert (network.relu_output, network.softmax) == output
    assert network.weights[1].abs().max() <= (0.01 if recipe.small else 1200**-0.5)
    assert replace(recipe, hidden=(7, 8)).network(5, 3).sizes == (5, 7, 8, 3)


def test_half_squared_error_by_hand():
    scores, labels = torch.tensor([[0.5, 0.25], [0.0, 3.0]]), torch.tensor([0, 1])
    # (.25 + .0625) / 2 and (0 + 4) / 2, and the mean of both
    assert half_squared_error(scores, labels).item() == (0.15625 + 2) / 2
    assert loss_function("squared_error") is half_squared_error
    assert loss_function("cross_entropy") is cross_entropy


def test_two_steps_with_momentum_by_hand(task):
    images, labels = task
    network = LINEAR.network(3, 2, seed=5)
    x, y, w = images.numpy(), np.eye(2)[labels], network.weights[0].numpy().astype(np.float64)
    velocity = 0
    for _ in range(2):
        gradient = (x @ w.T - y).T @ x / 4
        velocity = 0.5 * velocity + gradient
        w = w - 0.3 * velocity
    assert train_further(network, LINEAR, images, labels, learning_rate=0.3) is network
    np.testing.assert_allclose(network.weights[0], w, atol=1e-6)
    found = train_control(replace(LINEAR, learning_rate=0.3), images, labels, classes=2, seed=5)
    np.testing.assert_allclose(found.weights[0], w, atol=1e-6)


def test_only_the_first_images_count(task):
    images, labels = task
    recipe = replace(LINEAR, images=2)
    first = train_control(recipe, images[:2], labels[:2], classes=2)
    assert torch.equal(
        train_control(recipe, images, labels, classes=2).weights[0], first.weights[0]
    )


def test_further_epochs(task):
    losses = []
    train_further(
        LINEAR.network(3, 2),
        LINEAR,
        *task,
        learning_rate=0.1,
        epochs=5,
        on_epoch=lambda number, loss: losses.append((number, loss)),
    )
    assert [number for number, _ in losses] == [1, 2, 3, 4, 5]
    assert losses[0][1] > losses[-1][1]


SHRUNK = {"hidden": (100, 100), "images": 1000, "epochs": 10, "batch": 10}


@pytest.mark.parametrize("recipe", [ORIGINAL_CONTROL, REPRODUCTION_CONTROL])
def test_it_learns_the_digits(recipe, digits):
    images, labels, test_images, test_labels = digits
    network = train_control(replace(recipe, **SHRUNK), images, labels)
    assert not network.training
    assert network.sizes == (784, 100, 100, 10)
    assert accuracy(network, test_images, test_labels) > 60


def test_a_seed_is_a_training(digits):
    images, labels, *_ = digits
    recipe = replace(ORIGINAL_CONTROL, hidden=(20, 20), images=100, epochs=1, batch=10)
    networks = []
    for seed in (0, 0, 1):
        torch.manual_seed(len(networks))  # must not matter
        networks.append(train_control(recipe, images, labels, seed=seed))
    for one, same, other in zip(*(network.weights for network in networks), strict=True):
        assert torch.equal(one, same)
        assert not torch.equal(one, other)


def test_training_leaves_the_random_numbers_of_others_alone(task):
    recipe = replace(ORIGINAL_CONTROL, hidden=(5, 5), images=4)
    network = recipe.network(3, 2)
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    train_further(network, recipe, *task, learning_rate=0.1)
    assert torch.equal(torch.rand(2), expected)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"loss": "hinge"}, "loss is 'hinge'; it may be one of squared_error, cross_entropy"),
        ({"images": 0}, "images is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"epochs": 0}, "epochs is 0"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0"),
    ],
)
def test_bad_recipes(settings, text):
    with pytest.raises(ValueError, match=text):
        ControlRecipe(**settings)


def test_bad_loss():
    with pytest.raises(ValueError, match="loss is 'hinge'"):
        loss_function("hinge")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda x, y: (x[:3], y[:3]),
            "images are 3; they may be at least 4, as many as the recipe",
        ),
        (lambda x, y: (x * 2, y), "images span"),
        (lambda x, y: (x, y + 1), "labels span"),
        (lambda x, y: (x, y[:3]), "labels have shape"),
    ],
)
def test_bad_data(change, text, task):
    with pytest.raises(ValueError, match=text):
        train_control(LINEAR, *change(*task), classes=2)


def test_bad_further_training(task):
    for learning_rate in (0.0, float("nan")):
        with pytest.raises(ValueError, match=f"learning_rate is {learning_rate}"):
            train_further(LINEAR.network(3, 2), LINEAR, *task, learning_rate=learning_rate)
    with pytest.raises(ValueError, match="epochs is 0"):
        train_further(LINEAR.network(3, 2), LINEAR, *task, learning_rate=0.1, epochs=0)
