import json

import numpy as np
import pytest
import torch

from helpers.cerebellum import build, train
from helpers.cerebellum.common_mode import common_share
from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.experiments import EXPERIMENTS, Workplace
from helpers.experiments.cerebellum.batch_one import LONG_BETA, variants

EXPERIMENT = EXPERIMENTS["cerebellum/batch_one"]
CONFIG = variants("fc", 784, 60, 0, epochs=2, dataset="digits")[0]


def workplace(folder, say=lambda line: None):
    return Workplace(folder, torch.device("cpu"), say)


def run(folder, config=CONFIG, **wanted):
    return dict(EXPERIMENT.run(config, wanted, workplace(folder)))


@pytest.mark.parametrize("profile", ["smoke", "laptop", "paper"])
def test_a_configuration_stands_once_in_a_grid(profile):
    configs = [json.dumps(config) for config in EXPERIMENT.grid(profile)]
    assert len(configs) == len(set(configs)) > 0


def test_the_long_memory_is_that_of_fifty_images():
    assert abs(LONG_BETA**50 - 0.99) < 1e-4


def test_all_that_the_grid_asks_for_is_measured(tmp_path):
    config = EXPERIMENT.grid("smoke")[0]
    wanted = EXPERIMENT.metrics(config, "smoke")
    found = run(tmp_path, config, **wanted)
    assert found.keys() == wanted.keys()
    assert found["test_acc_centred"] == found["test_acc"]


def test_against_a_training_by_hand(tmp_path):
    data = load("digits")
    images, test_images = as_float(data.train_images), as_float(data.test_images)
    model = build(d=784, m=60, k=None, beta=0.99, seed=0)
    shares, labels = [common_share(model.W)], data.test_labels
    settings = {"batch": 1, "epochs": 2, "on_epoch": lambda e: shares.append(common_share(model.W))}
    history = train(model, images, data.train_labels, test_images, labels, **settings)
    found = run(
        tmp_path,
        **{"test_acc": 500, "test_acc_last": 500, "common_share": 500},
        **{f"common_share_epoch{epoch}": 500 for epoch in range(3)},
        **{"fgsm_mse_0.1": 100, "fgsm_mse_0.1_centred": 100},
    )
    assert [found[f"common_share_epoch{epoch}"] for epoch in range(3)] == shares
    assert found["test_acc_last"] == history[-1].test_acc
    assert found["test_acc"] == max(epoch.test_acc for epoch in history)
    fgsm = AttackSetting("fgsm", "mse", 0.1)
    left = accuracy_under(fgsm, model, test_images[:100], labels[:100])
    assert found["fgsm_mse_0.1"] == left
    model.W.sub_(model.W.mean(1, keepdim=True))
    without = accuracy_under(fgsm, model, test_images[:100], labels[:100])
    assert found["fgsm_mse_0.1_centred"] == without != left


def test_the_climb_starts_at_the_image_and_climbs(tmp_path):
    found = run(
        tmp_path,
        **{f"climb_{loss}_margin_{i}": 100 for loss in ("mse", "margin") for i in (0, 2, 20)},
    )
    assert found["climb_mse_margin_0"] == found["climb_margin_margin_0"] < 0
    for loss in ("mse", "margin"):
        margins = [found[f"climb_{loss}_margin_{i}"] for i in (0, 2, 20)]
        assert margins == sorted(margins)
    assert found["climb_margin_margin_20"] > found["climb_mse_margin_20"]


@pytest.mark.parametrize("place", range(3, 7))
def test_the_variants_are_what_they_say(place, tmp_path):
    config = variants("fc", 784, 60, 0, epochs=1, dataset="digits")[place]
    run(tmp_path, config, test_acc=500)
    held = np.load(tmp_path / "training.npz", allow_pickle=False)
    data = load("digits")
    granule = build(d=784, m=60, k=None, beta=None, seed=0).granule
    exact = granule(as_float(data.train_images).flatten(1)).mean(0)
    assert np.allclose(held["mu"], exact, atol=1e-5) is (config["average"] == "exact")
    assert (held["bias"] == np.float32(0.1)).all() == (config["bias"] == "fixed")
    assert (held["bias"] == 0).all() == (config["bias"] == "none")


def test_a_killed_run_goes_on_and_follows_every_epoch(tmp_path):
    wanted = {f"common_share_epoch{epoch}": 500 for epoch in range(3)}

    def kill(line):
        if line.startswith("epoch 2"):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        dict(EXPERIMENT.run(CONFIG, wanted, workplace(tmp_path / "cut", kill)))
    said = []
    again = dict(EXPERIMENT.run(CONFIG, wanted, workplace(tmp_path / "cut", said.append)))
    assert [line.split(":")[0] for line in said] == ["epoch 2"]
    assert again == run(tmp_path / "whole", **wanted)


def test_a_metric_that_was_not_followed_trains_anew(tmp_path):
    run(tmp_path, common_share_epoch0=500, common_share_epoch2=500)
    later = {"fgsm_mse_0.1_epoch0": 50, "fgsm_mse_0.1_epoch2": 50}
    assert run(tmp_path, **later).keys() == later.keys()


@pytest.mark.parametrize(
    ("metric", "n", "text"),
    [
        ("fgsm_hinge_0.1", 10, "metric is 'fgsm_hinge_0.1'"),
        ("fgsm_mse_0.1", 501, "asks for 501 images; there are 500"),
        ("climb_mse_height_0", 10, "climb_mse_height_0"),
    ],
)
def test_bad_metrics(metric, n, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        run(tmp_path, **{metric: n})
