"""One run's record: what ran, what came out, on how many images, and what produced it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.experiments import Config
from helpers.records.keys import key

#: Significant digits with which a metric is written.
DIGITS = 6


@dataclass(frozen=True)
class Record:
    """One run of an experiment.

    Attributes:
        experiment: its name, such as ``cerebellum/mnist``.
        config: the run's settings.
        metrics: value by name; percent for accuracies.
        n: the number of images each metric stands on.
        provenance: commit, code, device, torch, python, seconds, peak_memory_mb, created; of the
            newest line where several were merged.
        origins: the provenance of each metric, where several lines were merged.
    """

    experiment: str
    config: Config
    metrics: Mapping[str, float]
    n: Mapping[str, int]
    provenance: Mapping[str, Any]
    origins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    def origin(self, metric: str) -> Mapping[str, Any]:
        """The provenance of one metric."""
        return self.origins.get(metric, self.provenance)

    def lines(self) -> list[Mapping[str, Any]]:
        """The provenance of each line of which a metric is still in the record."""
        found: list[Mapping[str, Any]] = []
        for name in self.metrics:
            if self.origin(name) not in found:
                found.append(self.origin(name))
        return found

    def to_line(self) -> str:
        """The record as one line of JSON, without a newline.

        Raises:
            ValueError: a metric is not finite or lacks its number of images.
        """
        for name, value in self.metrics.items():
            if not math.isfinite(value):
                raise ValueError(f"metric {name} is {value}; it may be a finite number")
        if set(self.n) != set(self.metrics):
            raise ValueError(
                f"n is given for {sorted(self.n)}; it may be for {sorted(self.metrics)}"
            )
        return json.dumps(
            {
                "experiment": self.experiment,
                "config": dict(self.config),
                "metrics": {
                    name: float(f"{value:.{DIGITS}g}") for name, value in self.metrics.items()
                },
                "n": dict(self.n),
                "provenance": dict(self.provenance),
            },
            allow_nan=False,
        )

    @classmethod
    def from_line(cls, line: str | bytes) -> "Record":
        """The record that `line` holds.

        Raises:
            ValueError: it is not a record; the message says what is wrong with it.
        """
        fields = json.loads(line, parse_constant=_reject_constant)
        names = ["experiment", "config", "metrics", "n", "provenance"]
        if not isinstance(fields, dict) or sorted(fields) != sorted(names):
            raise ValueError(f"a record may be an object with {', '.join(names)}")
        record = cls(**fields)
        if not isinstance(record.experiment, str):
            raise ValueError(f"experiment is {record.experiment!r}; it may be text")
        for name in names[1:]:
            if not isinstance(fields[name], dict):
                raise ValueError(f"{name} is {fields[name]!r}; it may be an object")
        key(record.experiment, record.config)  # refuses values that cannot name a run
        if set(record.n) != set(record.metrics):
            raise ValueError("metrics and n name different metrics")
        for name, count in record.n.items():
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise ValueError(f"n of {name} is {count!r}; it may be a whole number above 0")
        for name, value in record.metrics.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ValueError(f"{name} is {value!r}; it may be a number")
            if not math.isfinite(value):  # 1e999 is read as infinite
                raise ValueError(f"{name} is {value!r}; it may be a finite number")
        if not isinstance(record.provenance.get("created"), str):
            raise ValueError("provenance lacks the time at which the record was created")
        return record


def merge(one: Record, other: Record) -> Record:
    """Two records of the same run as one; `other` stands later in the file.

    For one metric the value on more images wins, at equal numbers the newer one.
    """
    metrics, n = dict(one.metrics), dict(one.n)
    origins = {name: one.origin(name) for name in metrics}
    for name, value in other.metrics.items():
        origin = other.origin(name)
        newer = name not in metrics or (other.n[name], origin["created"]) >= (
            n[name],
            origins[name]["created"],
        )
        if newer:
            metrics[name], n[name], origins[name] = value, other.n[name], origin
    # Of two equally old the later line, as for the metrics: `max` takes the first.
    newest = max(other.provenance, one.provenance, key=lambda provenance: provenance["created"])
    return Record(one.experiment, one.config, metrics, n, newest, origins)


def _reject_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a record may hold")
