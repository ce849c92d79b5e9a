import pytest
import torch

from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.sleep.patches import patches_config

EXPERIMENT = EXPERIMENTS["sleep/patches"]
SMALL = {"width": 6, "hidden": 30, "sleep_images": 500}


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


@pytest.mark.parametrize("config", EXPERIMENT.grid("smoke"), ids=lambda config: config["network"])
def test_all_that_the_grid_asks_for_is_measured(config, tmp_path):
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(tmp_path, config, wanted)
    assert found.keys() == wanted.keys()
    assert all(0 <= value <= 100 for value in found.values())
    if config["network"] == "control":
        assert found["test_acc"] == found["noise_std_0.2"] == 100


def test_every_layer_fires_at_the_full_size(tmp_path):
    config = patches_config("sleep", 6)
    found = run(tmp_path, config, {f"fired_{layer}": 4 for layer in range(3)})
    assert found["fired_0"] == pytest.approx(100 * 0.17 * 2 * 39.037119e-3, rel=0.05)
    assert min(found.values()) > 0


def test_the_grid():
    configs = EXPERIMENT.grid("paper")
    assert len(configs) == 5 * 7 * 3
    assert EXPERIMENT.metrics(configs[0], "paper")["noise_std_0.4"] == 1000
    assert EXPERIMENT.metrics(configs[0], "paper")["blur_1"] == 4


@pytest.mark.parametrize(
    ("change", "wanted", "text"),
    [
        ({"network": "dream"}, {"test_acc": 4}, "network is 'dream'; it may be one of control"),
        ({"overlap": 6}, {"test_acc": 4}, "overlap is 6; it may be from 0 to 5"),
        ({}, {"test_acc": 5}, "test_acc asks for 5 images; it may be a multiple of 4"),
        ({}, {"fired_0": 4}, "metric is 'fired_0'; it may be of a layer of a network that has"),
        ({"network": "sleep"}, {"fired_3": 4}, "metric is 'fired_3'"),
        ({}, {"fog_1": 4}, "metric is 'fog_1'"),
    ],
)
def test_bad_configurations(change, wanted, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run(tmp_path, {**patches_config("control", 2, **SMALL), **change}, wanted)
