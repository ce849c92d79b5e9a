import numpy as np
import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum import PlainLearner, learning_rate, train
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


class AnotherLearner(PlainLearner):
    """The same steps under another name."""


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"m": 61}},
        {"model": {"seed": 1}},
        {"model": {"beta": 0.5}},
        {"model": {"beta": None}},
        {"model": {"bias": 0.1}},
        {"model": {"learns_bias": True}},
        {"batch": 5},
        {"epochs": 3},
        {"seed": 1},
        {"learner": AnotherLearner},
        {"data": 0},
        {"data": 1},
        {"data": 2},
        {"data": 3},
    ],
    ids=str,
)
def test_a_checkpoint_of_another_training_is_refused(change, task, tmp_path):
    path, settings = tmp_path / "training.npz", {"batch": 10, "epochs": 2}
    train(new(), *task, **settings, checkpoint=path)
    data = list(task)
    if "data" in change:
        place = change.pop("data")
        data[place] = 1 - data[place]
    model = new(**change.pop("model", {}))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with pytest.raises(ValueError, match=r"training.npz belongs to another training; name another"):
        train(model, *data, **(settings | change), checkpoint=path)
    assert all(torch.equal(before[name], now) for name, now in model.state_dict().items())


def test_first_weights_that_were_changed_are_another_training(task, tmp_path):
    path = tmp_path / "training.npz"
    train(new(), *task, epochs=1, checkpoint=path)
    for name in ("W", "mu", "granule.weights"):
        model = new()
        model.state_dict()[name].view(-1)[0] += 1e-6
        with pytest.raises(ValueError, match="belongs to another training"):
            train(model, *task, epochs=1, checkpoint=path)


def test_a_finished_training_takes_no_step(task, tmp_path):
    path, settings = tmp_path / "training.npz", {"batch": 10, "epochs": 2}
    one, two = new(), new()
    expected = train(one, *task, **settings, checkpoint=path)
    reported = []
    assert train(two, *task, **settings, checkpoint=path, on_epoch=reported.append) == expected
    assert reported == []
    assert torch.equal(one.W, two.W)


def test_arrays_of_another_kind_are_refused(task, tmp_path):
    path = tmp_path / "training.npz"
    np.savez(path, something=1)
    with pytest.raises(ValueError, match=r"training.npz lacks W, best_W, .*; name another file"):
        train(new(), *task, epochs=1, checkpoint=path)


def test_a_checkpoint_with_objects_is_refused(task, tmp_path):
    path = tmp_path / "training.npz"
    np.savez(path, W=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        train(new(), *task, epochs=1, checkpoint=path)


def test_a_torn_checkpoint_is_named(task, tmp_path):
    path = tmp_path / "training.npz"
    train(new(), *task, epochs=1, checkpoint=path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match=r"training.npz cannot be read .* delete it to train"):
        train(new(), *task, epochs=1, checkpoint=path)


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


def test_a_bad_seed(task):
    with pytest.raises(ValueError, match="seed is -1; it may be at least 0"):
        train(new(), *task, seed=-1)


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ((0, 1), "number of training images is 0; it may be at least 1"),
        ((2, 3), "number of test images is 0"),
    ],
)
def test_no_images_are_refused_before_the_first_step(places, text, task):
    model, data = new(), list(task)
    before = model.W.clone()
    for place in places:
        data[place] = data[place][:0]
    with pytest.raises(ValueError, match=text):
        train(model, *data, epochs=1)
    assert torch.equal(model.W, before)


def test_a_model_in_training_mode_is_refused_before_the_first_step(task):
    model = new().train()
    before = model.W.clone()
    with pytest.raises(ValueError, match="model is in training mode"):
        train(model, *task, epochs=1)
    assert torch.equal(model.W, before)


def test_the_training_accuracy_is_of_as_many_images_as_are_tested(task):
    model = new()
    (epoch,) = train(model, *task, batch=10, epochs=1)
    images, labels, test_images, _ = task
    assert len(test_images) < len(images)
    assert epoch.train_acc == accuracy(model, images[:50], labels[:50])


def test_different_devices(task):
    with pytest.raises(ValueError, match="different devices"):
        train(new().to("meta"), *task)
