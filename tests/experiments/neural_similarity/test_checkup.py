from dataclasses import replace

import pytest
import torch
from torch import nn

from helpers.data import load
from helpers.experiments import EXPERIMENTS
from helpers.experiments.checkup_metrics import LINES
from helpers.experiments.neural_similarity import checkup_run
from helpers.neural_similarity.joint import Joint

EXPERIMENT = EXPERIMENTS["neural_similarity/checkup"]


def test_every_line_and_attack_is_recorded(work):
    (config,) = EXPERIMENT.grid("smoke")
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = dict(EXPERIMENT.run(config, wanted, work))
    assert found.keys() == wanted.keys()
    lines = [value for name, value in found.items() if name.startswith("line_")]
    assert set(lines) <= {0.0, 1.0, -1.0}
    assert len(lines) == len(LINES) - 1  # no AutoAttack
    assert found["line_images_of_another_model"] >= 0  # there is a surrogate


def test_the_surrogate_is_a_plain_network_of_another_seed(work, monkeypatch):
    asked = []

    def noted(config, work):
        asked.append((config["target"], config["seed"], config["alpha"], config["width"]))
        return Joint(nn.Sequential(nn.Flatten(), nn.Linear(64, 10)).eval(), ())

    monkeypatch.setattr(checkup_run, "trained", noted)
    images = torch.randint(0, 256, (20, 1, 8, 8), dtype=torch.uint8)
    data = replace(load("digits"), test_images=images, test_labels=torch.arange(20) % 10)
    monkeypatch.setattr(checkup_run, "load_named", lambda name, device: data)
    (config,) = EXPERIMENT.grid("smoke")
    held = {**config, "target": "pixels", "alpha": 20}
    dict(EXPERIMENT.run(held, {"left_claim": 20}, work))
    assert asked == [("none", 0, 0, 4), ("pixels", 2, 20, 4)]


def test_the_grid_has_five_networks_of_one_seed_at_each_scale():
    scaled, both = EXPERIMENT.grid("laptop"), EXPERIMENT.grid("paper")
    assert [c["target"] for c in scaled] == [
        "none",
        "shuffle",
        "neural_model",
        "pixels_thresholded",
        "blur",
    ]
    assert [c["width"] for c in both] == 5 * [64] + 5 * [16]
    assert {c["seed"] for c in both} == {2}
    assert all(c["surrogate_seed"] != c["seed"] for c in both)
    assert EXPERIMENT.metrics(scaled[0], "laptop")["left_claim"] == 200
    assert EXPERIMENT.metrics(both[0], "paper")["left_autoattack"] == 200
    assert EXPERIMENT.minutes(both[0]) > 20 * EXPERIMENT.minutes(scaled[0])


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"line_mood": 20}, "metric is 'line_mood'; it may be one of left_5_starts"),
        ({"left_claim": 10**6}, "the check-up asks for 1000000 images; there are"),
    ],
)
def test_bad_metrics(work, wanted, text):
    (config,) = EXPERIMENT.grid("smoke")
    with pytest.raises(ValueError, match=text):
        dict(EXPERIMENT.run(config, wanted, work))
