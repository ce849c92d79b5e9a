import numpy as np
import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum import learning_rate, train
from helpers.training import accuracy


@pytest.fixture
def task():
    """A separable problem: the brighter half of the pixels names the class."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(2, (200,), generator=generator)
    images = torch.rand(200, 8, generator=generator) * 0.5
    images[labels == 0, :4] += 0.5
    images[labels == 1, 4:] += 0.5
    return images[:150], labels[:150], images[150:], labels[150:]


def new(**change):
    return cerebellum.build(**({"d": 8, "m": 60, "k": 2, "beta": 0.9, "classes": 2} | change))


def test_it_learns(task):
    model = new()
    before = accuracy(model, *task[2:])
    history = train(model, *task, batch=10, epochs=5)
    assert [epoch.number for epoch in history] == [1, 2, 3, 4, 5]
    assert before < 90 < accuracy(model, *task[2:])


def test_the_best_epoch_on_test_images_is_kept(task):
    images, labels, test_images, _ = task
    model = new()
    # There is nothing to learn about these test labels, so accuracy goes up and down.
    test_labels = torch.randint(2, (50,), generator=torch.Generator().manual_seed(1))
    labels = torch.randint(2, (150,), generator=torch.Generator().manual_seed(2))
    history = train(model, images, labels, test_images, test_labels, batch=10, epochs=6)
    accuracies = [epoch.test_acc for epoch in history]
    assert accuracies[-1] < max(accuracies)  # else the test would show nothing
    assert accuracy(model, test_images, test_labels) == max(accuracies)


def test_a_seed_is_a_training(task):
    models = [new() for _ in range(3)]
    for model, seed in zip(models, (0, 0, 1), strict=True):
        train(model, *task, batch=10, epochs=2, seed=seed)
    assert torch.equal(models[0].W, models[1].W)
    assert not torch.equal(models[0].W, models[2].W)


def test_an_interrupted_training_ends_with_the_same_weights(task, tmp_path):
    whole, cut = new(learns_bias=True), new(learns_bias=True)
    expected = train(whole, *task, batch=10, epochs=4)

    reported = []

    def kill(epoch):
        reported.append(epoch.number)
        if epoch.number == 3:
            raise InterruptedError

    path = tmp_path / "run" / "training.npz"
    with pytest.raises(InterruptedError):
        train(cut, *task, batch=10, epochs=4, checkpoint=path, on_epoch=kill)
    again = new(learns_bias=True)
    settings = {"batch": 10, "epochs": 4, "checkpoint": path}
    history = train(again, *task, **settings, on_epoch=lambda epoch: reported.append(epoch.number))
    assert history == expected
    assert reported == [1, 2, 3, 3, 4]  # the third was not saved
    assert torch.equal(again.W, whole.W)
    assert torch.equal(again.mu, whole.mu)
    assert torch.equal(again.bias, whole.bias)


def test_a_checkpoint_of_another_model_is_refused(task, tmp_path):
    path = tmp_path / "training.npz"
    train(new(), *task, epochs=1, checkpoint=path)
    with pytest.raises(ValueError, match=r"training.npz holds W of shape \(60, 2\)"):
        train(new(m=61), *task, epochs=2, checkpoint=path)


def test_a_checkpoint_with_objects_is_refused(task, tmp_path):
    path = tmp_path / "training.npz"
    np.savez(path, W=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        train(new(), *task, epochs=1, checkpoint=path)


def test_a_torn_checkpoint_is_named(task, tmp_path):
    path = tmp_path / "training.npz"
    train(new(), *task, epochs=1, checkpoint=path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match=r"training.npz cannot be read .*; delete it to train"):
        train(new(), *task, epochs=2, checkpoint=path)


def test_learning_rate_of_the_paper():
    assert learning_rate(200_000) == 0.5 / 200_000
    with pytest.raises(ValueError, match="m is 0"):
        learning_rate(0)


def bad(task, place, change):
    task = list(task)
    task[place] = change(task[place])
    return task


@pytest.mark.parametrize(
    ("place", "change", "text"),
    [
        (0, lambda x: x.index_fill(0, torch.tensor([3]), float("nan")), "NaN"),
        (0, lambda x: x + 1, "images span"),
        (2, lambda x: (x * 255).to(torch.uint8), "images are torch.uint8"),
        (1, lambda y: y + 1, "labels span 1 to 2"),
        (3, lambda y: y[:-1], r"labels have shape \(49,\)"),
        (1, lambda y: y.float(), "labels are torch.float32"),
        (1, lambda y: y - 1, "labels span -1"),
        (0, lambda x: x[:, :7], r"x has shape \(150, 7\)"),
        (0, lambda x: x.double(), "x is torch.float64"),
    ],
)
def test_bad_data(task, place, change, text):
    with pytest.raises(ValueError, match=text):
        train(new(), *bad(task, place, change), epochs=1)


@pytest.mark.parametrize("setting", ["batch", "epochs"])
def test_bad_settings(task, setting):
    with pytest.raises(ValueError, match=f"{setting} is 0"):
        train(new(), *task, **{setting: 0})


def test_different_devices(task):
    with pytest.raises(ValueError, match="different devices"):
        train(new().to("meta"), *task)
