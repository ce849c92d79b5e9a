import ipywidgets
import pytest
import torch

from helpers.attacks import pgd
from helpers.data import load
from helpers.page import VARIABLE
from helpers.training import accuracy
from helpers.widgets import AttackExplorer, SmallModels


@pytest.fixture(scope="module")
def models():
    return SmallModels(load("digits"), m=150, n=1000, epochs=3)


@pytest.fixture
def explorer(models):
    return AttackExplorer(models, steps=5, sample=20)


@pytest.mark.parametrize(
    ("control", "value"),
    [("k", 50), ("beta", "no LTD"), ("eps", 0.3), ("loss", "margin"), ("image", 3)],
)
def test_every_control_changes_the_answer(explorer, control, value):
    before = explorer.answer.value, explorer.picture.value
    getattr(explorer, control).value = value
    assert (explorer.answer.value, explorer.picture.value) != before


def test_the_answer_is_the_attack(explorer, models):
    explorer.eps.value = 0.2
    model = models.get(4, 0.99)
    images, labels = models.test_images[:20], models.test_labels[:20]
    attacked = pgd(model, images, labels, 0.2, steps=5)
    after = model(attacked.images).argmax(1)
    right = (after == labels).sum().item()
    assert f"after the attack <b>{after[0].item()}</b>" in explorer.answer.value
    assert f"after 5 steps of PGD {right}." in explorer.answer.value


def test_without_a_perturbation_nothing_changes(explorer):
    explorer.eps.value = 0
    untouched = explorer.answer.value.split("untouched ")[1].split(",")[0]
    assert f"after FGSM {untouched}, after 5 steps of PGD {untouched}." in explorer.answer.value


def shown(explorer, monkeypatch):
    displayed = []
    monkeypatch.setattr("helpers.widgets.attack_explorer.display", displayed.append)
    explorer._ipython_display_()
    return displayed[0]


def test_with_a_kernel_the_controls_are_shown(explorer, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    controls, answer = shown(explorer, monkeypatch).children
    assert controls.children == explorer.controls
    assert explorer.picture in answer.children


def test_a_page_shows_no_dead_controls(explorer, monkeypatch):
    monkeypatch.setenv(VARIABLE, "1")
    page = shown(explorer, monkeypatch)
    assert isinstance(page, ipywidgets.HTML)
    assert "<svg" in page.value


def test_a_model_is_trained_once_and_learns(models):
    model = models.get(10, None)
    assert models.get(10, None) is model
    assert model.beta is None
    assert model.granule.k == 10
    assert accuracy(model, models.test_images, models.test_labels) > 60


def test_a_seed_is_a_model(models):
    again = SmallModels(models.data, m=150, n=1000, epochs=3)
    assert torch.equal(again.get(4, 0.9).W, models.get(4, 0.9).W)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"m": 0}, "m is 0"),
        ({"n": 1298}, "n is 1298; it may be from 1 to 1297"),
        ({"epochs": 0}, "epochs is 0"),
    ],
)
def test_bad_sizes(change, text):
    with pytest.raises(ValueError, match=text):
        SmallModels(load("digits"), **({"n": 100} | change))


@pytest.mark.parametrize(("k", "beta", "text"), [(0, 0.9, "k is 0"), (4, 1.0, "beta is 1")])
def test_bad_models(models, k, beta, text):
    with pytest.raises(ValueError, match=text):
        models.get(k, beta)
