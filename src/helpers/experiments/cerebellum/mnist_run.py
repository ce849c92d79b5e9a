"""Training and attacking one cerebellum, or the baseline that it is compared with."""

from collections.abc import Iterator, Mapping

import torch
from torch import nn

from helpers.cerebellum.model import build
from helpers.cerebellum.train import train
from helpers.data import Dataset, as_float
from helpers.evaluation.attacked import AttackSetting, accuracy_under
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.models.cnn import BaselineCNN
from helpers.training.accuracy import accuracy
from helpers.training.classifier import train_classifier


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one model, or take it from its checkpoint, and measure it.

    Raises:
        StandInError: the data named in `config` is not there.
        ValueError: the data has fewer test images than a metric asks for.
    """
    data = load_named(config["dataset"], work.device)
    images, labels = as_float(data.test_images), data.test_labels
    for metric, n in wanted.items():
        check_enough(metric, n, images)
    trained = train_cnn if config["model"] == "cnn" else train_cerebellum
    model, history = trained(config, data, work)
    yield "test_acc", max(history)
    yield "test_acc_last", history[-1]
    for metric, n in wanted.items():
        if metric.startswith("test_acc"):
            continue
        work.say(metric)
        yield metric, accuracy_under(AttackSetting.parse(metric), model, images[:n], labels[:n])


def train_cerebellum(
    config: Config, data: Dataset, work: Workplace
) -> tuple[nn.Module, list[float]]:
    """The trained cerebellum of `config` and its test accuracy after each epoch."""
    model = build(
        d=data.train_images[0].numel(),
        m=config["m"],
        k=None if config["granule"] == "fc" else config["k"],
        beta=config["beta"],
        classes=len(data.classes),
        seed=config["seed"],
    ).to(work.device)
    history = train(
        model,
        as_float(data.train_images),
        data.train_labels,
        as_float(data.test_images),
        data.test_labels,
        batch=config["batch"],
        epochs=config["epochs"],
        seed=config["seed"],
        checkpoint=work.folder / "training.npz",
        on_epoch=lambda epoch: work.say(f"epoch {epoch.number}: {epoch.test_acc:.2f} %"),
    )
    return model, [epoch.test_acc for epoch in history]


def train_cnn(config: Config, data: Dataset, work: Workplace) -> tuple[nn.Module, list[float]]:
    """The trained baseline of `config` and its test accuracy; the last epoch counts."""
    torch.manual_seed(config["seed"])
    model = BaselineCNN(len(data.classes)).to(work.device)
    train_classifier(
        model,
        as_float(data.train_images),
        data.train_labels,
        epochs=config["epochs"],
        batch=config["batch"],
        seed=config["seed"],
        checkpoint=work.folder / "cnn.pt",
        on_epoch=lambda number, loss: work.say(f"epoch {number}: loss {loss:.4f}"),
    )
    return model, [accuracy(model, as_float(data.test_images), data.test_labels)]
