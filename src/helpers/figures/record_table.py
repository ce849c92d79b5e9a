"""Records as a table: a row for each kind of run, a column for each metric."""

from collections.abc import Iterable, Mapping
from statistics import mean, stdev
from typing import Any

import pandas as pd

from helpers.checks import check_choice
from helpers.records import Record, matches, older_code

NOT_RUN = "·"
#: Behind the number of seeds.
OLDER = " (older code)"


def seed_values(records: Iterable[Record], metric: str, where: Mapping[str, Any]) -> list[float]:
    """The values of `metric` in the records whose configuration has every field of `where`.

    Raises:
        ValueError: two of them have the same seed: `where` mixes different settings.
    """
    found = [
        record for record in records if matches(record.config, where) and metric in record.metrics
    ]
    seeds = [record.config.get("seed") for record in found]
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"runs with {dict(where)} have seeds {seeds}; each may be there once")
    return [record.metrics[metric] for record in found]


def record_table(
    records: Iterable[Record],
    rows: Mapping[str, Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    digits: int | Mapping[str, int] = 1,
) -> pd.DataFrame:
    """Mean ± standard deviation over seeds; one seed has no ±, and what has not run is a dot.

    The last column counts the seeds, and says where older code made a record of the row.

    Args:
        records: of one experiment.
        rows: by the name of a row the fields that its runs have.
        columns: by the name of a column its metric.
        digits: after the decimal point; by the name of a column where columns differ, 1 for those
            that it leaves out.

    Raises:
        ValueError: there are no rows or no columns, `digits` names no column, or runs of one row
            have the same seed: the row mixes different settings.
    """
    if not rows or not columns:
        raise ValueError("rows and columns are empty; there may be one or more of each")
    places = dict.fromkeys(columns, digits) if isinstance(digits, int) else digits
    for column in places:
        check_choice("a column of digits", column, tuple(columns))
    held = list(records)
    table: dict[str, dict[str, str]] = {}
    for name, where in rows.items():
        here = [record for record in held if matches(record.config, where)]
        seeds = [record.config.get("seed") for record in here]
        if len(set(seeds)) < len(seeds):
            raise ValueError(f"row {name!r} has seeds {seeds}; each may be there once")
        table[name] = {
            column: _cell(seed_values(held, metric, where), places.get(column, 1))
            for column, metric in columns.items()
        }
        older = OLDER if any(map(older_code, here)) else ""
        table[name]["seeds"] = f"{len(seeds)}{older}" if seeds else NOT_RUN
    return pd.DataFrame.from_dict(table, orient="index")


def _cell(values: list[float], digits: int) -> str:
    if not values:
        return NOT_RUN
    # Where a column is narrow the line breaks before the spread, and not within it.
    spread = f" ±\N{NO-BREAK SPACE}{stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):.{digits}f}{spread}"
