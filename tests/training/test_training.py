import math

import pytest
import torch
from torch import nn

from helpers.training import accuracy, train_classifier


@pytest.fixture
def task():
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(120, 6, generator=generator)
    return images, (images[:, 0] > images[:, 1]).long()


def new():
    torch.manual_seed(0)
    return nn.Linear(6, 2)


def test_it_learns_and_ends_in_evaluation_mode(task):
    model = new()
    losses = []
    settings = {"classes": 2, "epochs": 30, "batch": 10, "learning_rate": 0.05}
    train_classifier(model, *task, **settings, on_epoch=lambda n, loss: losses.append(loss))
    assert losses[-1] < losses[0] / 2
    assert accuracy(model, *task) > 95
    assert not model.training


def test_one_step_is_adam(task):
    images, labels = task
    theirs = new()
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.01)
    nn.functional.cross_entropy(theirs(images), labels).backward()
    optimizer.step()
    ours = train_classifier(
        new(), images, labels, classes=2, epochs=1, batch=120, learning_rate=0.01
    )
    torch.testing.assert_close(ours.weight, theirs.weight)


def test_the_rate_falls_to_zero_along_a_half_cosine(task):
    images, labels = task
    theirs = new()
    optimizer = torch.optim.Adam(theirs.parameters())
    generator = torch.Generator().manual_seed(0)
    orders = [torch.randperm(120, generator=generator) for _ in range(2)]
    # Two epochs of three steps; a seventh step would have the rate 0.
    steps = [rows for order in orders for rows in order.split(50)]
    for rows, angle in zip(steps, (0, 30, 60, 90, 120, 150), strict=True):
        optimizer.param_groups[0]["lr"] = 0.01 * (1 + math.cos(math.radians(angle))) / 2
        optimizer.zero_grad()
        nn.functional.cross_entropy(theirs(images[rows]), labels[rows]).backward()
        optimizer.step()
    ours = train_classifier(
        new(), images, labels, classes=2, epochs=2, batch=50, learning_rate=0.01
    )
    torch.testing.assert_close(ours.weight, theirs.weight)


def test_another_optimizer_and_loss(task):
    images, labels = task
    theirs = new()
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.5)
    for _ in range(2):
        optimizer.zero_grad()
        nn.functional.multi_margin_loss(theirs(images), labels).backward()
        optimizer.step()
    ours = train_classifier(
        new(),
        images,
        labels,
        classes=2,
        epochs=2,
        batch=120,
        optimizer=lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.5),
        loss=nn.functional.multi_margin_loss,
    )
    torch.testing.assert_close(ours.weight, theirs.weight)


def test_images_may_be_prepared(task):
    images, labels = task
    settings = {"classes": 2, "epochs": 1, "batch": 10}
    seen = []

    def darker(model, x, y, generator):
        seen.append(len(y))
        return x / 2

    ours = train_classifier(new(), images, labels, **settings, prepare=darker)
    theirs = train_classifier(new(), images / 2, labels, **settings)
    assert torch.equal(ours.weight, theirs.weight)
    assert seen == [10] * 12


def test_a_seed_is_a_training(task):
    one, two, other = (
        train_classifier(new(), *task, classes=2, epochs=1, batch=10, seed=s) for s in (0, 0, 1)
    )
    assert torch.equal(one.weight, two.weight)
    assert not torch.equal(one.weight, other.weight)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"images": torch.full((2, 6), float("nan")), "labels": torch.zeros(2).long()}, "NaN"),
        ({"labels": torch.full((120,), 2)}, "labels span 2"),
        ({"epochs": 0}, "epochs is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"learning_rate": 0.0}, "learning_rate is 0"),
        (
            {"learning_rate": None, "labels": torch.zeros(120, device="meta").long()},
            "labels on meta",
        ),
        (
            {"learning_rate": 0.1, "optimizer": torch.optim.SGD},
            "learning_rate is 0.1 beside an optimizer, .*; it may be None then",
        ),
    ],
)
def test_bad_arguments(change, text, task):
    given = {"images": task[0], "labels": task[1], "classes": 2} | change
    with pytest.raises(ValueError, match=text):
        train_classifier(new(), **given)


def test_accuracy_by_hand():
    model = nn.Identity().eval()
    scores = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert accuracy(model, scores, torch.tensor([0, 1, 0, 1]), batch=3) == 50


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"images": torch.ones(0, 2), "labels": torch.ones(0).long()}, "images is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"labels": torch.zeros(1).long()}, r"labels have shape \(1,\)"),
        ({"labels": torch.tensor([0, 1, 2, 0])}, "labels span 0 to 2; they may be from 0 to 1"),
        ({"labels": torch.tensor([0, 1, -1, 0])}, "labels span -1 to 1"),
        ({"labels": torch.zeros(4)}, "labels are torch.float32"),
        ({"labels": torch.zeros(4, device="meta").long()}, "different devices"),
        ({"model": nn.Identity()}, "training mode"),
    ],
)
def test_bad_accuracy(change, text):
    given = {"model": nn.Identity().eval(), "images": torch.ones(4, 2)}
    with pytest.raises(ValueError, match=text):
        accuracy(**(given | {"labels": torch.zeros(4).long()} | change))


def test_an_interrupted_training_ends_with_the_same_weights(task, tmp_path):
    settings = {"classes": 2, "epochs": 4, "batch": 10}
    path = tmp_path / "run" / "cnn.pt"

    def kill(number, loss):
        if number == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        train_classifier(new(), *task, **settings, checkpoint=path, on_epoch=kill)
    again = train_classifier(new(), *task, **settings, checkpoint=path)
    assert torch.equal(again.weight, train_classifier(new(), *task, **settings).weight)


class Command:
    """What a pickle with code in it would hold."""

    def __reduce__(self):
        return print, ("this code ran",)


def test_a_checkpoint_of_another_training_is_refused(task, tmp_path):
    path, settings = tmp_path / "cnn.pt", {"classes": 2, "epochs": 2, "batch": 10}
    train_classifier(new(), *task, **settings, checkpoint=path)
    images, labels = task
    for change in (
        {"images": images.flip(0)},
        {"labels": 1 - labels},
        {"seed": 1},
        {"epochs": 3},
        {"batch": 5},
        {"learning_rate": 0.1},
        {"optimizer": lambda parameters: torch.optim.SGD(parameters, lr=1e-3)},
        {"optimizer": lambda parameters: torch.optim.Adam(parameters, amsgrad=True)},
        {"loss": nn.functional.multi_margin_loss},
        {"prepare": lambda model, x, y, generator: x},
    ):
        asked = {"images": images, "labels": labels} | settings | change
        with pytest.raises(ValueError, match=r"cnn\.pt belongs to another training; name"):
            train_classifier(new(), **asked, checkpoint=path)
    torch.save([1], path)
    with pytest.raises(ValueError, match="belongs to another training"):
        train_classifier(new(), *task, **settings, checkpoint=path)


def test_a_training_that_explodes_says_so(task):
    def explode(parameters):
        return torch.optim.SGD(parameters, lr=1e38)

    with pytest.raises(ValueError, match=r"the loss of epoch \d is (nan|inf); it may be a finite"):
        train_classifier(new(), *task, classes=2, epochs=3, optimizer=explode)


def test_a_last_step_that_explodes_is_noticed(task, tmp_path):
    path, model = tmp_path / "cnn.pt", new()

    def explode(parameters):
        return torch.optim.SGD(parameters, lr=float("inf"))

    with pytest.raises(ValueError, match="weight holds NaN or infinity after epoch 1; every"):
        train_classifier(
            model, *task, classes=2, epochs=1, batch=120, optimizer=explode, checkpoint=path
        )
    assert not path.exists()


def test_a_model_on_another_device_is_refused(task):
    with pytest.raises(
        ValueError, match="images on cpu, labels on cpu, the model's weight on meta"
    ):
        train_classifier(new().to("meta"), *task, classes=2)


def test_a_network_without_a_number_has_no_accuracy():
    model = torch.nn.Linear(4, 2).eval()
    torch.nn.init.constant_(model.weight, float("nan"))
    with pytest.raises(ValueError, match="model returned NaN or infinity"):
        accuracy(model, torch.rand(3, 4), torch.zeros(3).long())


@pytest.mark.parametrize("torn", [True, False])
def test_a_checkpoint_that_is_torn_or_holds_code_is_refused(torn, task, tmp_path, capsys):
    path = tmp_path / "cnn.pt"
    torch.save({"model": Command()}, path)
    if torn:
        path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ValueError, match=r"cnn.pt cannot be read: it is torn or .*; delete it"):
        train_classifier(new(), *task, classes=2, checkpoint=path)
    assert "this code ran" not in capsys.readouterr().out
