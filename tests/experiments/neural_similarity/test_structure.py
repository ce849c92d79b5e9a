import os

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data.recordings import Population, simulate
from helpers.data.recordings.allen import AllenScenes
from helpers.experiments import Workplace
from helpers.experiments.experiment import StandInError
from helpers.experiments.neural_similarity import structure_run
from helpers.experiments.neural_similarity.structure import (
    SIMILARITY_STRUCTURE,
    grid,
    metrics,
    structure_config,
)
from helpers.experiments.neural_similarity.structure_run import (
    OF_ALLEN,
    of_scan,
    of_scans,
    oracle_of,
    weighted,
)
from helpers.neural_similarity.resampled import resampled_rank_correlations
from helpers.neural_similarity.similarity import similarity_matrix

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


def pairs_of(responses):
    """Equation 2 in NumPy, each pair of images once."""
    centred = np.float64(responses).reshape(len(responses), -1)
    centred = centred - centred.mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return (unit @ unit.T)[np.triu_indices(len(unit), 1)]


def rank_correlation(one, other):
    return np.corrcoef(one.argsort().argsort(), other.argsort().argsort())[0, 1]


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


def test_predicted_neurons_are_weighted_by_reliability_and_prediction(tmp_path, monkeypatch):
    predicted = torch.rand(10, 6, generator=torch.Generator().manual_seed(0))
    v = {"validation": torch.tensor([0.9, 0.1, 0.5, -0.6, 0.3, 0.7]), "test": torch.full((6,), 0.4)}
    fitted_to = []

    class Fake:
        def to_images(self, images):
            return predicted

        def correlation(self, recording, tier):
            return v[tier]

    monkeypatch.setattr(
        structure_run, "fit", lambda recording, **options: fitted_to.append(recording) or Fake()
    )
    config = structure_config(
        "simulated", once=20, repeated=10, neurons=6, dataset="digits", epochs=1
    )
    found = run(config, tmp_path)
    responses = np.float64(fitted_to[0].oracle()[1])
    w = np.sqrt(responses.mean(1).var(0) / responses.var(1).mean(0))
    assert w.max() > 1.5 * w.min()
    # Equation 6; a neuron that is predicted the wrong way round counts for nothing.
    expected = pairs_of(predicted.numpy() * w * np.maximum(v["validation"].numpy(), 0))
    assert found["sd_model"] == pytest.approx(expected.std(ddof=1), rel=1e-4)
    assert found["v_test"] == pytest.approx(0.4)


def test_recorded_correlations_are_centred_before_they_are_compared(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    scenes = torch.from_numpy(rng.integers(0, 256, (9, 1, 31, 31), dtype=np.uint8))
    # All images share a response, some of them more of it.
    responses = rng.normal(size=(9, 30)) + rng.uniform(0, 3, (9, 1)) * rng.normal(size=30)
    matrix = torch.from_numpy(np.corrcoef(responses))
    fake = AllenScenes({"VISp_layer23": matrix}, {"VISp_layer23": 0.8}, scenes)
    torch.manual_seed(0)
    # Neurons that are weighted sums of pixels; the z-score before them changes no cosine.
    neurons = nn.Sequential(nn.Flatten(), nn.Linear(36 * 64, 5)).eval()
    monkeypatch.setattr(structure_run, "data_folder", lambda: tmp_path)
    monkeypatch.setattr(structure_run, "read_allen", lambda folder: fake)
    monkeypatch.setattr(structure_run, "read_sensorium_cnn", lambda folder: neurons)
    found = run(structure_config("VISp_layer23"), tmp_path)
    # What np.corrcoef correlates, as unit vectors.
    unit = responses - responses.mean(1, keepdims=True)
    recorded = pairs_of(unit / np.linalg.norm(unit, axis=1, keepdims=True))
    pixels = fake.stimuli(36, 64).flatten(1).numpy()
    model = pairs_of(pixels @ neurons[1].weight.detach().numpy().T)
    ends = {name: found.pop(name) for name in OF_ALLEN if name.endswith(("_low", "_high"))}
    assert found == {
        "rho_model": pytest.approx(rank_correlation(model, recorded)),
        "rho_pixels": pytest.approx(rank_correlation(pairs_of(pixels), recorded)),
        "noise_ceiling": 0.8,
    }
    by_draw = resampled_rank_correlations(
        similarity_matrix(torch.from_numpy(unit / np.linalg.norm(unit, axis=1, keepdims=True))),
        [
            similarity_matrix(torch.from_numpy(each).double())
            for each in (pixels @ neurons[1].weight.detach().numpy().T, pixels)
        ],
    )
    ahead = by_draw[:, 0] - by_draw[:, 1]
    for name, values in (("rho_model", by_draw[:, 0]), ("ahead", ahead)):
        low, high = np.percentile(values, [2.5, 97.5])
        # The model rounds its responses otherwise, so a rank may change places.
        assert ends[f"{name}_low"] == pytest.approx(low, abs=0.02)
        assert ends[f"{name}_high"] == pytest.approx(high, abs=0.02)
    assert ends["rho_pixels_low"] < found["rho_pixels"] < ends["rho_pixels_high"]


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
