"""Distillation: against both trainings in NumPy, and what soft targets must teach."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import softmax

from helpers.sleep import TEMPERATURE, ControlRecipe, distilled, own_outputs
from helpers.sleep.distillation import STUDENT

LINEAR = ControlRecipe(images=60, batch=60, hidden=(), dropout=(), epochs=40, learning_rate=0.5)
DROPPING = replace(LINEAR, hidden=(8,), dropout=(0.5,), epochs=2, batch=20)


@pytest.fixture
def task():
    """Three classes, each with a pixel of its own that is bright."""
    labels = torch.arange(3).repeat(20)
    noise = torch.rand(60, 4, generator=torch.Generator().manual_seed(0))
    return 0.3 * noise + 0.6 * torch.eye(3, 4)[labels], labels


def descended(w, x, targets, temperature, rate, epochs):
    """Weights after steps on all images at once, with a momentum of a half."""
    velocity = 0
    for _ in range(epochs):
        gradient = (softmax(x @ w.T / temperature, 1) - targets).T @ x / (len(x) * temperature)
        velocity = 0.5 * velocity + gradient
        w = w - rate * velocity
    return w


@pytest.mark.parametrize(
    ("settings", "rate", "epochs"),
    [
        ({"temperature": 5.0}, 0.5 * 5, 40),
        ({"temperature": 5.0, "learning_rate": 3.0, "epochs": 7}, 3.0, 7),
        ({}, 0.5 * 50, 40),
    ],
)
def test_teacher_and_student_in_numpy(settings, rate, epochs, task):
    images, labels = task
    x, temperature = images.double().numpy(), settings.get("temperature", TEMPERATURE)
    first, second = (
        LINEAR.network(4, 3, seed=seed).weights[0].numpy() for seed in (7, 7 + STUDENT)
    )
    teacher = descended(first, x, np.eye(3)[labels], temperature, rate, epochs)
    soft = softmax(x @ teacher.T / temperature, 1)
    student = descended(second, x, soft, temperature, rate, epochs)
    found = distilled(LINEAR, images, labels, classes=3, seed=7, **settings)
    np.testing.assert_allclose(found.weights[0], student, rtol=1e-3, atol=1e-4)


def test_the_student_knows_what_the_teacher_knew(task):
    images, labels = task
    found = distilled(LINEAR, images, labels, temperature=5.0, classes=3, epochs=200)
    assert (found(images).argmax(1) == labels).all()
    assert not found.training


def test_gaps_grow_with_the_temperature(task):
    """At rates that move the tempered scores alike the scores differ by the temperature."""
    gaps = []
    for temperature in (1.0, 20.0):
        settings = {"temperature": temperature, "learning_rate": 0.5 * temperature**2}
        found = distilled(LINEAR, *task, classes=3, **settings)
        best = found(task[0]).detach().topk(2).values
        gaps.append((best[:, 0] - best[:, 1]).median().item())
    assert gaps[1] / gaps[0] == pytest.approx(20, rel=0.05)


def test_outputs_are_scores_whatever_the_recipe_says(task):
    recipe = replace(LINEAR, relu_output=True, softmax=True)
    found = distilled(recipe, *task, classes=3)
    assert (found.relu_output, found.softmax) == (False, False)
    assert found(task[0]).min() < 0


@pytest.mark.parametrize("relu_output", [False, True])
def test_a_student_of_the_outputs_comes_close_to_them(relu_output, task):
    images, _ = task
    recipe = replace(LINEAR, relu_output=relu_output, small=False)
    network = recipe.network(4, 3, seed=0).eval()
    network.layers[0].weight.data.abs_()  # else ReLU would leave little to learn
    before = network.weights[0].clone()
    start, end = (
        own_outputs(network, recipe, images, learning_rate=rate, epochs=400) for rate in (1e-9, 1.0)
    )
    torch.testing.assert_close(start.weights[0], recipe.network(4, 3, seed=STUDENT).weights[0])
    assert end.relu_output is relu_output
    far, near = ((each(images) - network(images)).abs().max().item() for each in (start, end))
    assert near < 0.02 < 0.2 < far
    assert torch.equal(network.weights[0], before)


def learned(which, images, labels, recipe=DROPPING, **settings):
    if which == "distilled":
        return distilled(recipe, images, labels, temperature=5.0, classes=3, **settings)
    network = replace(DROPPING, small=False).network(4, 3).eval()
    return own_outputs(network, recipe, images, **settings)


@pytest.mark.parametrize("which", ["distilled", "own_outputs"])
def test_a_seed_is_a_student(which, task):
    students = []
    for seed in (0, 0, 1):
        torch.manual_seed(len(students))  # must not matter
        students.append(learned(which, *task, seed=seed).weights[0])
    assert torch.equal(students[0], students[1])
    assert not torch.equal(students[0], students[2])


@pytest.mark.parametrize("which", ["distilled", "own_outputs"])
def test_the_random_numbers_of_others_are_left_alone(which, task):
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    learned(which, *task)
    assert torch.equal(torch.rand(2), expected)


@pytest.mark.parametrize("which", ["distilled", "own_outputs"])
def test_only_the_first_images_count(which, task):
    images, labels = task
    recipe = replace(DROPPING, images=20)
    one = learned(which, images, labels, recipe=recipe)
    same = learned(which, images[:20], labels[:20], recipe=recipe)
    assert torch.equal(one.weights[0], same.weights[0])


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_bad_temperatures(temperature, task):
    with pytest.raises(ValueError, match=f"temperature is {temperature}"):
        distilled(LINEAR, *task, temperature=temperature, classes=3)


@pytest.mark.parametrize("which", ["distilled", "own_outputs"])
def test_what_training_refuses(which, task):
    images, labels = task
    with pytest.raises(ValueError, match="images span"):
        learned(which, 2 * images, labels)
    with pytest.raises(ValueError, match="epochs is 0"):
        learned(which, images, labels, epochs=0)
    with pytest.raises(ValueError, match="images are 59; they may be at least 60"):
        learned(which, images[:59], labels[:59])


def test_a_teacher_in_training_mode_is_refused(task):
    network = DROPPING.network(4, 3).train()
    with pytest.raises(ValueError, match="network is in training mode"):
        own_outputs(network, DROPPING, task[0])


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32])
def test_labels_of_other_whole_numbers(dtype, task):
    images, labels = task
    one = distilled(DROPPING, images, labels, classes=3)
    same = distilled(DROPPING, images, labels.to(dtype), classes=3)
    assert torch.equal(one.weights[0], same.weights[0])
