"""Training one cerebellum at some batch size, and taking its robustness apart."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from helpers.attacks.losses import margin
from helpers.attacks.pgd import pgd
from helpers.cerebellum.common_mode import centred, common_share, mean_activity
from helpers.cerebellum.model import Cerebellum, build
from helpers.cerebellum.progress import Epoch
from helpers.cerebellum.train import train
from helpers.data import Dataset, as_float
from helpers.evaluation.attacked import AttackSetting, accuracy_under
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.files import replacing
from helpers.training.accuracy import accuracy

#: The constant bias that moves all targets of c classes by 1 / c.
FIXED = "fixed"
LEARNED = "learned"
#: The mean activity that is subtracted: a moving average, or the exact one from the start.
MOVING = "moving"
EXACT = "exact"

#: Metrics by name, by epoch; the epoch is text, as JSON has it.
_Log = dict[str, dict[str, float]]


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one model, following its common mode, and attack it with and without.

    Besides accuracies under attack (:class:`AttackSetting`) there are, in percent,
    ``<metric>_centred`` for the model without its common mode, ``<metric>_epoch<n>`` after epoch n
    (0 is before training) and ``common_share``; and, as means over images after i steps of PGD at
    eps .1 on a loss, ``climb_<loss>_sum_<i>`` (the sum of the outputs) and
    ``climb_<loss>_margin_<i>`` (best wrong output less the right one).

    Raises:
        StandInError: the data named in `config` is not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    bench = _Bench(as_float(data.test_images), data.test_labels)
    model, log = _trained(config, wanted, data, bench, work)
    known = {"test_acc_last": log[str(config["epochs"])]["test_acc"]} | {
        f"{name}_epoch{number}": value
        for number, values in log.items()
        for name, value in values.items()
    }
    for metric, n in wanted.items():
        if metric in known:
            yield metric, known[metric]
            continue
        work.say(metric)
        name, without, _ = metric.partition("_centred")
        yield metric, bench.measure(name, centred(model) if without else model, n)


@dataclass(frozen=True)
class _Bench:
    """The test images and what can be measured on them."""

    images: Tensor
    labels: Tensor

    def measure(self, metric: str, model: Cerebellum, n: int) -> float:
        images, labels = check_enough(metric, n, self.images), self.labels[:n]
        if metric == "test_acc":
            return accuracy(model, images, labels)
        if metric == "common_share":
            return common_share(model.W)
        if climb := re.fullmatch(r"climb_(.+)_(sum|margin)_(\d+)", metric):
            return self._climb(model, images, labels, climb[1], climb[2], int(climb[3]))
        return accuracy_under(AttackSetting.parse(metric), model, images, labels)

    @staticmethod
    def _climb(
        model: Cerebellum, images: Tensor, labels: Tensor, loss: str, what: str, steps: int
    ) -> float:
        """Mean sum of outputs, or margin, after some steps: a shorter attack is a prefix."""
        x = images
        if steps:
            x = pgd(
                model, images, labels, 0.1, step=0.01, steps=steps, loss=loss, random_start=False
            ).images
        with torch.no_grad():
            scores = model(x)
        found = scores.sum(1) if what == "sum" else margin(scores, labels)
        return found.mean().item()


def _new(config: Config, data: Dataset, device: torch.device) -> Cerebellum:
    model = build(
        d=data.train_images[0].numel(),
        m=config["m"],
        k=None if config["granule"] == "fc" else config["k"],
        beta=config["beta"],
        classes=len(data.classes),
        bias=1 / len(data.classes) if config["bias"] == FIXED else 0.0,
        learns_bias=config["bias"] == LEARNED,
        seed=config["seed"],
    ).to(device)
    if config["average"] == EXACT:  # and beta is None, so it stays
        images = as_float(data.train_images).flatten(1)
        model.mu.copy_(mean_activity(model.granule, images))
    return model


def _trained(
    config: Config, wanted: Mapping[str, int], data: Dataset, bench: _Bench, work: Workplace
) -> tuple[Cerebellum, _Log]:
    """The trained model, and by epoch what the metrics that follow training ask for."""
    asked = {"test_acc": len(bench.images)} | {
        metric.removesuffix("_epoch0"): n
        for metric, n in wanted.items()
        if metric.endswith("_epoch0")
    }
    path, checkpoint = work.folder / "epochs.json", work.folder / "training.npz"
    log: _Log = json.loads(path.read_text()) if path.exists() else {}
    if not log or any(asked.keys() - values.keys() for values in log.values()):
        checkpoint.unlink(missing_ok=True)  # its epochs were not followed for all that is asked
        log = {}
    model = _new(config, data, work.device)

    def follow(number: int) -> None:
        log[str(number)] = {name: bench.measure(name, model, n) for name, n in asked.items()}
        with replacing(path) as fresh:
            fresh.write_text(json.dumps(log))

    def on_epoch(epoch: Epoch) -> None:
        work.say(f"epoch {epoch.number}: {epoch.test_acc:.2f} %")
        follow(epoch.number)

    if not log:
        follow(0)
    train(
        model,
        as_float(data.train_images),
        data.train_labels,
        bench.images,
        bench.labels,
        batch=config["batch"],
        epochs=config["epochs"],
        seed=config["seed"],
        checkpoint=checkpoint,
        on_epoch=on_epoch,
    )
    return model, log
