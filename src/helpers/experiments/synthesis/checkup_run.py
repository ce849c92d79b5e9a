"""The check-up on models of which one knows what it should find."""

from collections.abc import Iterator, Mapping

import torch
from torch import nn

from helpers.data import Dataset, as_float
from helpers.evaluation.checkup.run import checkup
from helpers.experiments.cerebellum.mnist_run import train_cerebellum
from helpers.experiments.checkup_metrics import read_checkup
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.models.cnn import BaselineCNN
from helpers.models.tempered import Tempered
from helpers.training.adversarial import fast_adversarial
from helpers.training.classifier import train_classifier

#: The temperature that the report on sleep divides scores by.
TEMPERATURE = 50.0


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one model and check it up.

    The metrics are those of :func:`read_checkup`; they are of one check-up, so they come together.

    Raises:
        StandInError: the data named in `config` is not there.
        ValueError: there are too few images, or the check-up has no such line or attack.
    """
    data = load_named(config["dataset"], work.device)
    n = max(wanted.values())
    found = checkup(
        _trained(config, data, work),
        as_float(check_enough("the check-up", n, data.test_images)),
        data.test_labels[:n],
        config["eps"],
        loss=config["loss"],
        surrogate=_surrogate(data, work),
        steps=config["steps"],
        few=config["few"],
        queries=config["queries"],
        autoattack=config["autoattack"],
        say=work.say,
    )
    yield from read_checkup(found, wanted)


def _trained(config: Config, data: Dataset, work: Workplace) -> nn.Module:
    if config["model"] == "cerebellum":
        return train_cerebellum(config, data, work)[0]
    torch.manual_seed(config["seed"])
    model = BaselineCNN(len(data.classes), width=config["width"]).to(work.device)
    train_classifier(
        model,
        as_float(data.train_images),
        data.train_labels,
        epochs=config["epochs"],
        batch=config["batch"],
        seed=config["seed"],
        prepare=fast_adversarial(config["eps"]) if config["model"] == "adversarial" else None,
        checkpoint=work.folder / "cnn.pt",
        on_epoch=lambda number, loss: work.say(f"epoch {number}: loss {loss:.4f}"),
    )
    return Tempered(model, TEMPERATURE).eval() if config["model"] == "tempered" else model


def _surrogate(data: Dataset, work: Workplace) -> nn.Module:
    """A small network for the same task, trained from another seed for one epoch."""
    torch.manual_seed(1000)
    return train_classifier(
        BaselineCNN(len(data.classes), width=128).to(work.device),
        as_float(data.train_images),
        data.train_labels,
        epochs=1,
        seed=1000,
        checkpoint=work.folder / "surrogate" / "cnn.pt",
    )
