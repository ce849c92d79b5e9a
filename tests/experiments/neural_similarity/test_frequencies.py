import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from helpers.data import load
from helpers.evaluation.frequencies import band_noise, in_band
from helpers.experiments import Workplace
from helpers.experiments.neural_similarity import frequencies_run
from helpers.experiments.neural_similarity.frequencies import SIMILARITY_FREQUENCIES, grid, metrics
from helpers.experiments.neural_similarity.frequencies_run import SIZE
from helpers.experiments.neural_similarity.targets import CONTROLS, TARGETS, VGG
from helpers.neural_similarity.joint import Joint


@pytest.fixture
def run(work):
    (config,) = grid("smoke")
    return lambda wanted: dict(SIMILARITY_FREQUENCIES.run(config, wanted, work))


def test_all_that_the_grid_asks_for_is_measured(run):
    (config,) = grid("smoke")
    found = run(metrics(config, "smoke"))
    assert found.keys() == metrics(config, "smoke").keys()
    assert all(0 <= value <= 100 for value in found.values())
    gradient = [value for name, value in found.items() if name.startswith("gradient")]
    assert 50 < sum(gradient) <= 100


def test_the_grid_has_each_main_network_once():
    configs = [(config["target"], config["seed"]) for config in grid("laptop")]
    assert sorted(configs) == sorted(
        (target, seed) for target in (*TARGETS, *CONTROLS) for seed in range(3)
    )
    paper = [(config["target"], config["seed"]) for config in grid("paper")]
    wanted = [(target, seed) for target in (*TARGETS, *CONTROLS, VGG) for seed in range(5)]
    assert sorted(paper) == sorted([*configs, *wanted])


class Louder(nn.Module):
    """Class 1 where an image has more than `limit` of one octave, as an L2 norm, else class 0."""

    def __init__(self, low, limit):
        super().__init__()
        self.low, self.limit, self.seen = low, limit, []

    def forward(self, images):
        self.seen.append(images)
        height, width = images.shape[2:]
        waves = torch.fft.fft2(images) * in_band(height, width, self.low)
        found = torch.fft.ifft2(waves).real.flatten(1).norm(dim=1)
        return torch.stack([torch.full_like(found, self.limit), found], 1)


@pytest.fixture
def by_hand(monkeypatch, tmp_path):
    """Measures a model that is made by hand on images (n, 1, h, w) uint8."""
    (config,) = grid("smoke")

    def run(model, images, labels, wanted, *, seed=0):
        data = replace(load("digits"), test_images=images, test_labels=torch.tensor(labels))
        monkeypatch.setattr(frequencies_run, "load_named", lambda name, device: data)
        monkeypatch.setattr(
            frequencies_run, "trained", lambda config, work: Joint(model.eval(), ())
        )
        work = Workplace(tmp_path, torch.device("cpu"))
        wanted = dict.fromkeys(wanted, len(labels))
        return dict(SIMILARITY_FREQUENCIES.run({**config, "seed": seed}, wanted, work))

    return run


def test_noise_of_one_band_has_its_size_in_that_band_alone(by_hand):
    gray, bands = torch.full((4, 1, 32, 32), 128, dtype=torch.uint8), ("band_2", "band_4", "band_8")
    for limit, left in ((1.59, 0), (1.61, 100)):  # a little less and a little more than the noise
        found = by_hand(Louder(4, limit), gray, [0, 0, 0, 0], bands)
        assert found == {"band_2": 100, "band_4": left, "band_8": 100}


def test_noise_of_a_band_is_that_of_the_seed(by_hand):
    gray, model = torch.full((4, 1, 32, 32), 51, dtype=torch.uint8), Louder(4, 1.0)
    by_hand(model, gray, [0, 0, 0, 0], ["band_4", "band_8"], seed=3)
    for low, seen in zip((4, 8), model.seen, strict=True):
        generator = torch.Generator().manual_seed(3)
        torch.testing.assert_close(seen, band_noise(gray / 255, low, SIZE, generator))


def test_a_blur_weakens_a_wave_as_a_gaussian_does(by_hand):
    # A wave of 4 cycles in 32 pixels, which goes on as it is where the borders are mirrored.
    wave = 0.5 + 0.4 * torch.cos(torch.pi / 4 * (torch.arange(32) + 0.5))
    images = (255 * wave).round().to(torch.uint8).expand(4, 1, 32, 32)
    for weaker, right in ((1.4, 25), (1.6, 75)):  # the blur at which the model calls it too weak
        limit = 32 * 0.4 / 2**0.5 * math.exp(-2 * (math.pi * weaker / 8) ** 2)
        found = by_hand(Louder(4, limit), images, [1, 1, 1, 0], ["blur_1", "blur_1.5", "blur_2"])
        assert found == {"blur_1": 75, "blur_1.5": right, "blur_2": 25}


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
