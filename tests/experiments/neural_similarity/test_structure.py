import os

import pytest
import torch

from helpers.data.recordings import Population, simulate
from helpers.experiments import Workplace
from helpers.experiments.experiment import StandInError
from helpers.experiments.neural_similarity.structure import (
    SIMILARITY_STRUCTURE,
    grid,
    metrics,
    structure_config,
)
from helpers.experiments.neural_similarity.structure_run import (
    of_scan,
    of_scans,
    oracle_of,
    weighted,
)

REAL = os.environ.get("BORROWED_BRAINS_DATA")


def run(config, tmp_path, wanted=None):
    wanted = metrics(config, "smoke") if wanted is None else wanted
    work = Workplace(tmp_path, torch.device("cpu"))
    return dict(SIMILARITY_STRUCTURE.run(config, wanted, work))


def scan(number, **population):
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(40, 1, 6, 8, generator=generator)
    images = torch.nn.functional.interpolate(coarse, (18, 24), mode="bilinear")
    cells = Population(neurons=60, frequency=(0.5, 1.5), **population)
    return simulate((255 * images).byte(), cells, repeated=20, scan=number)


def test_the_smoke_run(tmp_path):
    (config,) = grid("smoke")
    found = run(config, tmp_path)
    assert set(found) == set(metrics(config, "smoke"))
    assert 0 < found["r_data_oracle"] < 1


def test_two_simulated_scans(tmp_path):
    config = structure_config(
        "simulated scans", scans=2, once=20, repeated=10, neurons=30, dataset="digits"
    )
    found = run(config, tmp_path)
    assert -1 < found["r_scans"] < 1
    assert found["sd_scan"] > 0


def test_reliable_neurons_have_reliable_similarities():
    quiet, noisy = scan(0, rate=20, gaze=0), scan(0, rate=0.3, gaze=0)
    perfect = weighted(quiet).mean(1)
    assert of_scan(quiet, perfect)["r_data_oracle"] > of_scan(noisy, perfect)["r_data_oracle"]
    assert of_scan(quiet, perfect)["r_model_oracle"] > 0.9
    assert of_scan(quiet, perfect)["sd_repeat"] < of_scan(noisy, perfect)["sd_repeat"]


def test_the_same_scan_twice_does_not_fluctuate():
    oracle = oracle_of(scan(0))
    assert of_scans([oracle, oracle]) == {"r_scans": pytest.approx(1), "sd_scan": 0}


def test_recorded_ones_need_their_files(tmp_path, monkeypatch):
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path))
    for name in ("region 1", "regions 1 and 2", "VISp_layer23"):
        with pytest.raises(StandInError, match="in the data folder"):
            run(structure_config(name), tmp_path)


def test_the_grid_has_what_was_recorded_first():
    names = [config["recording"] for config in grid("laptop")]
    assert names[:4] == ["region 1", "region 2", "region 3", "regions 1 and 2"]
    assert names.count("simulated") == 8
    assert len([name for name in names if name.startswith("VIS")]) == 21


def test_a_recorded_region(tmp_path):
    try:
        found = run(structure_config("region 1"), tmp_path)
    except StandInError:
        pytest.skip("the recordings are not in the data folder")
    assert found["sd_oracle"] == pytest.approx(0.138, abs=0.002)
    assert 0 < found["r_model_oracle"] < 0.3


@pytest.mark.parametrize(
    ("config", "wanted", "text"),
    [
        ({"recording": "region 4"}, {"r_scans": 1}, "recording is 'region 4'"),
        (
            structure_config(
                "simulated scans", scans=2, once=9, repeated=5, neurons=9, dataset="digits"
            ),
            {"v_test": 10},
            "metric is 'v_test'; it may be one of r_scans, sd_scan",
        ),
        (
            structure_config("simulated", once=10**6, dataset="digits"),
            {"v_test": 10},
            "once and repeated are 1000100",
        ),
    ],
)
def test_bad_configurations(config, wanted, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run(config, tmp_path, wanted)
