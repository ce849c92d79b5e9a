"""What is missing of a grid."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.experiments import Config, Experiment
from helpers.paths import RESULTS
from helpers.profiles import Profile
from helpers.records.keys import key, same
from helpers.records.record import Record
from helpers.records.store import read


@dataclass(frozen=True)
class Planned:
    """One configuration of a sweep.

    Attributes:
        config: its settings.
        key: the hash that names it.
        wanted: the metrics that are missing and the number of images of each.
        minutes: what the run is estimated to take with all its metrics; 0 at `smoke`, where it
            takes seconds.
        whole: whether all its metrics are missing; where some are there it takes at most `minutes`.
    """

    config: Config
    key: str
    wanted: Mapping[str, int]
    minutes: float
    whole: bool


def plan(
    experiment: Experiment,
    configs: Iterable[Config],
    *,
    profile: Profile,
    folder: Path = RESULTS,
    renew: str | None = None,
) -> list[Planned]:
    """What is missing of each configuration, in the order given.

    Args:
        experiment: what runs.
        configs: the configurations.
        profile: decides the metrics and the number of images.
        folder: where the records lie.
        renew: a code hash; metrics made by other code are missing too, on at least as many images.

    Raises:
        ValueError: two configurations have the same key, or the records cannot be read.
    """
    records = read(folder / f"{experiment.name}.jsonl", experiment.defaults)
    held = {
        key(record.experiment, record.config, experiment.defaults): record for record in records
    }
    plans: dict[str, Planned] = {}
    for config in configs:
        name = key(experiment.name, config, experiment.defaults)
        if name in plans:
            raise ValueError(f"configs hold {dict(config)} twice; each may be there once")
        asked = experiment.metrics(config, profile)
        wanted = _missing(asked, held.get(name), renew)
        minutes = 0.0 if profile == "smoke" else experiment.minutes(config)
        plans[name] = Planned(config, name, wanted, minutes, len(wanted) == len(asked))
    return list(plans.values())


def short(config: Config, configs: Iterable[Config]) -> str:
    """The fields of `config` in which `configs` differ, for a line on a screen.

    Values are JSON, as records and the command line have them; text stands without quotes.
    """
    others = list(configs)
    return " ".join(
        f"{field}={value if isinstance(value, str) else json.dumps(value)}"
        for field, value in config.items()
        if not all(field in other and same(other[field], value) for other in others)
    )


def _missing(asked: Mapping[str, int], record: Record | None, renew: str | None) -> dict[str, int]:
    """What of `asked` a run has to compute."""
    wanted: dict[str, int] = {}
    for metric, n in asked.items():
        have, code = 0, None
        if record is not None and metric in record.n:
            have, code = record.n[metric], record.origin(metric).get("code")
        old = have > 0 and renew is not None and code != renew
        if old or have < n:
            wanted[metric] = max(n, have)
    return wanted
