import pytest
import torch

from helpers.experiments import Workplace
from helpers.experiments.neural_similarity import networks
from helpers.experiments.neural_similarity.frequencies import SIMILARITY_FREQUENCIES, grid, metrics


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "CACHE", tmp_path / "cache")
    (config,) = grid("smoke")
    work = Workplace(tmp_path, torch.device("cpu"))
    return lambda wanted: dict(SIMILARITY_FREQUENCIES.run(config, wanted, work))


def test_all_that_the_grid_asks_for_is_measured(run):
    (config,) = grid("smoke")
    found = run(metrics(config, "smoke"))
    assert found.keys() == metrics(config, "smoke").keys()
    assert all(0 <= value <= 100 for value in found.values())
    gradient = [value for name, value in found.items() if name.startswith("gradient")]
    assert 50 < sum(gradient) <= 100


def test_the_grid_has_each_main_network_once():
    configs = grid("laptop")
    assert len({(c["target"], c["seed"], c["stimuli"]) for c in configs}) == len(configs) == 30


@pytest.mark.parametrize(
    ("metric", "n", "text"),
    [
        ("band_3", 5, "band is '3'"),
        ("noise_std_0.1", 5, "metric is 'noise_std_0.1'"),
        ("blur_1", 10**6, "blur_1 asks for 1000000 images"),
    ],
)
def test_bad_metrics(run, metric, n, text):
    with pytest.raises(ValueError, match=text):
        run({metric: n})
