"""Means over seeds of the records that a selector names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from helpers.experiments import EXPERIMENTS
from helpers.records import Record, matches
from helpers.records.keys import same

#: The one field in which the records behind a mean differ.
SEED = "seed"


@dataclass(frozen=True)
class Mean:
    """A metric's mean over seeds.

    Attributes:
        value: the mean.
        sd: the sample standard deviation over seeds; None for one seed.
        seeds: the number of seeds.
        images: the number of images behind each seed's value, the smallest.
        metric: the metric.
        records: the records it was taken over.
    """

    value: float
    sd: float | None
    seeds: int
    images: int
    metric: str
    records: tuple[Record, ...]


#: Gives a predicate the mean of a metric over the records that a selector names, None where
#: there are none.
Look = Callable[[Mapping[str, Any], str], Mean | None]


def mean_over_seeds(
    records: Iterable[Record], experiment: str, where: Mapping[str, Any], metric: str
) -> Mean | None:
    """The mean of `metric` over the records that `where` selects, None where there are none.

    A field that was added to the experiment later and that `where` does not name is at its
    default: an ablation does not answer a claim about the plain model.

    Raises:
        ValueError: the records differ in another field than the seed.
    """
    defaults = EXPERIMENTS[experiment].defaults if experiment in EXPERIMENTS else {}
    where = {**defaults, **where}
    found = [
        record
        for record in records
        if record.experiment == experiment
        and metric in record.metrics
        and matches({**defaults, **record.config}, where)
    ]
    if not found:
        return None
    _check_alone(found, where)
    values = [record.metrics[metric] for record in found]
    return Mean(
        value=mean(values),
        sd=stdev(values) if len(values) > 1 else None,
        seeds=len(values),
        images=min(record.n[metric] for record in found),
        metric=metric,
        records=tuple(found),
    )


def _check_alone(records: list[Record], where: Mapping[str, Any]) -> None:
    """Raise unless the records differ in their seed alone."""
    first = records[0].config
    for record in records[1:]:
        for field in sorted({*first, *record.config} - {SEED}):
            values = [config.get(field, "nothing") for config in (first, record.config)]
            if not same(*values):
                raise ValueError(
                    f"{dict(where)} selects runs of {records[0].experiment} that differ in {field} "
                    f"({values[0]} and {values[1]}); it may name {field} too"
                )
