"""The check-up on models whose fault, or health, is known by construction."""

import copy
import json

import pytest
import torch
from torch import nn

import helpers
from helpers.evaluation.checkup import Line, checkup
from helpers.models.tempered import Tempered
from helpers.training import train_classifier


@pytest.fixture(scope="module")
def task():
    """Four classes: which quarter of an 8x8 image is the brightest."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(4, (1500,), generator=generator)
    images = 0.5 * torch.rand(1500, 1, 8, 8, generator=generator)
    for label in range(4):
        row, column = 4 * (label // 2), 4 * (label % 2)
        images[labels == label, :, row : row + 4, column : column + 4] += 0.25
    return images, labels


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4))


@pytest.fixture(scope="module")
def sound(task):
    return train_classifier(network(), *task, classes=4, epochs=10)


def examine(model, task, eps=0.1, n=120, **change):
    settings = {"few": 40, "steps": 20, "queries": 100, "autoattack": False} | change
    return checkup(model, task[0][:n], task[1][:n], eps, **settings)


def verdicts(found):
    return {line.name: line.verdict for line in found.lines}


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_a_sound_model_gets_a_clean_bill(norm, sound, task):
    before = copy.deepcopy(sound.state_dict())
    gradients = [p.grad.clone() for p in sound.parameters()]
    eps = {"linf": 0.1, "l2": 0.6}[norm]
    surrogate = network().eval()
    found = examine(sound, task, eps, norm=norm, loss="margin", surrogate=surrogate)
    assert found.passed, str(found)
    assert 5 < found.left["claim"][0] < 95  # else the lines would show nothing
    assert "No line fails" in found.conclusion
    assert all(torch.equal(before[k], v) for k, v in sound.state_dict().items())
    assert all(map(torch.equal, gradients, (p.grad for p in sound.parameters())))
    assert not sound.training


class CommonMode(nn.Module):
    """All scores raised by one number that hangs on the image: no answer changes."""

    def __init__(self, model, size):
        super().__init__()
        self.model, self.size = model, size

    def forward(self, images):
        return self.model(images) + self.size * (images.flatten(1).sum(1, keepdim=True) - 24)


def squared_error(scores, labels):
    return (scores - nn.functional.one_hot(labels, 4)).square().mean()


def test_the_common_mode_is_caught_by_another_loss(task):
    settings = {"classes": 4, "epochs": 10, "loss": squared_error}
    model = train_classifier(network(), *task, **settings)
    healthy = examine(model, task, loss="mse")
    found = examine(CommonMode(model, 2.0).eval(), task, loss="mse")
    assert found.left["claim"][0] > healthy.left["claim"][0] + 20
    assert verdicts(found)["another loss"] == "fail"
    assert (
        "climbs the wrong hill" in next(x for x in found.failed if x.name == "another loss").meaning
    )
    assert not found.passed
    assert "say nothing about robustness" in found.conclusion


def test_probabilities_are_named(sound, task):
    found = examine(nn.Sequential(sound, nn.Softmax(1)).eval(), task)
    assert verdicts(found)["scores"] == "fail"


class Random(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, images):
        return self.model(images + 0.05 * torch.rand_like(images))


def test_a_random_model_is_named(sound, task):
    found = verdicts(examine(Random(sound).eval(), task))
    assert found["same answer twice"] == "fail"
    assert found["gradients"] == "fail"


class Steps(nn.Module):
    """Pixels in steps, so that the gradient is zero nearly everywhere."""

    def __init__(self, model, ways):
        super().__init__()
        self.model, self.ways = model, ways

    def forward(self, images):
        return self.model(torch.round(images * self.ways) / self.ways + 0 * images)


def test_dead_gradients_are_caught_by_several_lines(sound, task):
    found = examine(Steps(sound, 4).eval(), task, surrogate=sound, queries=800)
    seen = verdicts(found)
    assert seen["gradients"] == seen["the loss rises along the gradient"] == "fail"
    assert seen["no bound"] == seen["images of another model"] == "fail"
    assert seen["white box beats black box"] == "fail"


def test_a_large_scale_that_kills_the_softmax_is_caught(sound, task):
    found = examine(Tempered(sound, 1e-3).eval(), task)
    assert verdicts(found)["gradients at another scale"] == "fail"
    assert "the defence is gone" in str([line.meaning for line in found.failed])


def test_chance_is_no_claim(task):
    torch.manual_seed(0)
    constant = nn.Sequential(nn.Flatten(), nn.Linear(64, 4)).eval()
    with torch.no_grad():
        constant[1].weight.mul_(1e-6)
        constant[1].bias.copy_(torch.tensor([1.0, 0, 0, 0]))
    assert verdicts(examine(constant, task))["clean accuracy"] == "fail"


def test_autoattack_comes_last(sound, task):
    found = examine(sound, task, n=20, few=10, autoattack=True)
    assert found.lines[-1].name == "AutoAttack"
    assert found.lines[-1].values["gain"] >= 0  # on the same images AutoAttack leaves no more


def test_the_same_request_gives_the_same_answer(sound, task):
    one, two = (examine(sound, task, n=40, few=10) for _ in range(2))
    assert one.lines == two.lines


def test_its_repr_is_one_short_line(sound, task):
    found = examine(sound, task, n=40)
    assert repr(found) == (
        f"Checkup({len(found.lines)} lines, {len(found.failed)} fail, "
        "eps=0.1, norm='linf', loss='cross_entropy', n=40)"
    )


def test_as_text_json_and_html(sound, task):
    found = examine(sound, task, n=40, few=10)
    machine = json.loads(found.to_json())
    assert machine["passed"] is True
    assert [line["name"] for line in machine["lines"]] == [line.name for line in found.lines]
    assert found.conclusion in str(found)
    assert "white box beats black box" in found._repr_html_()
    assert helpers.checkup is checkup


def nan(images):
    return torch.where(images.flatten(1)[:, :4] > 0.74, float("nan"), 0.0)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"eps": float("nan")}, "eps is nan; it may be a finite number above 0"),
        ({"eps": 0.0}, "eps is 0.0"),
        ({"eps": 1}, r"eps is 1; it may be below 1, .* 8 gray levels are 8 / 255"),
        ({"eps": 8.0, "norm": "l2"}, "eps is 8.0; it may be below 8,"),  # the root of 64 pixels
        ({"norm": "l7"}, "norm is 'l7'; it may be one of linf, l2"),
        ({"loss": "hinge"}, "loss is 'hinge'; it may be one of mse, cross_entropy, margin"),
        ({"few": 0}, "few is 0"),
        ({"steps": 0}, "steps is 0"),
        ({"queries": 0}, "queries is 0"),
        ({"model": network()}, "model is in training mode"),
        ({"model": nan}, "model returned NaN"),
        ({"model": lambda x: x.flatten()}, r"scores for one image"),
        ({"model": lambda x: x.flatten(1)[:, :2]}, "labels span 0 to 3; they may be from 0 to 1"),
        ({"images": torch.full((5, 1, 8, 8), 2.0), "labels": torch.zeros(5).long()}, "images span"),
        (
            {"images": torch.rand(5, 64), "labels": torch.zeros(5).long()},
            r"images have shape \(5, 64\); for squares it may be \(n, channels, h, w\)",
        ),
        (
            {"images": torch.rand(5, 1, 14, 14), "labels": torch.zeros(5).long(), "norm": "l2"},
            "images are 14 x 14; for squares in l2 they may be of equal sides such as 28",
        ),
        (
            {"model": lambda x: x.flatten(1)[:, :3], "labels": torch.zeros(200).long()},
            "model has 3 classes; the loss of autoattack needs 4 or more",
        ),
        ({"images": torch.rand(0, 1, 8, 8), "labels": torch.zeros(0).long()}, "images are empty"),
    ],
)
def test_bad_requests(change, text, task):
    given = {
        "model": network().eval(),
        "images": task[0][:200],
        "labels": task[1][:200],
        "eps": 0.1,
    }
    attacks = []
    given = given | change
    flat = given["images"].ndim == 2 or given["images"].shape[2] == 14
    if flat:
        given["model"] = lambda x: x.flatten(1)[:, :4]
    with pytest.raises(ValueError, match=text):
        checkup(**given, say=attacks.append)
    assert attacks == []


def test_three_classes_are_enough_without_autoattack(task):
    images, labels = task[0][:20], task[1][:20] % 3
    found = checkup(
        lambda x: x.flatten(1)[:, :3], images, labels, 0.1, few=5, queries=5, autoattack=False
    )
    assert "AutoAttack" not in found.left


def test_a_verdict_is_one_of_three():
    with pytest.raises(ValueError, match="verdict is 'perhaps'"):
        Line("scores", "perhaps", "seen", "meant")
