"""Adversarial images made for one model, tried on others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from helpers.data import as_float
from helpers.evaluation.attacked import AttackSetting, attacked
from helpers.experiments.cerebellum.mnist_run import train_cerebellum, train_cnn
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.training.accuracy import accuracy

#: What tells the models of a matrix apart, by the name they have in metrics.
MODELS: dict[str, dict[str, Any]] = {
    "cnn": {"model": "cnn", "batch": 50},
    "fc": {"granule": "fc", "k": 784, "m": 1000, "beta": None, "batch": 50},
    "fc_ltd": {"granule": "fc", "k": 784, "m": 1000, "beta": 0.99, "batch": 50},
    "fc_ltd_batch1": {"granule": "fc", "k": 784, "m": 1000, "beta": 0.99, "batch": 1},
    "rc": {"granule": "rc", "k": 4, "m": 200_000, "beta": None, "batch": 50},
    "rc_ltd": {"granule": "rc", "k": 4, "m": 200_000, "beta": 0.99, "batch": 50},
    "rc_ltd_batch1": {"granule": "rc", "k": 4, "m": 200_000, "beta": 0.99, "batch": 1},
}


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train the models and fill in the matrix, source by source.

    A metric is ``<attack>_from_<source>_on_<target>``, both models of the configuration's seed, or
    ``..._on_<target>_again`` with the target trained from `other_seed`.

    Raises:
        StandInError: the data named in `config` is not there.
        ValueError: a metric or a model is unknown, or a metric asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    images, labels = as_float(data.test_images), data.test_labels
    for metric, n in wanted.items():
        check_enough(metric, n, images)

    @cache
    def model(name: str, seed: int) -> nn.Module:
        if name not in MODELS:
            raise ValueError(f"model is {name!r}; it may be one of {', '.join(MODELS)}")
        settings = {"epochs": config["epochs"], **MODELS[name], "seed": seed}
        if "m" in settings:
            settings["m"] = min(settings["m"], config["most_cells"])
        train: Callable[..., tuple[nn.Module, list[float]]] = (
            train_cnn if name == "cnn" else train_cerebellum
        )
        work.say(f"training {name}, seed {seed}")
        place = replace(work, folder=work.folder / f"{name}-{seed}")
        return train(settings, data, place)[0]

    @cache
    def adversarial(attack: str, source: str, n: int) -> Tensor:
        work.say(f"{attack} from {source}")
        victim, setting = model(source, config["seed"]), AttackSetting.parse(attack)
        return torch.cat(
            [result.images for result in attacked(setting, victim, images[:n], labels[:n])]
        )

    for metric, n in wanted.items():
        attack, _, rest = metric.partition("_from_")
        source, _, target = rest.partition("_on_")
        seed = config["other_seed"] if target.endswith("_again") else config["seed"]
        judge = model(target.removesuffix("_again"), seed)
        yield metric, accuracy(judge, adversarial(attack, source, n), labels[:n])
