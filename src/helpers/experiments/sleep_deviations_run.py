"""The reproduction with some of its deviations from the original undone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from helpers.data import as_float
from helpers.experiments.experiment import Config, Workplace, load_named
from helpers.experiments.sleep_networks import Trained, control
from helpers.experiments.sleep_run import measured
from helpers.sleep.deviations import without
from helpers.sleep.sleep import sleep


def undone(config: Config) -> tuple[int, ...]:
    """The numbers of the deviations that `config` undoes; it holds them as text, as in "1+4"."""
    return tuple(int(number) for number in config["undone"].split("+") if number != "none")


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train and let sleep; ``awake_<metric>`` is about the network before it sleeps.

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
    trained = Trained(found.network, found, before)
    for metric, n in wanted.items():
        name = metric.removeprefix("awake_")
        subject = trained if name == metric else Trained(before)
        yield metric, measured(name, subject, images[:n], labels[:n], seed=config["seed"])
