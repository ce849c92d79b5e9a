import numpy as np
import pytest
import torch

from helpers.data.recordings.allen import CEILINGS, FOLDER, MATRICES, SCENES
from helpers.experiments import Workplace
from helpers.experiments.experiment import StandInError
from helpers.experiments.neural_similarity import networks, targets
from helpers.experiments.neural_similarity.networks import trained
from helpers.experiments.neural_similarity.noise import (
    SIMILARITY_NOISE,
    metrics,
    paper_grid,
    scaled_grid,
    similarity_config,
)
from helpers.experiments.neural_similarity.targets import TARGETS, target_of

TINY = {"width": 2, "epochs": 1, "cycles": 1, "phases": 1, "shown": "18x32"}


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """No data folder but an empty one, and a cache of this test's own."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path / "data"))
    for module in (targets, networks):
        monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    targets._allen.cache_clear()


@pytest.fixture
def work(tmp_path):
    return Workplace(tmp_path / "run", torch.device("cpu"))


def config(target, **change):
    change = {"train": 200, "images": 12, **change}
    return similarity_config(target, dataset="digits", scale=TINY, **change)


def measured(config, work):
    return dict(SIMILARITY_NOISE.run(config, metrics(config, "smoke"), work))


def test_the_scaled_grid_has_each_target_at_three_seeds():
    grid = scaled_grid()
    main = [
        each
        for each in grid
        if each["dataset"] == "cifar10_gray" and each["alpha"] in (0, 20, 40)
        if each["stimuli"] in (None, "cifar100_gray") or each["target"] == "neural_data"
    ]
    assert sorted((each["target"], each["seed"]) for each in main) == sorted(
        (target, seed) for target in TARGETS for seed in range(3)
    )
    scenes = [each["target"] for each in grid if each["stimuli"] == "allen_scenes"]
    assert sorted(scenes) == ["neural_data"] * 3 + ["neural_model"] * 3 + ["shuffle"] * 3
    assert len({repr(sorted(each.items(), key=str)) for each in grid}) == len(grid)


def test_the_papers_grid_begins_with_its_three_main_networks():
    first = paper_grid()[:3]
    assert [each["target"] for each in first] == ["none", "shuffle", "neural_model"]
    assert {(each["epochs"], each["width"], each["shown"]) for each in first} == {
        (40, 64, "36x64"),
        (40, 64, None),
    }
    assert SIMILARITY_NOISE.minutes(first[2]) > 20 * SIMILARITY_NOISE.minutes(scaled_grid()[2])


@pytest.mark.parametrize("target", ["none", "pixels", "pixels_thresholded", "blur"])
def test_a_run(target, work, monkeypatch):
    found = measured(config(target), work)
    assert set(found) == set(metrics(config(target), "smoke"))
    assert all(0 <= value <= 100 for value in found.values())
    gammas = [value for name, value in found.items() if name.startswith("gamma")]
    assert sum(gammas) == pytest.approx(1, abs=1e-5)
    # A second run takes the network that is there.
    monkeypatch.setattr(networks, "train_jointly", None)
    again = measured(config(target), work)
    assert again == found


def test_a_kept_network_that_is_torn(work, tmp_path):
    trained(config("none"), work)
    (path,) = (tmp_path / "cache" / "networks").glob("none-*.pt")
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ValueError, match="delete it to train anew"):
        trained(config("none"), work)


def test_recorded_similarity_needs_its_files(tmp_path):
    wanted = config("neural_data", stimuli="allen_scenes", images=118)
    with pytest.raises(StandInError, match="Allen Brain Observatory"):
        target_of(wanted)
    place = tmp_path / "data" / FOLDER
    place.mkdir(parents=True)
    responses = np.random.default_rng(0).normal(size=(119, 40))
    np.savez(place / MATRICES, VISp_layer23=np.corrcoef(responses))
    np.save(place / SCENES, np.zeros((118, 31, 31), np.uint8))
    (place / CEILINGS).write_text("area,layer,mean,sem\nVISp,layer23,0.92,0.01\n")
    found = target_of(wanted)
    assert found.stimuli.shape == (118, 1, 18, 32)
    unit = responses[:118] - responses[:118].mean(1, keepdims=True)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    unit = unit - unit.mean(0)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    np.testing.assert_allclose(found.similarity.numpy(), unit @ unit.T, atol=1e-5)


@pytest.mark.parametrize("target", ["neural_model", "shuffle"])
def test_neurons_need_the_published_model(target):
    with pytest.raises(StandInError, match="published model of mouse V1"):
        target_of(config(target))


def test_features_need_their_weights():
    with pytest.raises(StandInError, match="weights of SqueezeNet"):
        target_of(config("features"))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"target": "v2"}, "target is 'v2'"),
        ({"shown": "9x9"}, "shown is '9x9'"),
        ({"images": 5_000}, "images is 5000; digits has"),
    ],
)
def test_bad_targets(change, text):
    with pytest.raises(ValueError, match=text):
        target_of({**config("pixels"), **change})


@pytest.mark.parametrize(
    ("metric", "n", "text"),
    [
        ("test_acc", 10**6, "test_acc asks for 1000000 images"),
        ("noise_0.1", 10, "metric is 'noise_0.1'"),
    ],
)
def test_bad_metrics(work, metric, n, text):
    with pytest.raises(ValueError, match=text):
        list(SIMILARITY_NOISE.run(config("none"), {metric: n}, work))
    with pytest.raises(ValueError, match="train is 50000"):
        list(SIMILARITY_NOISE.run(config("none", train=50_000), {"test_acc": 10}, work))
