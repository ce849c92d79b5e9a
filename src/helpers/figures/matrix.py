"""A matrix of accuracies, such as those of models under each other's adversarial images."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from helpers.figures.curves import check_axes
from helpers.figures.style import INK, SMALL, book_style

#: Where the palette would end: at 100 it is still so light that ink on it has 4.5:1.
DARKEST = 190


def accuracy_matrix(
    ax: Axes,
    values: Sequence[Sequence[float | None]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    xlabel: str,
    ylabel: str,
) -> None:
    """Draw accuracies in percent as a table of shades, each with its number.

    Args:
        ax: where to draw.
        values: a row of percents for each of `rows`; None where there is none.
        rows: names, from top to bottom.
        columns: names, from left to right.
        xlabel: what the columns are.
        ylabel: what the rows are.

    Raises:
        ValueError: the shape of `values` is not that of the names, or a value is not from 0 to 100.
    """
    check_axes(ax)
    if len(values) != len(rows) or any(len(row) != len(columns) for row in values):
        raise ValueError(
            f"values have rows of {[len(row) for row in values]}; "
            f"they may be {len(rows)} rows of {len(columns)}"
        )
    table = np.array([[np.nan if v is None else v for v in row] for row in values], dtype=float)
    if not ((table >= 0) | np.isnan(table)).all() or (table > 100).any():
        raise ValueError(
            f"values span {np.nanmin(table):g} to {np.nanmax(table):g}; "
            "they may be from 0 to 100 (percent)"
        )
    with book_style():
        ax.imshow(table, cmap="Greys", vmin=0, vmax=DARKEST, aspect="auto")
        for (i, j), value in np.ndenumerate(table):
            text = "·" if np.isnan(value) else f"{value:.0f}"
            ax.text(j, i, text, ha="center", va="center", color=INK, fontsize=SMALL)
        ax.set_xticks(range(len(columns)), columns, rotation=40, ha="right")
        ax.set_yticks(range(len(rows)), rows)
        ax.set(xlabel=xlabel, ylabel=ylabel)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        ax.grid(visible=False)
