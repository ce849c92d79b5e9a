import json
import math
from dataclasses import replace

import pytest
import torch

from helpers.data import as_float, load
from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.sleep.deviations import cumulative, deviations_config
from helpers.experiments.sleep.deviations_run import undone
from helpers.sleep import (
    ORIGINAL,
    ORIGINAL_CONTROL,
    REPRODUCTION,
    REPRODUCTION_CONTROL,
    sleep,
    train_control,
)
from helpers.training import accuracy

EXPERIMENT = EXPERIMENTS["sleep/deviations"]
SMALL = {"dataset": "digits", "hidden": 50, "images": 200}


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


@pytest.mark.parametrize("place", range(3))
def test_all_that_the_grid_asks_for_is_measured(place, tmp_path):
    config = EXPERIMENT.grid("smoke")[place]
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(tmp_path, config, wanted)
    assert found.keys() == wanted.keys()
    assert all(math.isfinite(value) for value in found.values())


def test_with_all_undone_it_is_the_original(tmp_path):
    data = load("digits")
    images, test_images = as_float(data.train_images[:500]), as_float(data.test_images)
    recipe = replace(ORIGINAL_CONTROL, images=500, hidden=(100, 100))
    before = train_control(recipe, images, data.train_labels[:500])
    slept = sleep(before, images, replace(ORIGINAL, images=500))
    expected = {
        "awake_test_acc": accuracy(before, test_images, data.test_labels),
        "test_acc": accuracy(slept.network, test_images, data.test_labels),
        "fired_1": slept.fired[1],
        "shift_1": (slept.network.weights[0].double() - before.weights[0].double()).mean().item(),
    }
    config = deviations_config(cumulative()[-1], dataset="digits", hidden=100, images=500)
    found = run(tmp_path, config, dict.fromkeys(expected, 500))
    assert found == pytest.approx(expected)
    assert found["shift_1"] != 0


def test_an_early_end_is_a_short_night(tmp_path):
    config = deviations_config("none", dataset="digits", hidden=50, images=200)
    found = run(tmp_path, config, dict.fromkeys(("early_test_acc", "early_shift_1"), 200))
    data = load("digits")
    images = as_float(data.train_images[:200])
    before = train_control(
        replace(REPRODUCTION_CONTROL, images=200, hidden=(50, 50)), images, data.train_labels[:200]
    )
    slept = sleep(before, images, replace(REPRODUCTION, images=128))
    shift = (slept.network.weights[0].double() - before.weights[0].double()).mean().item()
    assert found["early_shift_1"] == pytest.approx(shift)
    right = accuracy(slept.network, as_float(data.test_images[:200]), data.test_labels[:200])
    assert found["early_test_acc"] == pytest.approx(right)


def test_what_is_undone_is_written_as_a_sum():
    assert [undone({"undone": text}) for text in ("none", "4", "1+4+10")] == [(), (4,), (1, 4, 10)]
    found = cumulative()
    assert found[:4] == ["none", "1", "1+2", "1+2+3"]
    assert found[-1] == "1+2+3+4+5+6+7+8+9+10"
    assert [undone({"undone": text}) for text in found] == [
        tuple(range(1, n)) for n in range(1, 12)
    ]


@pytest.mark.parametrize("profile", ["smoke", "laptop", "paper"])
def test_a_configuration_stands_once_in_a_grid(profile):
    configs = EXPERIMENT.grid(profile)
    assert len({json.dumps(config) for config in configs}) == len(configs)
    assert all(EXPERIMENT.minutes(config) > 0 for config in configs)


def test_the_grid():
    configs = EXPERIMENT.grid("paper")
    assert len(configs) == 3 * 11 + 9
    one_by_one, alone = configs[:33], configs[33:]
    assert [config["undone"] for config in one_by_one] == 3 * cumulative()
    assert [config["seed"] for config in one_by_one] == [0] * 11 + [1] * 11 + [2] * 11
    assert [(c["undone"], c["seed"]) for c in alone] == [(str(n), 0) for n in range(2, 11)]
    wanted = EXPERIMENT.metrics(configs[0], "paper")
    assert set(wanted.values()) == {10_000}
    assert {"test_acc", "awake_test_acc", "noise_uint8_1", "noise_var_0.1"} < wanted.keys()


@pytest.mark.parametrize(
    ("which", "wanted", "text"),
    [
        ("11", {"test_acc": 4}, "number of a deviation is 11; it may be from 1 to 10"),
        ("0+1", {"test_acc": 4}, "number of a deviation is 0"),
        ("1", {"fog_1": 4}, "metric is 'fog_1'"),
        ("1", {"awake_fired_0": 4}, "metric is fired_0; the network may be one that has slept"),
    ],
)
def test_bad_configurations(which, wanted, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run(tmp_path, deviations_config(which, **SMALL), wanted)
