"""The attacks that the report left to later work, on one network of part III."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from torch import nn

from helpers.data import as_float
from helpers.evaluation.attacked import AttackSetting, accuracy_under
from helpers.evaluation.minimal import Try, minimal_norms
from helpers.evaluation.smallest import MinimalNorms
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.sleep.networks import network_of
from helpers.sleep.network import SleepNetwork

#: Each attack with its settings and the norm in which its perturbations are measured.
SETTINGS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "deepfool": ("l2", {}),
    "cw": ("l2", {"steps": 300, "binary_search_steps": 5, "stepsize": 0.05}),
    "boundary": ("l2", {"steps": 2_000}),
    "jsma": ("l0", {"theta": 1.0, "gamma": 0.3}),
}


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train, let sleep and attack one network.

    Besides accuracies (:class:`AttackSetting`) there are ``<attack>_<norm>_broken``, the percent of
    images that the attack breaks (or that are wrong from the start), and of its perturbations
    ``<attack>_<norm>_median``, in that norm, over all images; one that holds counts with the
    largest perturbation there is, of all pixels by 1.

    A network whose outputs pass through ReLU is attacked without that: its answers stay as they
    are wherever an output is above 0, and an output of 0 has no gradient. For the squared error
    this makes an attack weaker, not stronger: the loss then grows with outputs below 0 too, which
    change no answer. Only attacks on the margin compare with those of ``sleep/mnist``.

    Raises:
        StandInError: the data named in `config` are not there.
        ValueError: a metric is unknown.
    """
    data = load_named(config["dataset"], work.device)
    work.say("training")
    model = opened(network_of(config, work.device).network)
    images, labels = as_float(data.test_images), data.test_labels
    held: dict[tuple[str, int], MinimalNorms] = {}
    for metric, n in wanted.items():
        work.say(metric)
        found = re.fullmatch(r"(([a-z]+)_(l0|l2))_(median|broken)", metric)
        if found is None:
            first = check_enough(metric, n, images), labels[:n]
            setting = AttackSetting.parse(metric)
            yield metric, accuracy_under(setting, model, *first, seed=config["seed"])
            continue
        name, attack, norm, what = found.groups()
        if attack not in SETTINGS or SETTINGS[attack][0] != norm:
            raise ValueError(f"metric is {metric!r}; the attack may be {', '.join(SETTINGS)}")
        if (name, n) not in held:
            attempt = Try(name, options=SETTINGS[attack][1])
            checkpoint = work.folder / f"{name}_{n}.npz"
            held[name, n] = minimal_norms(
                model, check_enough(metric, n, images), labels[:n], [attempt], checkpoint=checkpoint
            )
        sizes, pixels = held[name, n].norms[norm], images[0].numel()
        if what == "broken":
            yield metric, 100 * float(np.isfinite(sizes).mean())
        else:
            largest = pixels if norm == "l0" else pixels**0.5
            yield metric, float(np.median(np.minimum(sizes, largest)))


def opened(network: nn.Module) -> nn.Module:
    """The network without the ReLU on its outputs, if it has one."""
    if isinstance(network, SleepNetwork) and network.relu_output:
        network = copy.deepcopy(network)
        network.relu_output = False
    return network
