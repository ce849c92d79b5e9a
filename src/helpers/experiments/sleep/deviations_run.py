"""The reproduction with some of its deviations from the original undone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from helpers.data import as_float
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.sleep.mnist_run import measured
from helpers.experiments.sleep.networks import Trained, control
from helpers.sleep.deviations import without
from helpers.sleep.sleep import sleep

#: A second night ends after so many images: of the report's, where the harm is done by then.
EARLY = 128


def undone(config: Config) -> tuple[int, ...]:
    """The numbers of the deviations that `config` undoes; it holds them as text, as in "1+4".

    Raises:
        ValueError: it holds something else.
    """
    text = config["undone"]
    if not re.fullmatch(r"none|\d+(\+\d+)*", text):
        raise ValueError(f"undone is {text!r}; it may be none, or numbers such as 1+4")
    return () if text == "none" else tuple(map(int, text.split("+")))


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train and let sleep.

    ``awake_<metric>`` is about the network before it sleeps, ``early_<metric>`` about the same
    network after a night of its own that ends with :data:`EARLY` images.

    Raises:
        StandInError: the data named in `config` are not there.
        ValueError: a deviation or a metric is unknown.
    """
    data = load_named(config["dataset"], work.device)
    awake, asleep = without(undone(config))
    awake = replace(
        awake, images=min(awake.images, config["images"]), hidden=(config["hidden"],) * 2
    )
    asleep = replace(asleep, images=min(asleep.images, config["images"]))
    images, labels = as_float(data.test_images), data.test_labels
    work.say("training")
    before = control(awake, config["seed"], config["dataset"], work.device)
    shown = as_float(data.train_images[: awake.images])
    found = sleep(
        before,
        shown,
        asleep,
        seed=config["seed"],
        every=2_000,
        look=lambda number, network, fired: work.say(f"asleep, image {number:,}"),
    )
    short = replace(asleep, images=min(asleep.images, EARLY))
    early = sleep(before, shown, short, seed=config["seed"])
    subjects = {
        "awake_": Trained(before),
        "early_": Trained(early.network, early, before),
        "": Trained(found.network, found, before),
    }
    for metric, n in wanted.items():
        when = next(prefix for prefix in subjects if metric.startswith(prefix))
        name, first = metric.removeprefix(when), (check_enough(metric, n, images), labels[:n])
        yield metric, measured(name, subjects[when], *first, seed=config["seed"])
