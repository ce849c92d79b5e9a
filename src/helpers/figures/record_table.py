"""Records as a table: a row for each kind of run, a column for each metric."""

from collections.abc import Collection, Iterable, Mapping
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
        ValueError: two of them have the same seed, or none: `where` mixes different settings.
    """
    return [record.metrics[metric] for record in _one_a_seed(records, metric, where)]


def by_seed(records: Iterable[Record], metric: str, where: Mapping[str, Any]) -> dict[int, float]:
    """The same by seed, of runs that have one.

    Raises:
        ValueError: as there.
    """
    found = _one_a_seed(records, metric, where)
    return {record.config["seed"]: record.metrics[metric] for record in found}


def _one_a_seed(records: Iterable[Record], metric: str, where: Mapping[str, Any]) -> list[Record]:
    found: dict[int | None, Record] = {}
    for record in records:
        if matches(record.config, where) and metric in record.metrics:
            seed = record.config.get("seed")
            if seed in found:
                raise ValueError(f"seed {seed} has two runs with {dict(where)}; it may have one")
            found[seed] = record
    return list(found.values())


def record_table(
    records: Iterable[Record],
    rows: Mapping[str, Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    digits: int | Mapping[str, int] = 1,
) -> pd.DataFrame:
    """Mean ± standard deviation over seeds; one seed has no ±, and what has not run is a dot.

    The last column counts the seeds, from the cell with the fewest to that with the most, and says
    where older code made one of the values.

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
        values = {column: seed_values(here, metric, where) for column, metric in columns.items()}
        table[name] = {
            column: _cell(found, places.get(column, 1)) for column, found in values.items()
        }
        counts = {len(found) for found in values.values() if found}
        older = any(
            older_code(record, metric)
            for record in here
            for metric in columns.values()
            if metric in record.metrics
        )
        table[name]["seeds"] = span(counts) + (OLDER if older else "")
    return pd.DataFrame.from_dict(table, orient="index")


def span(counts: Collection[int]) -> str:
    """The least and the most, one number where they are the same, a dot where there is none."""
    if not counts:
        return NOT_RUN
    least, most = min(counts), max(counts)
    return str(most) if least == most else f"{least} to {most}"


def _cell(values: list[float], digits: int) -> str:
    if not values:
        return NOT_RUN
    # Where a column is narrow the line breaks before the spread, and not within it.
    spread = f" ±\N{NO-BREAK SPACE}{stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{mean(values):.{digits}f}{spread}"
