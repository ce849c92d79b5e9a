"""The claim ledger as tables that a reader can scan."""

import pandas as pd
from pandas.io.formats.style import Styler

from helpers.claims import VERDICTS
from helpers.figures.style import ATTACK, BASELINE, NEURAL_SIMILARITY

#: A mark beside the word, so that a verdict does not hang on its colour.
_MARKS = {
    "reproduced": ("●", NEURAL_SIMILARITY),
    "consistent": ("○", NEURAL_SIMILARITY),
    "differs": ("▲", ATTACK),
    "inconsistent": ("△", ATTACK),
    "contradicted": ("■", ATTACK),
    "not run": ("·", BASELINE),
}
_HEADINGS = {
    "place": "where",
    "paper_value": "paper",
    "ours": "ours",
    "sd": "sd",
    "seeds": "seeds",
    "tolerance": "tolerance",
    "standing": "standing",
    "verdict": "verdict",
    "minutes": "cost",
}


def verdict_counts(ledger: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
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
    counts.columns.name = counts.index.name = None
    return counts


def ledger_table(ledger: pd.DataFrame, *, sentences: bool = False) -> Styler:
    """A table of claims for a page; not-run rows say what they would cost.

    Args:
        ledger: rows of :func:`helpers.claims.ledger_frame`.
        sentences: show what was said and seen instead of the numbers.

    Raises:
        ValueError: the ledger is empty.
    """
    if ledger.empty:
        raise ValueError("ledger is empty; it may hold one claim or more")
    shown = ledger.copy()
    shown["verdict"] = [
        f"{_MARKS[verdict][0]} {verdict}{' (older code)' if older else ''}"
        for verdict, older in zip(ledger.verdict, ledger.older_code, strict=True)
    ]
    shown["minutes"] = [_cost(minutes) for minutes in ledger.minutes]
    if sentences:
        headings = {"place": "where", "quantity": "sentence", "sentence": "what we saw"}
        headings |= {"standing": "standing", "verdict": "verdict", "minutes": "cost"}
    else:
        headings = _HEADINGS
    shown = shown[list(headings)].rename(columns=headings)
    colors = [f"color: {_MARKS[verdict][1]}; font-weight: 600" for verdict in ledger.verdict]
    return (
        shown.style.hide(axis="index")
        .format(precision=1, na_rep="")
        .format("{:.2f}", subset=["sd"] if "sd" in shown else [], na_rep="")
        .apply(lambda column: colors, subset=["verdict"])
        .set_table_attributes('class="dataframe ledger"')
    )


def _cost(minutes: float | None) -> str:
    """What it would take on two cores, to the precision that an estimate has."""
    if minutes is None or pd.isna(minutes):
        return ""
    if minutes < 90:
        return f"{max(1, round(minutes))} min"
    return f"{minutes / 60:.0f} h"
