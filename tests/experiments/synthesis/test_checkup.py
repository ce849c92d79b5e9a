import pytest
import torch

from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.checkup_metrics import LINES
from helpers.experiments.synthesis import checkup_run
from helpers.training.classifier import train_classifier

EXPERIMENT = EXPERIMENTS["synthesis/checkup"]


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


@pytest.mark.parametrize("place", range(4))
def test_every_line_and_attack_is_recorded(place, tmp_path):
    config = EXPERIMENT.grid("smoke")[place]
    wanted = EXPERIMENT.metrics(config, "smoke")
    assert "line_autoattack" not in wanted
    found = run(tmp_path, config, wanted)
    assert found.keys() == wanted.keys()
    assert {found[name] for name in found if name.startswith("line_")} <= {0.0, 1.0, -1.0}
    assert (
        len([name for name in found if name.startswith("line_")]) == len(LINES) - 1
    )  # no AutoAttack
    applies = config["loss"] == "cross_entropy"
    assert (found["line_gradients_at_another_scale"] >= 0) is applies


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({"line_mood": 20}, "metric is 'line_mood'; it may be one of left_5_starts"),
        ({"left_claim": 501}, "the check-up asks for 501 images; there are 500"),
        ({"left_black_box": 11}, "left_black_box asks for 11 images; the check-up looked at 10"),
    ],
)
def test_bad_metrics(wanted, text, tmp_path):
    config = EXPERIMENT.grid("smoke")[3]
    with pytest.raises(ValueError, match=text):
        run(tmp_path, config, wanted)


def test_the_networks_are_trained_on_batches_of_the_configuration(tmp_path, monkeypatch):
    seen = []

    def noted(*arguments, batch=50, **options):
        seen.append(batch)
        return train_classifier(*arguments, batch=batch, **options)

    monkeypatch.setattr(checkup_run, "train_classifier", noted)
    config = {**EXPERIMENT.grid("smoke")[0], "batch": 500}
    run(tmp_path, config, {"left_one_step": 10})
    assert seen == [500, 50]  # the second is the surrogate


def test_the_paper_grid_names_each_model_once_a_seed():
    configs = EXPERIMENT.grid("paper")
    assert len({(c["model"], c["seed"]) for c in configs}) == len(configs) == 8
    assert EXPERIMENT.grid("laptop") == configs[:4]
    assert [c["eps"] for c in configs[:4]] == [0.3, 0.1, 0.1, 0.1]
    assert "left_autoattack" in EXPERIMENT.metrics(configs[0], "paper")
