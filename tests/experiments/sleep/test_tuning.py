import json
import math
from dataclasses import fields, replace

import pytest
import torch

from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.evaluation.corrupted_once import corrupted_once
from helpers.evaluation.corruptions import (
    REPRODUCTION_BLUR,
    SLEEP_NOISE_VAR,
    Corruption,
    accuracy_corrupted,
)
from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.sleep import tuning as module
from helpers.experiments.sleep import tuning_run
from helpers.experiments.sleep.networks import FINE_TUNING
from helpers.experiments.sleep.tuning import (
    BUDGET,
    CHOSEN,
    DRAWN,
    control_config,
    tuning_config,
)
from helpers.experiments.sleep.tuning_run import OBJECTIVE, parameters_of
from helpers.records import records_of
from helpers.records.keys import key
from helpers.sleep import (
    ORIGINAL,
    ORIGINAL_CONTROL,
    TEMPERATURE,
    distilled,
    own_outputs,
    sleep,
    train_control,
    train_further,
)
from helpers.training import accuracy

EXPERIMENT = EXPERIMENTS["sleep/tuning"]
KINDS = {
    "longer": ("blur", (0.0,)),
    "finetune_blur": ("blur", REPRODUCTION_BLUR),
    "finetune_noise": ("noise_var", SLEEP_NOISE_VAR),
}
RIVALS = (*KINDS, "distilled", "own_outputs")
SMALL = {"dataset": "digits", "hidden": 20, "images": 800}


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


def settings_of(config):
    """What was drawn for a try."""
    common = {"defence", "trial", "split", "seed", "dataset", "hidden", "images"}
    return {name: value for name, value in config.items() if name not in common}


@pytest.mark.parametrize("config", EXPERIMENT.grid("smoke"), ids=lambda config: config["defence"])
def test_all_that_the_grid_asks_for_is_measured(config, tmp_path):
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(tmp_path, config, wanted)
    assert found.keys() == wanted.keys()
    assert all(0 <= value <= 100 for value in found.values())
    assert found["objective"] == pytest.approx(sum(found[name] for name in OBJECTIVE) / 4)


def test_the_objective_alone(tmp_path):
    config = control_config(**SMALL)
    found = run(tmp_path, config, {"objective": 200})
    whole = run(tmp_path, config, EXPERIMENT.metrics(config, "smoke"))
    assert found == {"objective": whole["objective"]}


@pytest.mark.parametrize("split", ["validation", "test"])
def test_against_a_control_by_hand(split, tmp_path):
    data = load("digits")
    train = as_float(data.train_images)
    recipe = replace(ORIGINAL_CONTROL, images=800, hidden=(20, 20))
    network = train_control(recipe, train[:800], data.train_labels[:800], seed=1)
    if split == "validation":
        images, labels = train[800:900], data.train_labels[800:900]
    else:
        images, labels = as_float(data.test_images)[:100], data.test_labels[:100]
    expected = {
        "test_acc": accuracy(network, images, labels),
        "blur_2": accuracy_corrupted(Corruption("blur", 2), network, images, labels),
        "noise_var_0.5": accuracy_corrupted(
            Corruption("noise_var", 0.5), network, images, labels, seed=1
        ),
        "fgsm_margin_0.1": accuracy_under(
            AttackSetting("fgsm", "margin", 0.1), network, images, labels
        ),
    }
    assert expected.keys() == set(OBJECTIVE)
    config = control_config(split=split, seed=1, **SMALL)
    assert run(tmp_path, config, dict.fromkeys(expected, 100)) == pytest.approx(expected)


@pytest.mark.parametrize("defence", DRAWN)
def test_a_try_uses_what_it_has_drawn(defence, monkeypatch, tmp_path):
    data = load("digits")
    images, labels = as_float(data.train_images)[:800], data.train_labels[:800]
    config = tuning_config(defence, 1, **SMALL)
    if defence == "sleep":
        config = {**config, "sleep_images": 300}
    recipe = replace(ORIGINAL_CONTROL, images=800, hidden=(20, 20))
    expected = train_control(recipe, images, labels)
    rate, epochs = config.get("learning_rate"), config.get("epochs")
    if defence == "sleep":
        expected = sleep(expected, images, parameters_of(config)).network
    elif defence == "own_outputs":
        expected = own_outputs(expected, recipe, images, learning_rate=rate, epochs=epochs)
    elif defence == "distilled":
        T = config["temperature"]
        settings = {"temperature": T, "learning_rate": T * rate, "epochs": epochs}
        expected = distilled(recipe, images, labels, **settings)
    else:
        kind, levels = KINDS[defence]
        corrupted = corrupted_once(images, kind, levels)
        train_further(expected, recipe, corrupted, labels, learning_rate=rate, epochs=epochs)
    found = []
    monkeypatch.setattr(
        tuning_run, "measured", lambda name, trained, *_, seed: found.append(trained) or 1.0
    )
    run(tmp_path, config, {"test_acc": 10})
    for ours, theirs in zip(found[0].network.weights, expected.weights, strict=True):
        assert torch.equal(ours, theirs)


def test_parameters_by_hand():
    drawn = {"beta_1": 1.0, "beta_2": 2.0, "beta_3": 3.0, "sleep_images": 7, "gated": False}
    drawn |= {"spike_probability": 0.5, "potentiation": 0.25, "depression": 0.125}
    found = parameters_of(drawn)
    assert found.thresholds == (1.0, 2.0, 3.0)
    assert (found.images, found.gated, found.spike_probability) == (7, False, 0.5)
    assert (found.potentiation, found.depression) == (0.25, 0.125)
    changed = {
        each.name
        for each in fields(found)
        if getattr(found, each.name) != getattr(ORIGINAL, each.name)
    }
    assert changed == {"images", "thresholds", "gated"} | {
        "spike_probability",
        "potentiation",
        "depression",
    }


@pytest.mark.parametrize("defence", DRAWN)
def test_a_number_is_a_draw(defence):
    tries = [settings_of(tuning_config(defence, number)) for number in range(BUDGET)]
    assert len({json.dumps(each) for each in tries}) == BUDGET
    for number in (0, BUDGET - 1):
        again = tuning_config(defence, number, seed=2, split="test", hidden=5)
        assert settings_of(again) == tries[number]
        assert (again["seed"], again["split"], again["hidden"]) == (2, "test", 5)


def test_try_0_is_what_was_published():
    assert parameters_of(tuning_config("sleep", 0)) == ORIGINAL
    assert settings_of(tuning_config("distilled", 0))["temperature"] == TEMPERATURE
    for defence in ("distilled", "own_outputs"):
        drawn = settings_of(tuning_config(defence, 0))
        assert (drawn["learning_rate"], drawn["epochs"]) == (0.1, ORIGINAL_CONTROL.epochs)
    for defence in KINDS:
        expected = {"learning_rate": FINE_TUNING, "epochs": ORIGINAL_CONTROL.epochs}
        assert settings_of(tuning_config(defence, 0)) == expected


def test_draws_stay_what_they_were():
    """Records lie under these settings."""
    assert settings_of(tuning_config("distilled", 3)) == {
        "learning_rate": 0.023,
        "epochs": 1,
        "temperature": 36.2,
    }
    assert settings_of(tuning_config("sleep", 1)) == {
        "sleep_images": 1_000,
        "beta_1": 3.08,
        "beta_2": 46.3,
        "beta_3": 15.1,
        "spike_probability": 0.0447,
        "potentiation": 0.00885,
        "depression": 0.0257,
        "gated": True,
    }


def test_draws_are_in_range():
    for number in range(1, 200):
        drawn = settings_of(tuning_config("sleep", number))
        assert 1e-4 <= drawn["potentiation"] <= 0.1
        assert 0.29 <= drawn["depression"] / drawn["potentiation"] <= 3.03
        assert 0.02 <= drawn["spike_probability"] <= 0.9
        assert drawn["sleep_images"] <= ORIGINAL.images
        parameters_of(drawn)  # accepts it
        for defence in RIVALS:
            drawn = settings_of(tuning_config(defence, number))
            assert 0.01 <= drawn["learning_rate"] <= 0.5
            assert drawn["epochs"] in (1, 2, 4)
            assert 2 <= drawn.get("temperature", 2) <= 100


def test_the_grid_is_one_budget_for_all(monkeypatch):
    monkeypatch.setattr(module, "CHOSEN", {"sleep": 3, "distilled": 0})
    configs = EXPERIMENT.grid("paper")
    names = {key(EXPERIMENT.name, config) for config in configs}
    assert len(names) == len(configs) == 1 + 6 * 12 + 3 * (1 + 2)
    assert BUDGET == 12
    tries, chosen = configs[: -3 * 3], configs[-3 * 3 :]
    assert {config["split"] for config in tries} == {"validation"}
    for defence in ("sleep", *RIVALS):
        numbers = [config["trial"] for config in tries if config["defence"] == defence]
        assert numbers == list(range(BUDGET))
    assert [(c["defence"], c["trial"], c["seed"], c["split"]) for c in chosen] == [
        (defence, number, seed, "test")
        for seed in (0, 1, 2)
        for defence, number in (("control", 0), ("sleep", 3), ("distilled", 0))
    ]
    assert settings_of(chosen[1]) == settings_of(tuning_config("sleep", 3))
    assert all(EXPERIMENT.minutes(config) > 0 for config in configs)


def test_only_the_chosen_are_measured_on_what_they_were_not_tuned_for():
    tried = EXPERIMENT.metrics(tuning_config("sleep", 0), "paper")
    assert tried == dict.fromkeys([*OBJECTIVE, "objective"], 2_000)
    chosen = EXPERIMENT.metrics(tuning_config("sleep", 0, split="test"), "paper")
    assert tried.keys() < chosen.keys()
    assert chosen["objective"] == 10_000
    assert chosen["pgd_margin_0.1"] == 1_000


def test_the_chosen_are_the_best_on_validation_images():
    held = {key(r.experiment, r.config): r.metrics for r in records_of(EXPERIMENT.name)}
    found = {}
    for defence in DRAWN:
        names = [key(EXPERIMENT.name, tuning_config(defence, n)) for n in range(BUDGET)]
        found[defence] = [held.get(name, {}).get("objective", math.nan) for name in names]
    missing = sum(math.isnan(each) for values in found.values() for each in values)
    if missing:
        pytest.skip(f"{missing} of {len(found) * BUDGET} tries have no record yet")
    best = {defence: values.index(max(values)) for defence, values in found.items()}
    assert best == CHOSEN


@pytest.mark.parametrize(
    ("change", "wanted", "text"),
    [
        ({"defence": "dream"}, {"test_acc": 4}, "defence is 'dream'; it may be control, sleep"),
        ({"split": "train"}, {"test_acc": 4}, "split is 'train'; it may be validation or test"),
        ({}, {"fog_1": 4}, "metric is 'fog_1'"),
        ({}, {"fired_0": 4}, "metric is fired_0; the network may be one that has slept"),
    ],
)
def test_bad_configurations(change, wanted, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run(tmp_path, {**control_config(**SMALL), **change}, wanted)
