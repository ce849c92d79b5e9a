"""Accuracy against the size of a model, clean and under each attack; ours beside the paper's."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from helpers.figures.comparison import Comparison
from helpers.figures.curves import ACCURACY_LABEL, check_label
from helpers.figures.style import BASELINE, CEREBELLUM, COLUMN, SMALL, book_style, new_figure

_ACROSS = 2
_PANEL = 2.35  # inches from one panel to the one below
# Any: matplotlib types each keyword of `plot`, not a mapping of them.
_OPEN: dict[str, Any] = {"markersize": 10, "markerfacecolor": "none", "markeredgewidth": 1.5}
#: The panel whose axis need not begin at 0: clean accuracies lie close together.
CLEAN = "test accuracy"


@dataclass(frozen=True)
class SizeCurve:
    """One model's accuracy at several sizes.

    Attributes:
        label: the name in the legend.
        sizes: the sizes, increasing from 1 on.
        rows: what the paper says and what came out here at each of them.
        color: what the curve stands for, from :data:`helpers.figures.PALETTE`.
        marker: a filled matplotlib marker.

    Raises:
        ValueError: there is no size, sizes do not increase or there is not one row for each.
    """

    label: str
    sizes: Sequence[int]
    rows: Sequence[Comparison]
    color: str = CEREBELLUM
    marker: str = "o"

    def __post_init__(self) -> None:
        check_label(self.label)
        sizes = list(self.sizes)
        if not sizes or sizes[0] < 1 or any(b <= a for a, b in pairwise(sizes)):
            raise ValueError(f"sizes are {sizes}; they may be one or more, increasing from 1 on")
        if len(self.rows) != len(sizes):
            raise ValueError(f"rows are {len(self.rows)}; they may be {len(sizes)}, one per size")


def size_panels(
    panels: Mapping[str, Sequence[SizeCurve]],
    *,
    xlabel: str,
    ticks: Sequence[int],
    baselines: Mapping[str, Comparison] | None = None,
    spread: str = "range over seeds",
) -> Figure:
    """A panel for each attack: filled marks ours, with bars; open marks the paper's.

    A line joins ours at neighbouring sizes and has a gap where one was not run.

    Args:
        panels: title of a panel to its curves.
        xlabel: what the size is.
        ticks: the sizes that the axis names.
        baselines: title of a panel to the baseline's row; the paper's is a dashed grey line, ours
            a dotted one.
        spread: what the bars are, for the legend.

    Raises:
        ValueError: there is no panel, a panel has no curve, or a baseline's panel is not there.
    """
    if not panels or not all(panels.values()):
        raise ValueError(f"panels are {dict(panels)}; they may be one or more, each with a curve")
    unknown = sorted(set(baselines or {}) - set(panels))
    if unknown:
        raise ValueError(f"baselines are for {unknown}; they may be for {list(panels)}")
    down = math.ceil((len(panels) + 1) / _ACROSS)  # one place is the legend's
    figure = new_figure(width=COLUMN, height=down * _PANEL + 0.3)
    with book_style():
        axes = figure.subplots(down, _ACROSS, squeeze=False).flat
        first, *others = axes
        # The legend stands beside the first panel: a reader meets it before the other panels.
        legend, *rest = others
        for ax, (title, curves) in zip([first, *rest], panels.items(), strict=False):
            baseline = (baselines or {}).get(title)
            _panel(ax, curves, baseline, spread)
            _limits(ax, title, curves, baseline)
            ax.set_title(title, fontsize=SMALL + 1)
            ax.set_xscale("log")
            ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
            ax.xaxis.set_minor_locator(NullLocator())
        for ax in [legend, *rest[len(panels) - 1 :]]:
            ax.set_axis_off()
        figure.supxlabel(xlabel, fontsize=SMALL + 1)
        figure.supylabel(ACCURACY_LABEL, fontsize=SMALL + 1)
        _legend(legend, panels, baselines or {}, spread)
    return figure


def _panel(ax: Axes, curves: Sequence[SizeCurve], baseline: Comparison | None, spread: str) -> None:
    if baseline is not None and baseline.paper is not None:
        ax.axhline(baseline.paper, color=BASELINE, linestyle="--", linewidth=1.6)
    if baseline is not None and baseline.ours is not None:
        ax.axhline(baseline.ours, color=BASELINE, linestyle=":", linewidth=2)
    for curve in curves:
        ours = [math.nan if row.ours is None else row.ours for row in curve.rows]
        look: dict[str, Any] = {"color": curve.color, "marker": curve.marker, "clip_on": False}
        ax.plot(curve.sizes, ours, markersize=6, linewidth=1.6, zorder=3, **look)
        for size, row in zip(curve.sizes, curve.rows, strict=True):
            if row.low is not None and row.high is not None:
                bar: dict[str, Any] = {"color": curve.color, "linewidth": 4, "alpha": 0.45}
                bar["label"] = f"_{curve.label}: ours\n{spread}"  # goes with either
                ax.plot([size] * 2, [row.low, row.high], clip_on=False, **bar)
        paper = [math.nan if row.paper is None else row.paper for row in curve.rows]
        ax.plot(curve.sizes, paper, linestyle="none", zorder=4, **_OPEN, **look)


def _limits(ax: Axes, title: str, curves: Sequence[SizeCurve], baseline: Comparison | None) -> None:
    every = [row for curve in curves for row in curve.rows] + ([baseline] if baseline else [])
    values = [
        value
        for row in every
        for value in (row.paper, row.ours, row.low, row.high)
        if value is not None
    ]
    if title == CLEAN and values:
        ax.set_ylim(5 * math.floor(min(values) / 5 - 0.1), 100)
    else:
        ax.set_ylim(0, min(100, max([5.0, *values]) * 1.1))


def _legend(
    ax: Axes,
    panels: Mapping[str, Sequence[SizeCurve]],
    baselines: Mapping[str, Comparison],
    spread: str,
) -> None:
    """Every kind of mark that is drawn somewhere, once."""
    drawn: dict[str, dict[str, Any]] = {}
    curves = {curve.label: curve for some in panels.values() for curve in some}
    for label, curve in curves.items():
        rows = [
            row
            for some in panels.values()
            for each in some
            if each.label == label
            for row in each.rows
        ]
        look = {"color": curve.color, "marker": curve.marker}
        if any(row.ours is not None for row in rows):
            drawn[f"{label}: ours"] = {**look, "markersize": 6, "linewidth": 1.6}
        if any(row.paper is not None for row in rows):
            drawn[f"{label}: paper"] = {**look, **_OPEN, "linestyle": "none"}
    every = [row for some in panels.values() for curve in some for row in curve.rows]
    if any(row.low is not None for row in every):
        drawn[spread] = {"color": CEREBELLUM, "linewidth": 4, "alpha": 0.45}
    if any(row.paper is not None for row in baselines.values()):
        drawn["CNN: paper"] = {"color": BASELINE, "linestyle": "--", "linewidth": 1.6}
    if any(row.ours is not None for row in baselines.values()):
        drawn["CNN: ours"] = {"color": BASELINE, "linestyle": ":", "linewidth": 2}
    handles = [ax.plot([], [], label=label, **look)[0] for label, look in drawn.items()]
    ax.legend(handles=handles, loc="center", fontsize=SMALL, handlelength=2.2, labelspacing=0.45)
