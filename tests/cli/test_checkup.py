import json
import sys

import pytest
from torch import nn

from helpers.attacks import LOSSES
from helpers.evaluation.checkup import Checkup, Line
from helpers.evaluation.checkup.case import FAMILIES

cli = sys.modules["helpers.cli.checkup"]  # the package names the command after it

SOURCE = """
import torch
from torch import nn

def bright():
    "Scores that hang on how bright an image is: easily fooled, and honest about it."
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

def probable():
    return nn.Sequential(bright(), nn.Softmax(1))

def colored():
    return nn.Conv2d(3, 4, 3)

class Tupled(nn.Module):
    def forward(self, x):
        return x, x

def tupled():
    return Tupled()

def flat():
    return nn.Sequential(nn.Flatten(0), nn.Unflatten(0, (2, 784)), nn.Linear(784, 1), nn.Flatten(0))

def broken():
    return {}["weights"]
"""
SMALL = ["--data", "digits", "--eps", "0.1", "--images", "20", "--no-autoattack"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readers_models.py").write_text(SOURCE)


def test_a_table_and_a_conclusion(brains):
    status, out, _ = brains("checkup", "readers_models:probable", *SMALL)
    assert status == 3
    assert "these are probabilities" in " ".join(out.lower().split())
    assert "say nothing about robustness" in " ".join(out.split())


def test_json_for_machines(brains):
    status, out, _ = brains("checkup", "readers_models:bright", *SMALL, "--json")
    found = json.loads(out)
    assert status == (0 if found["passed"] else 3)
    assert found["n"] == 20
    assert {"name", "verdict", "figure", "meaning", "values"} == set(found["lines"][0])


@pytest.mark.parametrize(("verdict", "status"), [("pass", 0), ("fail", 3)])
def test_what_is_asked_reaches_the_check_up(brains, monkeypatch, verdict, status):
    asked = {}

    def examine(model, images, labels, eps, norm, *, say, **options):
        asked.update(eps=eps, norm=norm, n=len(images), model=type(model).__name__, **options)
        line = Line("margin", verdict, "50 % left", "what it means", {})
        return Checkup((line,), eps, norm, options["loss"], len(images), 0.1, {"claim": (50, 20)})

    monkeypatch.setattr("helpers.evaluation.checkup.checkup", examine)
    arguments = ["--norm", "l2", "--loss", "margin", "--surrogate", "readers_models:probable"]
    found, out, _ = brains("checkup", "readers_models:bright", *SMALL, *arguments, "--json")
    assert found == status
    assert json.loads(out)["passed"] is (status == 0)
    assert isinstance(asked.pop("surrogate")[1], nn.Softmax)
    assert asked == {
        "eps": 0.1,
        "norm": "l2",
        "n": 20,
        "model": "Sequential",
        "loss": "margin",
        "autoattack": False,
    }


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["nowhere:make", *SMALL], "nowhere cannot be imported"),
        (["readers_models:broken", *SMALL], "readers_models:broken fails with KeyError: 'weights'"),
        (["readers_models:colored", *SMALL], "fails on images of shape (2, 1, 28, 28)"),
        (
            ["readers_models:bright", *SMALL, "--surrogate", "readers_models:colored"],
            "fails on images of shape (2, 1, 28, 28)",
        ),
        (["readers_models:bright", *SMALL, "--eps", "nan"], "eps is nan"),
        (["readers_models:bright", *SMALL, "--weights", "none.pt"], "none.pt are not there"),
        (
            ["readers_models:bright", *SMALL, "--data", "cifar10_gray"],
            "`brains data cifar10` brings the real images. (brains --debug",
        ),
        (
            ["readers_models:bright", *SMALL, "--data", "mnist"],
            "brings the real images. `--data digits` takes what is here.",
        ),
        (["readers_models:tupled", *SMALL], "returns a tuple for images of shape (2, 1, 28, 28)"),
        (["readers_models:flat", *SMALL], "returns (2,) for images of shape (2, 1, 28, 28)"),
    ],
)
def test_bad_requests(arguments, text, brains, monkeypatch, tmp_path):
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "1")
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path))
    status, _, error = brains("checkup", *arguments)
    assert status == 1
    assert text in " ".join(error.split())


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["readers_models"], "'MODEL': it is 'readers_models'; it may be module:function"),
        ([":bright"], "'MODEL': it is ':bright'; it may be module:function"),
        (["a:b", "--surrogate", "a:"], "'--surrogate': it is 'a:'; it may be module:function"),
        (["a:b", "--norm", "l7"], "'--norm': 'l7' is not one of 'linf', 'l2'"),
        (["a:b", "--loss", "hinge"], "'--loss': 'hinge' is not one of 'mse', 'cross_entropy'"),
    ],
)
def test_a_wrong_use_is_status_2(arguments, text, brains):
    status, _, error = brains("checkup", *arguments, *SMALL)
    assert status == 2
    assert text in error
    assert len(error.splitlines()) == 1


def test_the_options_take_every_norm_and_loss():
    assert tuple(FAMILIES) == cli.NORMS
    assert tuple(LOSSES) == cli.LOSSES
