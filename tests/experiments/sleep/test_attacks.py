import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data import as_float, load
from helpers.evaluation.minimal import Try, minimal_norms
from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.sleep import attacks_run as module
from helpers.experiments.sleep.attacks import NETWORKS
from helpers.experiments.sleep.attacks_run import SETTINGS, opened
from helpers.experiments.sleep.networks import Trained
from helpers.sleep import ORIGINAL_CONTROL, SleepNetwork, train_control

EXPERIMENT = EXPERIMENTS["sleep/attacks"]


def run(folder, wanted):
    config = EXPERIMENT.grid("smoke")[0]
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


@pytest.fixture(scope="module")
def trained():
    """A network that knows the digits, with the original's ReLU on its outputs."""
    data = load("digits")
    recipe = replace(ORIGINAL_CONTROL, images=1000, hidden=(50, 50), epochs=10, batch=10)
    return train_control(recipe, as_float(data.train_images), data.train_labels)


@pytest.fixture
def at_work(monkeypatch, trained):
    """The same in place of the network that a configuration names."""
    monkeypatch.setattr(module, "network_of", lambda config, device: Trained(trained))


def test_all_that_the_grid_asks_for_is_measured(tmp_path):
    wanted = EXPERIMENT.metrics(EXPERIMENT.grid("smoke")[1], "smoke")
    found = run(tmp_path, wanted)
    assert found.keys() == wanted.keys()
    assert all(math.isfinite(value) for value in found.values())


@pytest.mark.usefixtures("at_work")
def test_against_attacks_by_hand(tmp_path, trained):
    data = load("digits")
    images, labels = as_float(data.test_images)[:10], data.test_labels[:10]
    held = minimal_norms(opened(trained), images, labels, [Try("deepfool_l2")])
    wanted = {"deepfool_l2_median": 10, "deepfool_l2_broken": 10, "pgd_margin_0.1": 10}
    found = run(tmp_path, wanted)
    assert found["deepfool_l2_median"] == np.median(held.norms["l2"]) > 0
    assert found["deepfool_l2_broken"] == 100
    assert found["pgd_margin_0.1"] < 50


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    ("sizes", "median", "broken"),
    [
        ([0, 1, 2, np.inf, np.inf], 2, 60),
        ([3, 0, np.inf, np.inf, np.inf], 28, 40),
        ([0, 1, np.inf, np.inf], 14.5, 50),
        ([0, 1, 2, 4], 1.5, 100),
    ],
)
def test_median_and_broken_by_hand(sizes, median, broken, monkeypatch, tmp_path):
    # What holds counts with all 28 x 28 pixels changed by 1, a length of 28.
    asked = []

    def note(model, images, labels, tries, *, checkpoint):
        asked.append((model.relu_output, len(images), *tries, checkpoint.name))
        return SimpleNamespace(norms={"l2": np.array(sizes), "l0": np.full(5, np.nan)})

    monkeypatch.setattr(module, "minimal_norms", note)
    found = run(tmp_path, {"cw_l2_median": 7, "cw_l2_broken": 7})
    assert found == {"cw_l2_median": median, "cw_l2_broken": broken}
    # Once for both, and without the ReLU.
    assert asked == [(False, 7, Try("cw_l2", options=SETTINGS["cw"][1]), "cw_l2_7.npz")]


@pytest.mark.usefixtures("at_work")
def test_the_largest_number_of_pixels(monkeypatch, tmp_path):
    none = SimpleNamespace(norms={"l0": np.full(3, np.inf)})
    monkeypatch.setattr(module, "minimal_norms", lambda *_, **__: none)
    found = run(tmp_path, {"jsma_l0_median": 3, "jsma_l0_broken": 3})
    assert found == {"jsma_l0_median": 784, "jsma_l0_broken": 0}


def test_opened_by_hand():
    network = SleepNetwork((6, 5, 3), dropout=(0.2,), small=False, seed=2).eval()
    held = {name: value.clone() for name, value in network.state_dict().items()}
    images = torch.rand(50, 6, generator=torch.Generator().manual_seed(0))
    found = opened(network)
    expected = 0.8 * (images @ network.weights[0].T).relu() @ network.weights[1].T
    torch.testing.assert_close(found(images).detach(), expected)
    torch.testing.assert_close(network(images).detach(), expected.relu())
    assert expected.min() < 0
    above = expected.amax(1) > 0
    assert above.any()
    assert torch.equal(found(images).argmax(1)[above], network(images).argmax(1)[above])
    assert network.relu_output
    assert not found.training
    assert all(torch.equal(value, held[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize(
    "network", [nn.Linear(2, 2), SleepNetwork((2, 2), dropout=(), relu_output=False)]
)
def test_nothing_to_open(network):
    assert opened(network) is network


def test_the_grid():
    configs = EXPERIMENT.grid("paper")
    assert len({json.dumps(config) for config in configs}) == len(configs) == 8 * 3
    assert {config["recipe"] for config in configs} == {"original"}
    assert EXPERIMENT.grid("laptop") == configs[: len(NETWORKS)]
    assert all(EXPERIMENT.minutes(config) > 0 for config in configs)
    wanted = EXPERIMENT.metrics(configs[0], "paper")
    assert wanted["deepfool_l2_median"] == wanted["cw_l2_broken"] == 1_000
    assert wanted["jsma_l0_median"] == wanted["boundary_l2_broken"] == 100
    assert len(wanted) == 4 * 2 + 4


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("fog_1", "metric is 'fog_1'"),
        ("cw_l0_median", "metric is 'cw_l0_median'; the attack may be deepfool, cw"),
        ("fmn_l2_broken", "metric is 'fmn_l2_broken'; the attack may be"),
        ("deepfool_l2_mean", "metric is 'deepfool_l2_mean'"),
    ],
)
def test_bad_metrics(metric, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run(tmp_path, {metric: 4})
