"""What two mechanisms do alone and together: the gains of an ablation and their interaction."""

import pandas as pd
from pandas.io.formats.style import Styler

#: The rows of the ablation: with neither mechanism, with either, with both.
ROWS = ("Base", "Base + LTD", "Base + RC", "Cerebellum")


def effects(ledger: pd.DataFrame, rows: tuple[str, str, str, str] = ROWS) -> Styler:
    """Gains over the first row in points of accuracy, and the interaction.

    A cell holds the paper's value and, below it, ours, or a dot where a run is missing. The
    interaction is what both gain together beyond the sum of what each gains alone.

    Args:
        ledger: numeric rows of :func:`helpers.claims.ledger_frame`; a place reads "table, row,
            column".
        rows: neither, the one, the other, both, as the places have them.

    Raises:
        ValueError: a row is not there.
    """
    parts = ledger.place.str.split(", ")
    cells = ledger.assign(row=parts.str[1], column=parts.str[-1])
    lacking = [row for row in rows if row not in set(cells.row)]
    if lacking:
        raise ValueError(f"ledger lacks the rows {lacking}; it may hold {list(rows)}")
    cells = cells[cells.row.isin(rows)]
    paper, ours = (_gains(cells, value, rows) for value in ("paper_value", "ours"))
    shown = paper.map(_points) + "\n" + ours.map(_points)
    return shown.style.set_table_attributes('class="dataframe ledger"')


def _gains(cells: pd.DataFrame, value: str, rows: tuple[str, str, str, str]) -> pd.DataFrame:
    order = cells.column.unique()
    table = cells.pivot(index="column", columns="row", values=value).loc[order].astype(float)
    neither, one, other, both = (table[row] for row in rows)
    gains = {
        rows[1]: one - neither,
        rows[2]: other - neither,
        rows[3]: both - neither,
        "interaction": both - one - other + neither,
    }
    return pd.DataFrame(gains).rename_axis(index=None, columns=None)


def _points(value: float) -> str:
    return "·" if pd.isna(value) else f"{value:+.1f}"
