import json
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import torch

from helpers.data import load
from helpers.experiments.neural_similarity import networks
from helpers.experiments.neural_similarity.networks import recipe_of, trained
from helpers.experiments.neural_similarity.noise import similarity_config
from helpers.experiments.neural_similarity.targets import shown_images, target_of
from helpers.models.blurred import Blurred
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.joint import Epoch, Joint
from helpers.neural_similarity.recipe import JointRecipe

TINY = {"width": 2, "epochs": 1, "cycles": 1, "phases": 1, "shown": "18x32"}


@pytest.fixture
def kept(tmp_path):
    """The networks that are kept."""
    return lambda: sorted((tmp_path / "cache" / "networks").glob("*.pt"))


@pytest.fixture
def trainings(monkeypatch):
    """What each training was given; none takes place, and each has other weights."""
    given = []

    def untrained(recipe, images, labels, *, checkpoint, on_epoch, **options):
        given.append({"recipe": recipe, "images": images, "labels": labels, **options})
        checkpoint.write_bytes(b"what a training would go on from")
        torch.manual_seed(len(given))
        resnet = GrayResNet(recipe.depth, width=recipe.width, classes=options["classes"])
        network = Blurred(resnet, options["blur"]) if options["blur"] else resnet
        return Joint(network.eval(), (Epoch(1, len(given), 2.0, 3.0, (0.2,) * 5),))

    monkeypatch.setattr(networks, "train_jointly", untrained)
    return given


def config(target="pixels", **change):
    change = {"train": 60, "images": 12, **change}
    return similarity_config(target, dataset="digits", scale=TINY, **change)


def same(one, other):
    mine, theirs = one.model.state_dict(), other.model.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[k], theirs[k]) for k in mine)


def test_a_training_is_given_what_the_configuration_says(work, trainings):
    wanted = config(
        seed=3, alpha=7, depth=34, width=3, epochs=5, cycles=4, phases=6, train=50, images=9
    )
    trained(wanted, work)
    (given,) = trainings
    assert given["recipe"] == JointRecipe(depth=34, width=3, epochs=5, alpha=7, cycles=4, phases=6)
    digits = load("digits")
    assert torch.equal(given["images"], digits.train_images[:50])
    assert torch.equal(given["labels"], digits.train_labels[:50])
    assert torch.equal(given["target"].stimuli, shown_images(wanted, "18x32"))
    assert torch.equal(given["target"].similarity, target_of(wanted).similarity)
    assert (given["blur"], given["classes"], given["seed"]) == (0, 10, 3)


def test_only_a_blurred_network_is_trained_with_a_blur(work, trainings):
    for target in ("none", "blur"):
        trained(config(target), work)
    assert [(given["target"], given["blur"]) for given in trainings] == [(None, 0), (None, 1.5)]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"alpha": 21},
        {"depth": 34},
        {"width": 3},
        {"epochs": 2},
        {"cycles": 2},
        {"phases": 2},
        {"train": 59},
        {"images": 11},
        {"shown": "36x64"},
        {"target": "pixels_thresholded"},
        {"target": "none"},
    ],
    ids=repr,
)
def test_another_configuration_is_another_network(change, work, trainings, kept):
    wanted = (config(), {**config(), **change})
    first = [trained(each, work) for each in wanted]
    assert len(trainings) == len(kept()) == 2
    assert not same(*first)
    # Each is read back as it was, without a training.
    for each, before in zip(wanted, first, strict=True):
        again = trained(each, work)
        assert same(again, before)
        assert again.epochs == before.epochs
        assert not again.model.training
    assert len(trainings) == 2


def test_fields_that_decide_no_weight_are_the_same_network(work, trainings, kept):
    trained(config("none"), work)
    trained({**config("none"), "images": 7, "stimuli": "digits"}, work)
    assert len(trainings) == len(kept()) == 1


def test_networks_of_other_code_or_other_data_are_trained_anew(work, trainings, kept, monkeypatch):
    trained(config("none"), work)
    monkeypatch.setattr(networks, "CODE", ("other", *networks.CODE[1:]))
    trained(config("none"), work)
    digits = load("digits")
    relabelled = replace(digits, train_labels=digits.train_labels.roll(1))
    monkeypatch.setattr(networks, "load_named", lambda name, device: relabelled)
    trained(config("none"), work)
    assert len(trainings) == len(kept()) == 3


def test_networks_held_to_other_similarities_of_the_same_images_are_two(
    work, trainings, kept, monkeypatch
):
    trained(config("pixels"), work)
    wanted = target_of(config("pixels"))
    other = replace(wanted, similarity=wanted.similarity / 2)
    monkeypatch.setattr(networks, "target_of", lambda config, say: other)
    trained(config("pixels"), work)
    assert len(trainings) == len(kept()) == 2


def test_networks_of_two_seeds_are_trained_to_other_weights(work, kept):
    one, other = (trained(config("none", train=200, seed=seed), work) for seed in (0, 1))
    assert not same(one, other)
    assert one.epochs != other.epochs
    assert len(kept()) == 2  # nothing unfinished stays


#: Trains a network and hangs in the middle of its second epoch.
HANGING = """
import json, sys, time
from pathlib import Path
import torch
from helpers.experiments import Workplace
from helpers.experiments.neural_similarity import networks, targets
from helpers.neural_similarity import joint

folder, config, threads = Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
networks.CACHE = targets.CACHE = folder / "cache"
said, steps, crop = [], [], joint.cropped_and_flipped

def hanging(images, generator):
    steps.append(len(said))
    if said[-1].startswith("epoch 1") and steps.count(len(said)) == 2:
        (folder / "hanging").touch()
        time.sleep(120)
    return crop(images, generator)

joint.cropped_and_flipped = hanging
networks.trained(config, Workplace(folder / "run", torch.device("cpu"), said.append))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_training_whose_process_is_killed_is_gone_on_with(work, kept, tmp_path, monkeypatch):
    wanted = config(width=4, epochs=3, train=200, seed=3)
    assert recipe_of(wanted).half_precision
    given = [str(tmp_path), json.dumps(wanted), str(torch.get_num_threads())]
    child = subprocess.Popen([sys.executable, "-c", HANGING, *given])
    try:
        end = time.monotonic() + 120
        while not (tmp_path / "hanging").exists():
            assert child.poll() is None, "the child ended too early"
            assert time.monotonic() < end
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        assert child.wait(60) == -signal.SIGKILL
    finally:
        child.kill()  # does nothing to one that has ended
        child.wait()
    assert [path.name.endswith(".unfinished.pt") for path in kept()] == [True]
    said = []
    again = trained(wanted, replace(work, say=said.append))
    assert [line.partition(":")[0] for line in said] == ["target", "epoch 2", "epoch 3"]
    assert [path.name.endswith(".unfinished.pt") for path in kept()] == [False]
    monkeypatch.setattr(networks, "CACHE", tmp_path / "other")
    whole = trained(wanted, work)
    assert same(again, whole)
    assert again.epochs == whole.epochs
    assert whole.kept.number > 1  # the weights are of an epoch behind the one that was cut short
