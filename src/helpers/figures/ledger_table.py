"""The claim ledger as tables that a reader can scan."""

from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler

from helpers.checks import check_count
from helpers.claims import VERDICTS

#: A mark beside the word: no verdict hangs on a colour, whose meanings are the figures'.
_MARKS = {
    "reproduced": "●",
    "consistent": "○",
    "differs": "▲",
    "inconsistent": "△",
    "contradicted": "■",
    "not run": "·",
}
_BOLD = ("differs", "inconsistent", "contradicted")
#: The stylesheet knows these: `ledger` keeps the lines of a cell, `sentences` wraps.
_LEDGER, _SENTENCES = 'class="dataframe ledger"', 'class="dataframe ledger sentences"'


def verdict_counts(ledger: pd.DataFrame, group: pd.Series) -> Styler:
    """How many claims of each group got each verdict, groups in their order in the ledger.

    Args:
        ledger: see :func:`helpers.claims.ledger_frame`.
        group: the group of each claim, with the ledger's index.

    Raises:
        ValueError: `group` has another index than `ledger`.
    """
    if not group.index.equals(ledger.index):
        raise ValueError("group has another index than ledger; it may have the same")
    counts = pd.crosstab(group, ledger.verdict)
    counts = counts.reindex(index=group.unique(), columns=list(VERDICTS), fill_value=0)
    counts.columns = [f"{_MARKS[verdict]} {verdict}" for verdict in VERDICTS]
    counts.index.name = None
    return counts.style.set_table_attributes(_LEDGER)


def paper_table(ledger: pd.DataFrame, *, digits: int = 1, narrow: bool = False) -> Styler:
    """A table of a paper as the paper lays it out: in each cell its value, ours and the verdict.

    A cell holds the paper's value and, below it, ours ± sd with the mark; the sd is over seeds,
    where there is more than one. The last column says how many seeds a row stands on, or what it
    would cost. An asterisk marks records that older code made.

    Args:
        ledger: numeric rows of :func:`helpers.claims.ledger_frame`, of one table; a place reads
            "table, row, column".
        digits: decimals of the values, as many as the paper prints.
        narrow: whether the words of a row's name and the sd stand on lines of their own, for a
            table of many columns.

    Raises:
        ValueError: the ledger is empty or holds a sentence.
    """
    _check(ledger)
    if ledger.paper_value.isna().any():
        raise ValueError("ledger holds a sentence; it may hold numbers only")
    parts = ledger.place.str.split(", ")
    # The model above its sizes: a row's name is no wider than need be.
    rows = [f"{model}\n{', '.join(sizes)}".strip() for _, model, *sizes, _ in parts]
    if narrow:
        rows = [row.replace(" ", "\n") for row in rows]
    cells = ledger.assign(
        row=rows,
        column=parts.str[-1],
        cell=[_cell(row, digits, narrow) for row in ledger.itertuples()],
    )
    in_order, columns = cells.row.unique(), cells.column.unique()
    text = cells.pivot(index="row", columns="column", values="cell").loc[in_order, columns]
    verdicts = cells.pivot(index="row", columns="column", values="verdict").loc[in_order, columns]
    stands_on = [_stands_on(cells[cells.row == row]) for row in in_order]
    shown = text.fillna("").assign(**{"seeds or cost": stands_on})
    shown.index.name = shown.columns.name = None
    colors = verdicts.map(lambda verdict: _style(verdict) if isinstance(verdict, str) else "")
    styles = colors.reindex(columns=shown.columns, fill_value="")
    return shown.style.apply(lambda _: styles, axis=None).set_table_attributes(_LEDGER)


def sentence_table(ledger: pd.DataFrame) -> Styler:
    """The sentences of a paper, what we saw, and the verdict.

    Beside it stands whether the paper's own printed numbers meet the same criterion.

    Args:
        ledger: rows of :func:`helpers.claims.ledger_frame`.

    Raises:
        ValueError: the ledger is empty.
    """
    _check(ledger)
    shown = pd.DataFrame(
        {
            "where": ledger.place,
            "sentence": ledger.quantity,
            "what we saw": ledger.sentence,
            "by the paper's own numbers": ledger.papers_own,
            "verdict": [_verdict(row) for row in ledger.itertuples()],
            "cost": ledger.minutes.map(cost_text),
        }
    )
    styles = pd.DataFrame("", index=shown.index, columns=shown.columns)
    styles["verdict"] = ledger.verdict.map(_style)
    styled = shown.style.hide(axis="index").apply(lambda _: styles, axis=None)
    return styled.set_table_attributes(_SENTENCES)


def number_table(ledger: pd.DataFrame, *, digits: int = 1) -> Styler:
    """Numbers of a paper in words, ours beside them, and the verdict.

    For numbers that form no table of rows and columns, see :func:`paper_table`.

    Args:
        ledger: numeric rows of :func:`helpers.claims.ledger_frame`.
        digits: after the decimal point.

    Raises:
        ValueError: the ledger is empty, or `digits` is negative.
    """
    _check(ledger)
    check_count("digits", digits, 0)

    def text(value: float) -> str:
        return "·" if pd.isna(value) else f"{value:.{digits}f}"

    shown = pd.DataFrame(
        {
            "where": ledger.place,
            "what": ledger.quantity,
            "paper": ledger.paper_value.map(text),
            "ours": ledger.ours.map(text),
            "seeds": [f"{n}" if n else "·" for n in ledger.seeds],
            "verdict": [_verdict(row) for row in ledger.itertuples()],
            "cost": ledger.minutes.map(cost_text),
        }
    )
    styles = pd.DataFrame("", index=shown.index, columns=shown.columns)
    styles["verdict"] = ledger.verdict.map(_style)
    styled = shown.style.hide(axis="index").apply(lambda _: styles, axis=None)
    return styled.set_table_attributes(_SENTENCES)


def _check(ledger: pd.DataFrame) -> None:
    if ledger.empty:
        raise ValueError("ledger is empty; it may hold one claim or more")


def _verdict(row: Any) -> str:
    return f"{_MARKS[row.verdict]} {row.verdict}{_age(row)}"


def _cell(row: Any, digits: int, narrow: bool) -> str:
    paper = f"{row.paper_value:.{digits}f}"
    if row.verdict == "not run":
        return f"{paper}\n{_MARKS['not run']}"
    ours = f"{row.ours:.{digits}f}"
    spread = "" if pd.isna(row.sd) else f"± {row.sd:.{digits}f}"
    mark = _MARKS[row.verdict] + ("*" if row.older_code else "")
    if narrow:
        return f"{paper}\n{ours} {mark}\n{spread}".strip()
    return f"{paper}\n{' '.join(part for part in (ours, spread, mark) if part)}"


def _stands_on(cells: pd.DataFrame) -> str:
    """The seeds of one row or, where some of it has not run, what that would cost."""
    missing = cells[cells.verdict == "not run"]
    # One run answers the whole row.
    if not missing.empty:
        return cost_text(missing.minutes.max())
    fewest, most = cells.seeds.min(), cells.seeds.max()
    return f"{fewest} seed{'' if most == 1 else 's'}" if fewest == most else f"{fewest} to {most}"


def _age(row: Any) -> str:
    return " (older code)" if row.older_code else ""


def _style(verdict: str) -> str:
    return "font-weight: 700" if verdict in _BOLD else ""


def cost_text(minutes: float | None) -> str:
    """What it would take on two cores, to the precision that an estimate has."""
    if minutes is None or pd.isna(minutes):
        return ""
    if minutes < 90:
        return f"{max(1, round(minutes))} min"
    return f"{minutes / 60:.0f} h"
