import json
import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.evaluation.corrupted_once import corrupted_once
from helpers.evaluation.corruptions import (
    REPRODUCTION_BLUR,
    SLEEP_NOISE_VAR,
    Corruption,
    accuracy_corrupted,
)
from helpers.experiments import EXPERIMENTS, StandInError, Workplace
from helpers.experiments.sleep import networks
from helpers.experiments.sleep.fired import fired
from helpers.experiments.sleep.mnist import (
    ORIGINAL_NETWORKS,
    REPRODUCTION_NETWORKS,
    SEEDS,
    sleep_config,
)
from helpers.experiments.sleep.mnist_run import measured, most_common
from helpers.experiments.sleep.networks import Trained, network_of, recipe_of
from helpers.sleep import (
    ORIGINAL,
    ORIGINAL_CONTROL,
    ORIGINAL_FOR_MINIMAL,
    REPRODUCTION,
    REPRODUCTION_CONTROL,
    Slept,
    changed_cells,
    sleep,
    train_control,
    train_further,
)
from helpers.training import accuracy

EXPERIMENT = EXPERIMENTS["sleep/mnist"]
CPU = torch.device("cpu")
SMALL = {"dataset": "digits", "hidden": 100, "images": 500, "sleep_images": 500}
ASLEEP = {"network": "sleep", "sleep_images": 20}


def small(recipe, network, **change):
    return sleep_config(recipe, network, **{**SMALL, **change})


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, CPU)))


@pytest.fixture(scope="module")
def digits():
    found = load("digits")
    return as_float(found.train_images)[:500], found.train_labels[:500]


@pytest.fixture(scope="module")
def control(digits):
    recipe = replace(ORIGINAL_CONTROL, images=500, hidden=(100, 100))
    return train_control(recipe, *digits)


@pytest.fixture(scope="module")
def slept(control, digits):
    return sleep(control, digits[0], replace(ORIGINAL, images=500))


@pytest.mark.parametrize("recipe", ["original", "reproduction"])
def test_all_that_the_grid_asks_for_is_measured(recipe, tmp_path):
    (config,) = [
        config
        for config in EXPERIMENT.grid("smoke")
        if (config["recipe"], config["network"]) == (recipe, "sleep")
    ]
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(tmp_path, config, wanted)
    assert found.keys() == wanted.keys()
    assert all(math.isfinite(value) for value in found.values())
    assert all(0 <= v <= 100.001 for name, v in found.items() if not name.startswith("shift"))


def test_against_a_sleep_by_hand(control, slept, tmp_path):
    data = load("digits")
    images, labels, after = as_float(data.test_images)[:80], data.test_labels[:80], slept.network
    expected = {
        "test_acc": accuracy(after, images, labels),
        "changed_cells": float((control.weights[0] != after.weights[0]).any(1).sum()),
        "blur_1": accuracy_corrupted(Corruption("blur", 1), after, images, labels),
        "noise_var_0.1": accuracy_corrupted(Corruption("noise_var", 0.1), after, images, labels),
        "fgsm_mse_0.1": accuracy_under(AttackSetting("fgsm", "mse", 0.1), after, images, labels),
        "most_common": 100 * after(images).argmax(1).bincount().max().item() / 80,
    }
    expected |= {f"fired_{layer}": slept.fired[layer] for layer in range(4)}
    for layer in (1, 2, 3):
        change = after.weights[layer - 1].double() - control.weights[layer - 1].double()
        expected[f"shift_{layer}"] = change.mean().item()
    found = run(tmp_path, small("original", "sleep"), dict.fromkeys(expected, 80))
    assert found == pytest.approx(expected)
    assert 0 < found["changed_cells"] < 100


def test_most_common_by_hand():
    answers = torch.eye(3)[[0, 2, 2, 1, 2, 0, 2, 0, 0, 2]]
    assert most_common(nn.Identity(), answers) == pytest.approx(50)
    assert most_common(nn.Identity(), answers[3:4]) == 100
    assert most_common(nn.Identity(), answers[:6].repeat(500, 1)) == pytest.approx(50)


def test_units_left_out_at_evaluation_follow_the_seed():
    network = REPRODUCTION_CONTROL.network(784, 10).eval()
    images = torch.rand(100, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(10).repeat(10)
    state = torch.random.get_rng_state()
    found = [
        measured("most_common", Trained(network), images, labels, seed=seed)
        for seed in (0, 0, *range(1, 6))
    ]
    assert found[0] == found[1]
    assert len(set(found)) > 1
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize(
    ("recipe", "network", "change", "expected"),
    [
        ("original", "sleep", {}, ORIGINAL),
        ("original", "sleep_minimal", {}, ORIGINAL_FOR_MINIMAL),
        ("reproduction", "sleep", {}, REPRODUCTION),
        ("original", "sleep", {"sleep_images": 500}, replace(ORIGINAL, images=500)),
    ],
)
def test_each_network_sleeps_as_its_paper_says(recipe, network, change, expected, monkeypatch):
    asked = []

    def note(start, images, parameters, *, seed):
        asked.append((parameters, seed))
        return Slept(start, (0.0,) * 4, 0)

    monkeypatch.setattr(networks, "sleep", note)
    tiny = {"dataset": "digits", "images": 100, "hidden": 5, "seed": 2}
    network_of(sleep_config(recipe, network, **tiny, **change), CPU)
    assert asked == [(expected, 2)]


@pytest.mark.parametrize(
    ("network", "kind", "levels"),
    [
        ("finetune_blur", "blur", REPRODUCTION_BLUR),
        ("finetune_noise", "noise_var", SLEEP_NOISE_VAR),
        ("longer", None, ()),
    ],
)
def test_fine_tuning_by_hand(network, kind, levels, digits):
    images, labels = digits[0][:100], digits[1][:100]
    recipe = replace(ORIGINAL_CONTROL, images=100, hidden=(20, 20))
    expected = train_control(recipe, images, labels, seed=1)
    shown = images if kind is None else corrupted_once(images, kind, levels, seed=1)
    train_further(expected, recipe, shown, labels, learning_rate=0.05, seed=1)
    found = network_of(small("original", network, hidden=20, images=100, seed=1), CPU).network
    for ours, theirs in zip(found.weights, expected.weights, strict=True):
        assert torch.equal(ours, theirs)


def test_the_reproduction_s_training_noise_is_its_test_noise(monkeypatch):
    kinds = []
    monkeypatch.setattr(
        networks, "corrupted_once", lambda x, kind, levels, seed: kinds.append(kind) or x
    )
    network_of(small("reproduction", "finetune_noise", images=100, hidden=5), CPU)
    assert kinds == ["noise_uint8"]


@pytest.mark.parametrize("network", ["pruned", "pruned_active", "pruned_random"])
def test_as_many_cells_are_silent_as_sleep_changed(network, control, slept):
    found = network_of(small("original", network), CPU).network
    silent = (found.weights[0] == 0).all(1) & (control.weights[0] != 0).any(1)
    changed = changed_cells(control, slept.network)
    assert silent.sum() == changed.sum() > 0
    assert torch.equal(silent, changed) is (network == "pruned")
    assert torch.equal(found.weights[0][~silent], control.weights[0][~silent])


@pytest.mark.parametrize("network", ["shifted", "shifted_rows", "shuffled"])
def test_substitutes_add_what_sleep_adds(network, control, slept):
    found = network_of(small("original", network), CPU).network
    added, change = (
        each.weights[0].double() - control.weights[0].double() for each in (found, slept.network)
    )
    assert added.mean().item() == pytest.approx(change.mean().item(), rel=1e-3)
    assert not torch.allclose(added, change)
    assert torch.equal(found.weights[1], control.weights[1])


def test_the_tempered_network(monkeypatch):
    made = []

    def tiny(classes):  # the whole one takes ten seconds
        made.append(classes)
        return nn.Sequential(nn.Flatten(), nn.Linear(784, classes))

    monkeypatch.setattr(networks, "ReportCNN", tiny)
    config = small("reproduction", "tempered", images=100)
    one, same = (network_of(config, CPU).network for _ in range(2))
    images = torch.rand(5, 1, 28, 28)
    assert made == [10, 10]
    assert torch.equal(one(images), same(images))
    torch.testing.assert_close(one(images), one.model(images) / 50)
    assert not one.training


@pytest.mark.parametrize(
    ("name", "recipe"), [("original", ORIGINAL_CONTROL), ("reproduction", REPRODUCTION_CONTROL)]
)
def test_the_paper_s_configurations_are_the_papers_recipes(name, recipe):
    assert recipe_of(sleep_config(name, "control")) == recipe


@pytest.mark.parametrize("profile", ["smoke", "laptop", "paper"])
def test_the_grid(profile):
    configs = EXPERIMENT.grid(profile)
    seeds = 1 if profile == "smoke" else 3
    assert len({json.dumps(config) for config in configs}) == len(configs) == (14 + 5) * seeds
    assert len(REPRODUCTION_NETWORKS) == 5
    assert len(ORIGINAL_NETWORKS) == 14
    assert SEEDS == (0, 1, 2)
    assert all(EXPERIMENT.minutes(config) > 0 for config in configs)


@pytest.mark.parametrize(
    ("recipe", "blurs", "losses"),
    [("original", 9, ("mse", "margin")), ("reproduction", 6, ("cross_entropy",))],
)
def test_the_metrics_are_the_axes_of_the_paper(recipe, blurs, losses):
    wanted = EXPERIMENT.metrics(sleep_config(recipe, "control"), "paper")
    assert len([name for name in wanted if name.startswith("blur")]) == blurs
    assert [name for name in wanted if name.startswith("fgsm")] == [
        f"fgsm_{loss}_{eps}"
        for loss in losses
        for eps in ("0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4")
    ]
    assert wanted["test_acc"] == 10_000
    assert wanted["pgd_margin_0.1"] == 1_000
    assert not [name for name in wanted if name.startswith(("fired", "shift", "changed"))]


def test_fired_by_hand(control):
    slept = Slept(control, (5.0, 2.0, 0.5), 10)
    assert [fired(f"fired_{layer}", slept) for layer in range(3)] == [5.0, 2.0, 0.5]
    for metric, which in (("fired_3", slept), ("fired_0", None), ("fired_x", slept)):
        with pytest.raises(ValueError, match=f"metric is '{metric}'"):
            fired(metric, which)


@pytest.mark.parametrize(
    ("change", "wanted", "text"),
    [
        ({"recipe": "dream"}, {"test_acc": 4}, "recipe is 'dream'; it may be one of original"),
        ({"network": "dream"}, {"test_acc": 4}, "network is 'dream'; it may be one of control"),
        ({"network": "tempered"}, {"test_acc": 4}, "network is 'tempered'"),
        (
            {"recipe": "reproduction", "network": "pruned"},
            {"test_acc": 4},
            "network is 'pruned'; it may be one of control",
        ),
        ({}, {"test_acc": 501}, "test_acc asks for 501 images; there are 500"),
        ({}, {"fog_1": 4}, "metric is 'fog_1'"),
        ({}, {"blur_x": 4}, "metric is 'blur_x'"),
        ({}, {"fired_0": 4}, "metric is fired_0; the network may be one that has slept"),
        ({}, {"shift_1": 4}, "metric is shift_1"),
        ({}, {"changed_cells": 4}, "metric is changed_cells"),
        (ASLEEP, {"shift_0": 4}, "layer of shift_0 is 0; it may be from 1 to 3"),
        (ASLEEP, {"shift_4": 4}, "layer of shift_4 is 4"),
        (ASLEEP, {"fired_4": 4}, "metric is 'fired_4'; it may be of a layer"),
        (ASLEEP, {"changed_2": 4}, "metric is 'changed_2'"),
    ],
)
def test_bad_configurations(change, wanted, text, tmp_path):
    config = {**small("original", "control", images=100, hidden=5), **change}
    with pytest.raises(ValueError, match=text):
        run(tmp_path, config, wanted)


def test_a_run_never_rests_on_a_stand_in(tmp_path, monkeypatch):
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", "smoke")  # load("mnist") gives digits here
    with pytest.raises(StandInError, match=r"this run needs mnist\. The smoke profile"):
        run(tmp_path, small("original", "control", dataset="mnist"), {"test_acc": 4})
