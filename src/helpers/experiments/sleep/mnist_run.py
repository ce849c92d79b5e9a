"""One network of part III under every distortion and attack of the papers, and some of ours."""

import re
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from helpers.checks import check_count
from helpers.data import as_float
from helpers.evaluation.attacked import AttackSetting, accuracy_under
from helpers.evaluation.corruptions import CORRUPTIONS, Corruption, accuracy_corrupted
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.sleep.fired import fired
from helpers.experiments.sleep.networks import Trained, network_of
from helpers.seeding import seeded_torch
from helpers.sleep.pruning import changed_cells
from helpers.training.accuracy import accuracy


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train, let sleep and measure one network.

    Besides accuracies (:class:`Corruption`, :class:`AttackSetting`) there are, in percent,
    ``most_common`` (of the test images that get the most common answer), of a network that has
    slept ``fired_<layer>`` (cells that fire in a step, 0 for the inputs), of its weights
    ``shift_<layer>`` (the mean change, from 1 on), and ``changed_cells`` (the number of cells of
    the first hidden layer with other weights than before).

    Raises:
        StandInError: the data named in `config` are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    work.say("training")
    trained = network_of(config, work.device)
    images, labels = as_float(data.test_images), data.test_labels
    for metric, n in wanted.items():
        work.say(metric)
        first = check_enough(metric, n, images), labels[:n]
        yield metric, measured(metric, trained, *first, seed=config["seed"])


def measured(metric: str, trained: Trained, images: Tensor, labels: Tensor, *, seed: int) -> float:
    """One number about a network; `seed` decides noise, starts and units left out.

    Raises:
        ValueError: the metric is unknown, or the network has not slept and it asks about its sleep.
    """
    network = trained.network
    with seeded_torch(seed):  # units left out at evaluation draw from these
        if metric == "test_acc":
            return accuracy(network, images, labels)
        if metric == "most_common":
            return most_common(network, images)
        if re.fullmatch(r"fired_\d+|shift_\d+|changed_cells", metric):
            return _of_sleep(trained, metric)
        if metric.startswith(tuple(CORRUPTIONS)):
            corruption = Corruption.parse(metric)
            return accuracy_corrupted(corruption, network, images, labels, seed=seed)
        setting = AttackSetting.parse(metric)
        return accuracy_under(setting, network, images, labels, seed=seed)


@torch.no_grad()
def most_common(network: nn.Module, images: Tensor) -> float:
    """Percent of `images` (n, ...) that get the answer which `network` gives most often."""
    answers = torch.cat([network(part).argmax(1) for part in images.split(1000)])
    return 100 * (answers.bincount().max() / len(answers)).item()


def _of_sleep(trained: Trained, metric: str) -> float:
    """A number about the sleep itself."""
    if trained.slept is None or trained.before is None:
        raise ValueError(f"metric is {metric}; the network may be one that has slept")
    if metric == "changed_cells":
        return float(changed_cells(trained.before, trained.slept.network).sum())
    what, _, number = metric.partition("_")
    if what == "fired":
        return fired(metric, trained.slept)
    layer = check_count(f"layer of {metric}", int(number), 1, len(trained.before.weights))
    after, before = trained.slept.network.weights, trained.before.weights
    return (after[layer - 1].double() - before[layer - 1].double()).mean().item()
