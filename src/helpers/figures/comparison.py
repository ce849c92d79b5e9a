"""The paper's numbers against ours, as open and filled dots on one scale."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.checks import check_count
from helpers.figures.curves import ACCURACY_LABEL, check_label, check_percent
from helpers.figures.style import CEREBELLUM, COLUMN, SMALL, book_style, new_figure

_ROW = 0.3  # inches from one row to the next
_OTHER = 1.15  # inches of a panel that are not rows: title, ticks


@dataclass(frozen=True)
class Comparison:
    """One table cell: what the paper says and what came out here, in percent.

    Attributes:
        label: the name of the row.
        paper: the paper's value, or None where it has none.
        ours: our mean over seeds, or None where it was not run.
        low: lower end of the spread over seeds; given together with `high`.
        high: its upper end.

    Raises:
        ValueError: a value is outside 0 to 100, a spread does not hold the mean, or only one of
            its ends is given.
    """

    label: str
    paper: float | None = None
    ours: float | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        check_label(self.label)
        for name in ("paper", "ours", "low", "high"):
            value = getattr(self, name)
            if value is not None:
                check_percent(name, value)
        if (self.low is None) != (self.high is None):
            raise ValueError("only one of low and high is given; they may be given both or neither")
        if self.low is not None and self.high is not None:
            if self.ours is None:
                raise ValueError("ours is None; with low and high it may be the mean of the seeds")
            if not self.low <= self.ours <= self.high:
                raise ValueError(
                    f"low {self.low:g} and high {self.high:g} may hold ours, {self.ours:g}"
                )


def against_paper(
    panels: Mapping[str, Sequence[Comparison]],
    *,
    columns: int | None = None,
    color: str = CEREBELLUM,
    spread: str = "range over seeds",
    quantity: str = ACCURACY_LABEL,
) -> Figure:
    """A panel for each quantity; in it a line for each row, open dot the paper's, filled ours.

    Args:
        panels: title of a panel (such as ``"PGD, ε = 0.1"``) to its rows; the rows of all panels
            carry the same labels in the same order.
        columns: panels side by side; by default up to three.
        color: what the dots stand for, from :data:`helpers.figures.PALETTE`.
        spread: what the bars are, for the legend.
        quantity: the label of the horizontal axis.

    Raises:
        ValueError: no panel, no row, rows that differ between panels, or nothing to draw.
    """
    if not panels:
        raise ValueError("panels is empty; it may hold one panel or more")
    first = [row.label for row in next(iter(panels.values()))]
    if not first or len(set(first)) < len(first):
        raise ValueError(f"panels have the rows {first}; they may be one or more, each name once")
    for title, rows in panels.items():
        if [row.label for row in rows] != first:
            raise ValueError(f"panel {title!r} has other rows; they may be {first}")
    every = [row for rows in panels.values() for row in rows]
    if all(row.paper is None and row.ours is None for row in every):
        raise ValueError("panels hold no number; one row or more may have paper or ours")
    across = min(3, len(panels)) if columns is None else columns
    check_count("columns", across, 1, len(panels))
    down = math.ceil(len(panels) / across)
    figure = new_figure(width=COLUMN, height=down * (_ROW * len(first) + _OTHER) + 0.35)
    with book_style():
        grid = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
        axes = [ax for line in grid for ax in line]
        for ax, (title, rows) in zip(axes, panels.items(), strict=False):
            _panel(ax, rows, color, spread)
            ax.set_title(title, fontsize=SMALL + 1)
            ax.tick_params(labelbottom=True)
        for ax in axes[len(panels) :]:
            ax.set_axis_off()
        axes[0].set_yticks(range(len(first)), first)
        axes[0].set(xlim=(-3, 103), ylim=(len(first) - 0.5, -0.5), xticks=(0, 50, 100))
        axes[0].set_xticks((25, 75), minor=True)
        figure.supxlabel(quantity, fontsize=SMALL + 1)
        _legend(figure, axes[0], color, spread if any(row.low is not None for row in every) else "")
    return figure


def _panel(ax: Axes, rows: Sequence[Comparison], color: str, spread: str) -> None:
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", which="minor")
    ax.tick_params(axis="y", length=0)
    for at, row in enumerate(rows):
        if row.paper is not None and row.ours is not None:
            line: Any = {"linewidth": 1, "alpha": 0.5, "label": "_paper\nours"}  # goes with either
            ax.plot([row.paper, row.ours], [at, at], color=color, **line)
        if row.low is not None and row.high is not None:
            bar: Any = {"linewidth": 4, "alpha": 0.45, "label": f"_ours\n{spread}"}
            ax.plot([row.low, row.high], [at, at], color=color, **bar)
        if row.ours is not None:
            ax.plot(row.ours, at, "o", color=color, markersize=6.5)
        if row.paper is not None:
            ax.plot(row.paper, at, "o", color=color, markersize=10, mfc="none", mew=1.6)


def _legend(figure: Figure, ax: Axes, color: str, spread: str) -> None:
    handles = [
        ax.plot([], [], "o", color=color, markersize=10, mfc="none", mew=1.6, label="paper")[0],
        ax.plot([], [], "o", color=color, markersize=6.5, label="ours")[0],
    ]
    if spread:
        handles += ax.plot([], [], color=color, linewidth=4, alpha=0.45, label=spread)
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles), handlelength=1.6)
