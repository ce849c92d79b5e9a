from dataclasses import replace

import pytest
import torch
from torch import nn

from helpers.data import load
from helpers.evaluation.corruptions import gaussian_noise
from helpers.experiments.neural_similarity import networks, noise_run
from helpers.experiments.neural_similarity.networks import trained
from helpers.experiments.neural_similarity.noise import (
    SIMILARITY_NOISE,
    metrics,
    paper_grid,
    scaled_grid,
    similarity_config,
)
from helpers.experiments.neural_similarity.targets import CONTROLS, SIMULATED, TARGETS, VGG
from helpers.models.blurred import Blurred
from helpers.neural_similarity.joint import Epoch, Joint

TINY = {"width": 2, "epochs": 1, "cycles": 1, "phases": 1, "shown": "18x32"}


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
        if each["target"] not in (*CONTROLS, *SIMULATED)
        if (each["target"], each["alpha"]) != ("pixels", 40)
    ]
    assert sorted((each["target"], each["seed"]) for each in main) == sorted(
        (target, seed) for target in TARGETS for seed in range(3)
    )
    scenes = [each["target"] for each in grid if each["stimuli"] == "allen_scenes"]
    assert sorted(scenes) == ["neural_data"] * 3 + ["neural_model"] * 3 + ["shuffle"] * 3
    strong = [(each["target"], each["seed"]) for each in grid if each["alpha"] == 40]
    names = ("pixels_thresholded", *CONTROLS, "pixels")
    assert sorted(strong) == sorted((name, seed) for name in names for seed in range(3))
    assert len({repr(sorted(each.items(), key=str)) for each in grid}) == len(grid)


@pytest.mark.parametrize(("grid", "width"), [(scaled_grid, 16), (paper_grid, 64)])
def test_one_simulated_scan_stands_beside_the_average_of_eight(grid, width):
    one, eight = (each for each in grid() if each["target"] in SIMULATED)
    assert (one["scans"], eight["scans"]) == (1, 8)
    assert one | {"target": 0, "scans": 0} == eight | {"target": 0, "scans": 0}
    assert (one["seed"], one["width"], one["stimuli"], one["images"]) == (
        0,
        width,
        "cifar100_gray",
        5_000,
    )
    # Eight fits to 1,500 photographs take a quarter of an hour of one core.
    alone = SIMILARITY_NOISE.minutes({**eight, "scans": 0})
    assert 10 < SIMILARITY_NOISE.minutes(eight) - alone < 20
    assert (
        7.9
        < (SIMILARITY_NOISE.minutes(eight) - alone) / (SIMILARITY_NOISE.minutes(one) - alone)
        < 8.1
    )


def test_vgg19_is_in_the_papers_grid_alone():
    assert [each["target"] for each in paper_grid()].count(VGG) == 5
    assert VGG not in [each["target"] for each in scaled_grid()]


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
