"""Accuracy against the size of the perturbation, ours beside the paper's."""

import math
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from helpers.checks import check_count
from helpers.figures.style import BASELINE, CARD, CEREBELLUM, book_style

ACCURACY_LABEL = "accuracy (%)"
EPS_LABEL = "perturbation ε (L∞, pixel range 0 to 1)"


def accuracy_curve(
    ax: Axes,
    eps: Sequence[float],
    accuracy: Sequence[float],
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    *,
    label: str,
    color: str = CEREBELLUM,
    marker: str = "o",
    baseline: bool = False,
) -> Line2D:
    """Draw our accuracy against the perturbation, with a band from `low` to `high`.

    Args:
        ax: where to draw; its axes are labelled.
        eps: increasing radii in [0, 1].
        accuracy: percent, one for each radius.
        low: lower end of the spread over seeds, percent; given together with `high`.
        high: its upper end.
        label: the name in the legend.
        color: what the curve stands for, from :data:`helpers.figures.PALETTE`.
        marker: a filled matplotlib marker.
        baseline: draw in grey and dashed, the look of every baseline.

    Raises:
        ValueError: lengths differ, a value is outside its range, `eps` does not increase, only one
            of `low` and `high` is given, or the band does not hold the curve.
    """
    check_axes(ax)
    check_label(label)
    _check_eps(eps)
    if any(b <= a for a, b in pairwise(eps)):
        raise ValueError(f"eps is {list(eps)}; it may only increase")
    check_percents("accuracy", accuracy, len(eps))
    if (low is None) != (high is None):
        raise ValueError("only one of low and high is given; they may be given both or neither")
    if baseline:
        color = BASELINE
    with book_style():
        if low is not None and high is not None:
            check_percents("low", low, len(eps))
            check_percents("high", high, len(eps))
            for a, mean, b in zip(low, accuracy, high, strict=True):
                if not a <= mean <= b:
                    raise ValueError(f"low {a:g} and high {b:g} may hold the accuracy {mean:g}")
            # A label behind _ is in no legend, and says whose band this is.
            ax.fill_between(eps, low, high, label=f"_{label}", color=color, alpha=0.2, linewidth=0)
        (line,) = ax.plot(
            eps,
            accuracy,
            color=color,
            marker=marker,
            linestyle="--" if baseline else "-",
            label=label,
            # A mark at 0 or 100 is not cut in half by the frame.
            clip_on=False,
            zorder=3,
        )
        _label(ax)
    return line


def paper_points(
    ax: Axes,
    eps: Sequence[float],
    values: Sequence[float],
    *,
    label: str,
    color: str = CEREBELLUM,
    marker: str = "o",
) -> Line2D:
    """Draw a paper's accuracies (percent) as open marks.

    Raises:
        ValueError: lengths differ or a value is outside its range.
    """
    check_axes(ax)
    check_label(label)
    _check_eps(eps)
    check_percents("values", values, len(eps))
    with book_style():
        (points,) = ax.plot(
            eps,
            values,
            color=color,
            marker=marker,
            markersize=10,
            markerfacecolor="none",
            markeredgewidth=1.8,
            linestyle="none",
            label=label,
            clip_on=False,
            zorder=4,
        )
        _label(ax)
    return points


def curve_legend(ax: Axes, *, columns: int = 2) -> None:
    """Place the legend above the frame, in `columns`, where no curve can run through it.

    Raises:
        ValueError: nothing with a label is drawn yet, or `columns` is below 1.
    """
    check_axes(ax)
    check_count("columns", columns, 1)
    handles, labels = ax.get_legend_handles_labels()
    if not handles:
        raise ValueError("ax holds nothing with a label; draw the curves first")
    with book_style():
        ax.legend(
            handles,
            labels,
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            ncols=min(columns, len(handles)),
            facecolor=CARD,
            borderaxespad=0.2,
            columnspacing=1.5,
        )


def check_axes(ax: Axes) -> Axes:
    """Return `ax` if it is a matplotlib Axes."""
    if not isinstance(ax, Axes):
        raise ValueError(f"ax is a {type(ax).__name__}; it may be a matplotlib Axes")
    return ax


def check_label(label: str) -> str:
    """Return `label` if it will show in a legend: matplotlib hides names that start with _."""
    if not label or label.startswith("_"):
        raise ValueError(f"label is {label!r}; it may be a text that does not start with _")
    return label


def check_percents(name: str, values: Sequence[float], n: int) -> Sequence[float]:
    """Return `values` if they are `n` numbers from 0 to 100."""
    if len(values) != n:
        raise ValueError(f"{name} has {len(values)} values; it may have {n}, one for each eps")
    for value in values:
        check_percent(name, value)
    return values


def check_percent(name: str, value: float) -> float:
    """Return `value` if it is from 0 to 100."""
    if not 0 <= value <= 100:  # also catches NaN
        raise ValueError(f"{name} holds {value}; it may be from 0 to 100 (percent)")
    return value


def _check_eps(eps: Sequence[float]) -> None:
    if len(eps) == 0:
        raise ValueError("eps is empty; it may hold one radius or more")
    for value in eps:
        if not (math.isfinite(value) and 0 <= value <= 1):
            raise ValueError(f"eps holds {value}; it may be from 0 to 1")


def _label(ax: Axes) -> None:
    ax.set(xlabel=EPS_LABEL, ylabel=ACCURACY_LABEL, ylim=(0, 100))
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
