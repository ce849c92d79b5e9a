import pytest
import torch

from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.checkup_metrics import LINES

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


def test_an_unknown_line(tmp_path):
    config = EXPERIMENT.grid("smoke")[3]
    with pytest.raises(ValueError, match="metric is 'line_mood'; it may be one of left_5_starts"):
        run(tmp_path, config, {"line_mood": 20})


def test_the_paper_grid_names_each_model_once_a_seed():
    configs = EXPERIMENT.grid("paper")
    assert len({(c["model"], c["seed"]) for c in configs}) == len(configs) == 8
    assert EXPERIMENT.grid("laptop") == configs[:4]
    assert [c["eps"] for c in configs[:4]] == [0.3, 0.1, 0.1, 0.1]
    assert "left_autoattack" in EXPERIMENT.metrics(configs[0], "paper")
