"""Where a table stands: which rows have run, and which cells differ from the paper."""

from collections.abc import Sequence
from math import sqrt

import pandas as pd
from pandas.io.formats.style import Styler

from helpers.experiments import Experiment
from helpers.figures.caption import Caption
from helpers.figures.ledger_table import cost_text
from helpers.profiles import Profile
from helpers.records import plan

_OFF = ("differs", "inconsistent")


def what_ran(ledger: pd.DataFrame) -> Caption:
    """In words: how many rows have run, on how many seeds, and what the others would cost.

    Args:
        ledger: of :func:`helpers.claims.ledger_frame`; a place reads "table, row, column".
            Sentences, which are in no row, are passed over.

    Raises:
        ValueError: the ledger holds no number.
    """
    ledger = ledger[ledger.paper_value.notna()]
    if ledger.empty:
        raise ValueError("ledger holds no number of a paper; it may hold one or more")
    seeds: dict[str, int] = {}
    missing: dict[str, str] = {}
    for place, cells in ledger.groupby(_row_of(ledger), sort=False):
        name = str(place)
        waiting = cells[cells.verdict == "not run"]
        if waiting.empty:
            seeds[name] = int(cells.seeds.min())
        else:
            missing[name] = cost_text(waiting.minutes.max()) or "no estimate"
    total = len(seeds) + len(missing)
    text = f"**{len(seeds)} of {total} rows have run**"
    counts = pd.Series(seeds, dtype=int).value_counts().sort_index(ascending=False)
    if len(counts):
        parts = [f"{n} on {s} seed{'' if s == 1 else 's'}" for s, n in counts.items()]
        text += f" ({', '.join(parts)})"
    if missing:
        names = dict(zip([*seeds, *missing], _short([*seeds, *missing]), strict=True))
        rows = "; ".join(f"{names[name]} ({cost})" for name, cost in missing.items())
        text += f". Not run yet, with the estimated cost on two cores: {rows}"
    return Caption(f"{text}.")


def what_waits(experiment: Experiment, profile: Profile = "paper") -> Caption:
    """In words: how many runs of an experiment are done, what the others cost, and the command."""
    planned = plan(experiment, experiment.grid(profile), profile=profile)
    waiting = [each for each in planned if each.wanted]
    text = f"{len(planned) - len(waiting)} of the {len(planned)} runs of {experiment.name} are done"
    if waiting:
        cost = cost_text(sum(each.minutes for each in waiting))
        command = f"brains run {experiment.name} --profile {profile}"
        text += f". The others take about {cost} on two cores: `{command}`"
    return Caption(f"{text}.")


def what_differs(ledger: pd.DataFrame, every: pd.DataFrame) -> Styler | Caption:
    """The cells outside their tolerance, or a sentence where there is none.

    The last column divides the difference by the spread over seeds that such a cell has in our own
    records: the root mean square of the standard deviations in its column. For two means over two
    seeds each, that is the standard deviation of their difference; one seed against such a mean
    has the root of 1.5 of it. While the spread has few degrees of freedom, chance reaches far: in
    one cell of twenty more than 2.78 and 3.4 spreads with four (Student's t).

    Args:
        ledger: numeric rows of :func:`helpers.claims.ledger_frame`.
        every: rows from which the spread of a column is taken.

    Raises:
        ValueError: the ledger is empty.
    """
    if ledger.empty:
        raise ValueError("ledger is empty; it may hold one number or more")
    if (ledger.verdict == "not run").all():
        return Caption("None of these rows has run yet.")
    off = ledger[ledger.verdict.isin(_OFF)]
    if off.empty:
        return Caption("Every cell that has run lies within its tolerance.")
    spread = pooled_spread(every)
    columns = off.place.str.split(", ").str[-1]
    difference = off.ours - off.paper_value
    shown = pd.DataFrame(
        {
            "row": _row_of(off),
            "column": columns,
            "paper": off.paper_value,
            "ours": off.ours,
            "difference": difference,
            "tolerance": off.tolerance,
            "seeds": off.seeds,
            "in spreads": difference.abs() / columns.map(spread),
        }
    )
    styled = shown.style.hide(axis="index").format(precision=1, na_rep="")
    return styled.set_table_attributes('class="dataframe ledger"')


def pooled_spread(ledger: pd.DataFrame) -> dict[str, float]:
    """Standard deviation over seeds of each column, pooled over the rows with two seeds or more."""
    known = ledger[ledger.sd.notna()]
    freedom = known.seeds.astype(float) - 1
    columns = known.place.str.split(", ").str[-1]
    squares = (known.sd.astype(float) ** 2 * freedom).groupby(columns).sum()
    return {
        str(column): sqrt(square / freedom[columns == column].sum())
        for column, square in squares.items()
    }


def _short(names: Sequence[str]) -> list[str]:
    """Row names without the parts that all of them share."""
    parts = [name.split(", ") for name in names]
    shared = set.intersection(*map(set, parts)) if len(parts) > 1 else set()
    return [", ".join(part for part in row if part not in shared) for row in parts]


def _row_of(ledger: pd.DataFrame) -> pd.Series:
    """A place without its table and its column; the table's name where nothing else is left."""
    return ledger.place.str.split(", ").map(lambda parts: ", ".join(parts[1:-1]) or parts[0])
