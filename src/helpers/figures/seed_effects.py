"""The effect of something done to a network: differences between runs that share a seed."""

import math
from collections.abc import Iterable, Mapping
from statistics import mean, stdev
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from helpers.checks import check_count
from helpers.figures.record_table import NOT_RUN, by_seed
from helpers.records import Record


def seed_effects(
    records: Iterable[Record],
    columns: Mapping[str, Mapping[str, Any]],
    against: Mapping[str, Any],
    rows: Mapping[str, str],
    *,
    digits: int = 1,
) -> Styler:
    """Mean difference and its 95 % interval (Student's t, paired by seed).

    Bold where the interval leaves 0 out. One seed has no interval; what has not run is a dot.

    Args:
        records: of one experiment.
        columns: by the name of a column the fields that its runs have.
        against: the fields of the runs that are subtracted, seed by seed.
        rows: by the name of a row its metric.
        digits: after the decimal point.

    Raises:
        ValueError: there are no rows or no columns, `digits` is below 0, or two runs of one kind
            have the same seed.
    """
    if not columns or not rows:
        raise ValueError("columns and rows are empty; there may be one or more of each")
    check_count("digits", digits, 0)
    held = list(records)
    table: dict[str, dict[str, str]] = {}
    bold: dict[str, dict[str, str]] = {}
    for column, where in columns.items():
        table[column], bold[column] = {}, {}
        for row, metric in rows.items():
            one, other = (by_seed(held, metric, fields) for fields in (where, against))
            gains = [one[seed] - other[seed] for seed in sorted(one.keys() & other.keys())]
            text, clear = _cell(gains, digits)
            table[column][row] = text
            bold[column][row] = "font-weight: 700" if clear else ""
    styles = pd.DataFrame(bold)
    shown = pd.DataFrame(table).style.apply(lambda _: styles, axis=None)
    return shown.set_table_attributes('class="dataframe ledger"')


def interval(values: list[float]) -> tuple[float, float]:
    """The ends of the 95 % interval of a mean (Student's t).

    Raises:
        ValueError: there are fewer than two values.
    """
    if len(values) < 2:
        raise ValueError(f"values are {len(values)}; there may be two or more")
    from scipy.stats import t  # slow to import, and only needed here

    half = t.ppf(0.975, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return mean(values) - half, mean(values) + half


def _cell(gains: list[float], digits: int) -> tuple[str, bool]:
    """The text of a cell, and whether its interval leaves out 0."""
    if not gains:
        return NOT_RUN, False
    if len(gains) == 1:
        return f"{gains[0]:+.{digits}f}", False
    low, high = interval(gains)
    text = f"{mean(gains):+.{digits}f}\n[{low:.{digits}f}, {high:.{digits}f}]"
    return text, low > 0 or high < 0
