"""What one experiment is: configurations, the metrics of each, and how to compute them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from helpers.data import Dataset, load
from helpers.profiles import Profile

#: One run's settings: a flat JSON object. Its hash, with the experiment's name, is the run's key.
Config = Mapping[str, Any]


@dataclass(frozen=True)
class Workplace:
    """What a run may use besides its configuration.

    Attributes:
        folder: the run's own scratch folder, kept between interrupted tries (checkpoints).
        device: where to compute.
        say: takes a short line on what is going on, for the progress display.
    """

    folder: Path
    device: torch.device
    say: Callable[[str], None] = lambda line: None


@dataclass(frozen=True)
class Experiment:
    """A named family of runs whose records lie in ``results/<name>.jsonl``.

    Attributes:
        name: ``<chapter>/<experiment>``, for instance ``cerebellum/mnist``.
        summary: one line for ``brains run --list``.
        grid: the configurations of a profile, in the order in which they should run.
        metrics: the metrics of one configuration and the number of images each stands on.
        run: computes the wanted metrics and yields ``(name, value)`` as each is known;
            percent for accuracies. It resumes from `Workplace.folder` where it can.
        minutes: the estimated cost of one configuration with all its metrics on two cores.
        module: the module whose code, with all it imports, the records depend on.
        defaults: fields that were added after the first records, with the value those records
            had; a field at its default is left out of the key.
    """

    name: str
    summary: str
    grid: Callable[[Profile], list[Config]]
    metrics: Callable[[Config, Profile], dict[str, int]]
    run: Callable[[Config, Mapping[str, int], Workplace], Iterator[tuple[str, float]]]
    minutes: Callable[[Config], float]
    module: str
    defaults: Mapping[str, Any] = field(default_factory=dict)


class StandInError(RuntimeError):
    """A run asked for data by name, and only a stand-in for them is here."""


def load_named(name: str, device: torch.device) -> Dataset:
    """The data set called `name` itself: a record never rests on a stand-in for what it names.

    Raises:
        StandInError: the data are not here.
    """
    data = load(name, device=str(device))
    if data.name != name:
        raise StandInError(f"this run needs {name}. {data.note}")
    return data


def check_enough(metric: str, n: int, images: Tensor) -> Tensor:
    """The first `n` of `images`: a record never claims more images than its `metric` stands on.

    Raises:
        ValueError: there are fewer.
    """
    if n > len(images):
        raise ValueError(f"{metric} asks for {n} images; there are {len(images)}")
    return images[:n]
