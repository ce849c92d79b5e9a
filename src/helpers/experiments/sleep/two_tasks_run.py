"""One network that learns two tasks, one after the other or together, and may sleep then."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import torch
from torch import Tensor

from helpers.checks import check_choice
from helpers.data import as_float, data_folder
from helpers.data.features import CUB_FILE, Features, read_cub200
from helpers.experiments.experiment import Config, StandInError, Workplace, load_named
from helpers.experiments.sleep.fired import fired
from helpers.models.squeezenet import FILE as SQUEEZENET_FILE
from helpers.models.squeezenet import read_squeezenet
from helpers.models.squeezenet_features import squeezenet_features
from helpers.paths import CACHE
from helpers.sleep.control import ControlRecipe, train_control, train_further
from helpers.sleep.network import SleepNetwork
from helpers.sleep.parameters import ORIGINAL
from helpers.sleep.repeated import repeated
from helpers.sleep.sleep import Slept, sleep

#: One task after the other; the same, then sleep; both at once, which bounds what is to be had.
NETWORKS = ("sequential", "sleep", "joint")
DATASETS = ("cifar100_gray_squeezenet", "cub200_resnet50", "digits")
#: Percent right, see :func:`run`.
ACCURACIES = ("task1_acc", "task2_acc", "both_acc", "task1_within_acc", "task2_within_acc")
#: The original's training as far as it learns: of features, whose mean is .04, the original's small
#: first weights and its rate of .1 make next to nothing in 50 passes (joint training: 2 % right).
#: Without the ReLU of its outputs, as for the patches. Chosen on networks that do not sleep.
RECIPE = ControlRecipe(
    hidden=(350, 300), epochs=50, learning_rate=0.5, relu_output=False, small=False
)
#: Halvings of the original's thresholds, under which the last two layers of these networks never
#: fire: from :func:`helpers.sleep.firing.halvings` on 5,000 steps of the sequential network of seed
#: 0 on the substitute, which looks at spikes alone and never at an accuracy.
HALVINGS = (5, 7, 3)
#: The original's sleep, gated and normalised on the data, with thresholds at which layers fire.
TWO_TASKS_SLEEP = replace(
    ORIGINAL,
    thresholds=tuple(
        threshold / 2**times for threshold, times in zip(ORIGINAL.thresholds, HALVINGS, strict=True)
    ),
)


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network on the first half of the classes and then on the second, and measure.

    ``task1_acc`` and ``task2_acc`` are accuracies on the test images of one task, ``both_acc`` on
    all of them, each with all classes as candidate answers; ``task1_within_acc`` and
    ``task2_within_acc`` with the task's own classes only. Of a network that has slept,
    ``awake_...`` are the same before its sleep, and ``fired_<layer>`` is the percent of its cells
    that fire in a step, 0 for the inputs. In its sleep it sees the training images of both tasks.

    Raises:
        StandInError: the data named in `config` are not there.
        DataError: they are, and cannot be used.
        ValueError: `config` names no network or no data, or a metric is unknown or asks for another
            number of images than there is.
    """
    check_choice("network", config["network"], NETWORKS)
    for metric in wanted:  # before the training that a mistake would waste
        if metric.startswith(("awake_", "fired_")) and config["network"] != "sleep":
            raise ValueError(f"metric is {metric!r}; the network may be one that has slept")
        if not metric.startswith("fired_"):
            check_choice("metric", metric.removeprefix("awake_"), ACCURACIES)
    work.say("features")
    data = features_of(
        config["dataset"], config["train_per_class"], config["test_per_class"], work.device
    )
    work.say("training")
    network, slept = learned(config, data), None
    after = network
    if config["network"] == "sleep":
        work.say("sleep")
        slept = asleep(network, data, config)
        after = slept.network
    for metric, n in wanted.items():
        if metric.startswith("fired_"):
            yield metric, fired(metric, slept)
        else:
            name = metric.removeprefix("awake_")
            yield metric, task_accuracy(name, after if name == metric else network, data, n)


@lru_cache(maxsize=1)
def features_of(
    dataset: str, train_per_class: int, test_per_class: int, device: torch.device
) -> Features:
    """The first features of each class, scaled to [0, 1].

    Raises:
        StandInError: they, or what they are made of, are not in the data folder.
        DataError: a file there cannot be used.
        ValueError: `dataset` is unknown, or a class has fewer images.
    """
    check_choice("dataset", dataset, DATASETS)
    folder = data_folder()
    if dataset == "cub200_resnet50":
        found = None if folder is None else read_cub200(folder)
        if found is None:
            raise StandInError(
                f"this run needs {CUB_FILE} in the data folder, your own ResNet-50 features of "
                "CUB-200-2011 (helpers.data.features says which arrays); nothing takes their place"
            )
    elif dataset == "digits":
        images = load_named("digits", device)
        found = Features(
            name="digits",
            train_features=as_float(images.train_images).flatten(1),
            train_labels=images.train_labels,
            test_features=as_float(images.test_images).flatten(1),
            test_labels=images.test_labels,
            classes=10,
        )
    else:
        network = None if folder is None else read_squeezenet(folder)
        if network is None:
            raise StandInError(
                f"this run needs the weights of SqueezeNet 1.0 at {SQUEEZENET_FILE} in the data "
                "folder (helpers.models.squeezenet says which arrays)"
            )
        found = squeezenet_features(
            network.to(device),
            load_named("cifar100_gray", device),
            train_per_class=train_per_class,
            test_per_class=test_per_class,
            cache=CACHE / "features",
        )
    return (
        found.first(train_per_class=train_per_class, test_per_class=test_per_class)
        .to(device)
        .scaled()
    )


def learned(config: Config, data: Features) -> SleepNetwork:
    """The network before any sleep."""
    seed, half = config["seed"], data.classes // 2
    hidden = tuple(int(cells) for cells in config["hidden"].split("-"))
    recipe = replace(RECIPE, hidden=hidden)
    tasks = [data.train_labels < half, data.train_labels >= half]
    if config["network"] == "joint":
        tasks = [tasks[0] | tasks[1]]
    x, y = data.train_features[tasks[0]], data.train_labels[tasks[0]]
    network = train_control(replace(recipe, images=len(x)), x, y, classes=data.classes, seed=seed)
    for task in tasks[1:]:
        train_further(
            network,
            recipe,
            data.train_features[task],
            data.train_labels[task],
            learning_rate=recipe.learning_rate,
            seed=seed,
        )
    return network


def asleep(network: SleepNetwork, data: Features, config: Config) -> Slept:
    """The network's sleep over the training images of both tasks, in a random order."""
    shown = repeated(data.train_features, config["sleep_images"], seed=config["seed"])
    return sleep(
        network,
        shown,
        replace(TWO_TASKS_SLEEP, images=len(shown)),
        reference=data.train_features,
        seed=config["seed"],
    )


@torch.no_grad()
def task_accuracy(name: str, network: SleepNetwork, data: Features, n: int) -> float:
    """One of :data:`ACCURACIES` of `network`.

    Raises:
        ValueError: there is no such accuracy, or the task has not `n` test images.
    """
    check_choice("metric", name, ACCURACIES)
    half = data.classes // 2
    classes = {
        "task1": torch.arange(half),
        "task2": torch.arange(half, data.classes),
        "both": torch.arange(data.classes),
    }[name.split("_")[0]].to(data.test_labels.device)
    rows = torch.isin(data.test_labels, classes)
    if int(rows.sum()) != n:
        raise ValueError(f"{name} asks for {n} images; there are {int(rows.sum())}")
    scores: Tensor = network(data.test_features[rows])
    answers = classes[scores[:, classes].argmax(1)] if "within" in name else scores.argmax(1)
    return 100 * (answers == data.test_labels[rows]).double().mean().item()
