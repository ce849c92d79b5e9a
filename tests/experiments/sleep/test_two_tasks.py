import numpy as np
import pytest
import torch
from torch import nn

from helpers.data.features import CUB_FILE, Features
from helpers.experiments import EXPERIMENTS, StandInError, Workplace
from helpers.experiments.sleep import two_tasks_run as module
from helpers.experiments.sleep.two_tasks import two_tasks_config
from helpers.experiments.sleep.two_tasks_run import features_of, task_accuracy
from helpers.records.keys import key

EXPERIMENT = EXPERIMENTS["sleep/two_tasks"]


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """An empty data folder."""
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path))
    features_of.cache_clear()
    yield tmp_path
    features_of.cache_clear()


def run(folder, config, wanted):
    return dict(EXPERIMENT.run(config, wanted, Workplace(folder, torch.device("cpu"))))


def test_all_that_the_grid_asks_for_is_measured(tmp_path):
    found = {}
    for config in EXPERIMENT.grid("smoke"):
        wanted = EXPERIMENT.metrics(config, "smoke")
        found[config["network"]] = run(tmp_path, config, wanted)
        assert found[config["network"]].keys() == wanted.keys()
    for name, value in found["sequential"].items():
        assert found["sleep"][f"awake_{name}"] == value
    # What was learned last is known, the first task is forgotten, and both could be known.
    assert found["sequential"]["task2_acc"] > 70
    assert found["sequential"]["task1_acc"] < 20
    assert found["joint"]["both_acc"] > 70
    assert found["joint"]["task1_acc"] > 70


def test_accuracies_by_hand():
    scores = torch.tensor([[4.0, 1, 2, 3], [1, 2, 0, 3], [4, 3, 1, 2], [4, 3, 1, 2.0]])
    data = Features(
        name="made",
        train_features=scores,
        train_labels=torch.arange(4),
        test_features=scores,
        test_labels=torch.arange(4),
        classes=4,
    )
    network = nn.Identity()
    assert task_accuracy("task1_acc", network, data, 2) == 50
    assert task_accuracy("task2_acc", network, data, 2) == 0
    assert task_accuracy("both_acc", network, data, 4) == 25
    assert task_accuracy("task1_within_acc", network, data, 2) == 100
    assert task_accuracy("task2_within_acc", network, data, 2) == 50
    with pytest.raises(ValueError, match="task1_acc asks for 3 images; there are 2"):
        task_accuracy("task1_acc", network, data, 3)


@pytest.mark.parametrize(
    ("dataset", "text"),
    [
        ("cub200_resnet50", f"this run needs {CUB_FILE}.*nothing takes their place"),
        ("cifar100_gray_squeezenet", r"needs the weights of SqueezeNet 1\.0 at pretrained"),
    ],
)
def test_data_that_are_not_here(dataset, text, folder):
    config = two_tasks_config("sequential", dataset=dataset)
    with pytest.raises(StandInError, match=text):
        run(folder, config, EXPERIMENT.metrics(config, "paper"))


def test_the_birds_of_a_user(folder):
    rng = np.random.default_rng(0)
    held = {}
    for part in ("train", "test"):
        labels = np.repeat(np.arange(200), 2)
        held[f"{part}_labels"] = labels
        held[f"{part}_features"] = rng.random((400, 2048), np.float32)
    np.savez(folder / CUB_FILE, **held)
    found = features_of("cub200_resnet50", 1, 2, torch.device("cpu"))
    assert found.name == "cub200_resnet50"
    assert found.train_features.shape == (200, 2048)
    assert found.test_features.shape == (400, 2048)
    assert found.train_features.max() == 1


def test_images_that_stand_in_are_refused(monkeypatch):
    monkeypatch.setattr(module, "read_squeezenet", lambda folder: nn.Identity())
    with pytest.raises(
        StandInError, match=r"needs cifar100_gray\. CIFAR-100 in gray is not in the"
    ):
        features_of("cifar100_gray_squeezenet", 1, 1, torch.device("cpu"))


def test_a_configuration_makes_a_key():
    for profile in ("smoke", "paper"):
        for config in EXPERIMENT.grid(profile):
            assert len(key(EXPERIMENT.name, config)) == 16


def test_the_birds_come_last_and_only_at_the_papers_scale():
    asked = [[config["dataset"] for config in EXPERIMENT.grid(p)] for p in ("laptop", "paper")]
    assert asked[0] == ["cifar100_gray_squeezenet"] * 9
    assert asked[1] == asked[0] + ["cub200_resnet50"] * 9


@pytest.mark.parametrize(
    ("change", "wanted", "text"),
    [
        (
            {"network": "dream"},
            {"both_acc": 100},
            "network is 'dream'; it may be one of sequential",
        ),
        ({"dataset": "mnist"}, {"both_acc": 100}, "dataset is 'mnist'"),
        ({}, {"awake_both_acc": 100}, "metric is 'awake_both_acc'; the network may be one that"),
        ({}, {"fired_0": 100}, "metric is 'fired_0'; the network may be one that has"),
        ({}, {"test_acc": 100}, "metric is 'test_acc'; it may be one of task1_acc"),
    ],
)
def test_bad_configurations(change, wanted, text, folder):
    (config, *_) = EXPERIMENT.grid("smoke")
    with pytest.raises(ValueError, match=text):
        run(folder, {**config, **change}, wanted)
