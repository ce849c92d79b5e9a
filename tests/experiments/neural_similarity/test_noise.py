from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data import load
from helpers.data.recordings.allen import CEILINGS, FOLDER, MATRICES, SCENES
from helpers.evaluation.corruptions import gaussian_noise
from helpers.experiments import Workplace
from helpers.experiments.experiment import StandInError
from helpers.experiments.neural_similarity import networks, noise_run, targets
from helpers.experiments.neural_similarity.networks import trained
from helpers.experiments.neural_similarity.noise import (
    SIMILARITY_NOISE,
    metrics,
    paper_grid,
    scaled_grid,
    similarity_config,
)
from helpers.experiments.neural_similarity.targets import TARGETS, shown_images, target_of
from helpers.models.blurred import Blurred
from helpers.models.squeezenet import SqueezeNet, early_maps
from helpers.neural_similarity.joint import Epoch, Joint

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


def cosines(responses):
    """Equation 2 in NumPy."""
    centred = np.float64(responses).reshape(len(responses), -1)
    centred = centred - centred.mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return unit @ unit.T


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


def test_shuffled_neurons_say_the_same_of_other_images(monkeypatch):
    # Neurons that are weighted sums of pixels; the z-score before them changes no cosine.
    torch.manual_seed(0)
    neurons = nn.Sequential(nn.Flatten(), nn.Linear(36 * 64, 5)).eval()
    monkeypatch.setattr(targets, "read_sensorium_cnn", lambda folder: neurons)
    true = target_of(config("neural_model"))
    pixels = shown_images(config("neural_model"), "36x64").flatten(1).numpy()
    expected = cosines(pixels @ neurons[1].weight.detach().numpy().T)
    np.testing.assert_allclose(true.similarity.numpy(), expected, atol=1e-3)

    one, other = (target_of(config("shuffle", seed=seed)) for seed in (0, 1))
    for each in (one, other):
        assert torch.equal(each.stimuli, true.stimuli)
        assert (each.similarity - true.similarity).abs().max() > 0.1
        torch.testing.assert_close(
            each.similarity.flatten().sort().values, true.similarity.flatten().sort().values
        )
    assert not torch.equal(one.similarity, other.similarity)


def test_features_are_the_early_maps_of_squeezenet(monkeypatch):
    wanted, matrices = config("features", images=6), []
    for seed in (0, 1):  # two networks: each has its own matrix, whatever is kept
        torch.manual_seed(seed)
        network = SqueezeNet().eval()
        monkeypatch.setattr(targets, "read_squeezenet", lambda folder, network=network: network)
        found = target_of(wanted)
        expected = cosines(early_maps(network, shown_images(wanted, "36x64")).numpy())
        np.testing.assert_allclose(found.similarity.numpy(), expected, atol=1e-4)
        assert torch.equal(found.stimuli, shown_images(wanted, "18x32"))
        matrices.append(expected)
    assert np.abs(matrices[0] - matrices[1]).max() > 0.01
    pixels = target_of(config("pixels", images=6)).similarity.numpy()
    assert min(np.abs(pixels - each).max() for each in matrices) > 0.01
    # What was computed is kept.
    monkeypatch.setattr(targets, "early_maps", None)
    assert torch.equal(target_of(wanted).similarity, found.similarity)


def test_neurons_of_another_network_have_a_matrix_of_their_own(monkeypatch):
    found = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        neurons = nn.Sequential(nn.Flatten(), nn.Linear(36 * 64, 5)).eval()
        monkeypatch.setattr(targets, "read_sensorium_cnn", lambda folder, neurons=neurons: neurons)
        found.append(target_of(config("neural_model")).similarity)
    assert (found[0] - found[1]).abs().max() > 0.1


def test_a_matrix_is_kept_for_its_images_and_the_code_that_made_it(monkeypatch):
    for count in (5, 6):
        found = target_of(config("pixels", images=count)).similarity
        assert found.shape == (count, count)
    whole = targets.similarity_matrix
    monkeypatch.setattr(targets, "similarity_matrix", lambda responses: whole(responses) / 2)
    assert torch.equal(target_of(config("pixels", images=6)).similarity, found)
    monkeypatch.setitem(targets.CODE, "pixels", ("half of everything",))
    assert torch.equal(target_of(config("pixels", images=6)).similarity, found / 2)


def test_thresholded_pixels_are_alike_unlike_or_neither(monkeypatch):
    images = np.random.default_rng(0).integers(60, 196, (4, 1, 8, 8))
    # The last four are the negatives of the first four, two of them a little off.
    images = np.concatenate([images, 255 - images])
    images[4:6] += np.random.default_rng(1).integers(-20, 20, (2, 1, 8, 8))
    data = replace(load("digits"), train_images=torch.from_numpy(images).byte())
    monkeypatch.setattr(targets, "load_named", lambda name, device: data)
    plain, found = (target_of(config(name, images=8)) for name in ("pixels", "pixels_thresholded"))
    expected = cosines(shown_images(config("pixels", images=8), "36x64").numpy())
    np.testing.assert_allclose(plain.similarity.numpy(), expected, atol=1e-5)
    expected = np.where(expected > 0.8, 1, np.where(expected < -0.8, -1, 0))
    assert set(expected.flatten()) == {-1, 0, 1}
    assert found.similarity.tolist() == expected.tolist()


def test_a_network_with_a_blur_before_it_keeps_it(work):
    plain = trained(config("none"), work).model
    for _ in range(2):  # trained now, and taken from the cache
        model = trained(config("blur"), work).model
        assert isinstance(model, Blurred)
        assert model.sigma == 1.5  # Li et al. 2023
        # A checkerboard is one gray to it.
        checker = ((torch.arange(16)[:, None] + torch.arange(16)) % 2).float()[None, None]
        gray = torch.full((1, 1, 16, 16), 0.5)
        assert torch.allclose(model(checker), model(gray), atol=1e-2)
        assert not torch.allclose(plain(checker), plain(gray), atol=1e-2)


class Brighter(nn.Module):
    """Class 1 where an image is brighter than the running mean, else class 0."""

    def __init__(self, mean):
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.norm.running_mean.fill_(mean)

    def forward(self, images):
        score = self.norm(images).flatten(1).mean(1)
        return torch.stack([-score, score], 1)


def test_recalibrated_metrics_are_of_statistics_of_training_images(work, monkeypatch):
    def grays(*levels):
        return torch.tensor(levels, dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 8, 8)

    # The mean of the training images is 127. That of the test images, 155, would put the three of
    # 140 into the wrong class; the mean the network comes with, 1.5 of 1, all of class 1.
    data = replace(
        load("digits"),
        train_images=grays(*64 * (64, 191)),
        test_images=grays(*3 * (51,), *3 * (140,), *4 * (245,)),
        test_labels=torch.tensor(3 * [0] + 7 * [1]),
    )
    gammas = [(0.2,) * 5, (0.1, 0.15, 0.2, 0.25, 0.3)]
    epochs = tuple(Epoch(number, 1.0, 1.0, 1.0, gamma) for number, gamma in enumerate(gammas, 1))
    found = Joint(Brighter(1.5).eval(), epochs)
    monkeypatch.setattr(noise_run, "load_named", lambda name, device: data)
    monkeypatch.setattr(noise_run, "trained", lambda config, work: found)
    wanted = ["test_acc", "noise_std_0.02", "test_acc_recalibrated", "noise_std_0.02_recalibrated"]
    wanted = dict.fromkeys(wanted, 10) | {"gamma_1": 1, "gamma_17": 1}
    assert dict(SIMILARITY_NOISE.run(config("pixels"), wanted, work)) == {
        "test_acc": pytest.approx(30),
        "noise_std_0.02": pytest.approx(30),
        "test_acc_recalibrated": 100,
        "noise_std_0.02_recalibrated": 100,
        "gamma_1": 0.1,
        "gamma_17": 0.3,
    }


class Quiet(nn.Module):
    """Class 0 where the pixels of an image have a standard deviation of up to `limit`, else 1."""

    def __init__(self, limit):
        super().__init__()
        self.limit, self.seen = limit, []

    def forward(self, images):
        self.seen.append(images)
        found = images.flatten(1).std(1)
        return torch.stack([torch.full_like(found, self.limit), found], 1)


def test_noisy_images_have_the_noise_of_the_metric_and_of_the_seed(work, monkeypatch):
    gray = torch.full((4, 1, 40, 40), 127, dtype=torch.uint8)
    data = replace(load("digits"), test_images=gray, test_labels=torch.tensor([0, 0, 0, 1]))
    monkeypatch.setattr(noise_run, "load_named", lambda name, device: data)
    wanted = dict.fromkeys(["test_acc", "noise_std_0.03", "noise_std_0.05", "noise_std_0.1"], 4)
    # A model to which noise of .05 is too much, and one to which it is not.
    for limit, right in ((0.046, 25), (0.054, 75)):
        model = Quiet(limit).eval()
        found = Joint(model, (Epoch(1, 1.0, 1.0, 1.0, (0.2,) * 5),))
        monkeypatch.setattr(noise_run, "trained", lambda config, work, found=found: found)
        assert dict(SIMILARITY_NOISE.run(config("none", seed=3), wanted, work)) == {
            "test_acc": 75,
            "noise_std_0.03": 75,
            "noise_std_0.05": right,
            "noise_std_0.1": 25,
        }
    generator = torch.Generator().manual_seed(3)
    torch.testing.assert_close(model.seen[-1], gaussian_noise(gray / 255, 0.1, generator))


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
