"""A quantity against a setting, with the spread over seeds."""

from collections.abc import Mapping, Sequence
from statistics import mean

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator, ScalarFormatter

from helpers.figures.curves import check_axes, check_label
from helpers.figures.style import BASELINE, CEREBELLUM, book_style


def seed_curve(
    ax: Axes,
    found: Mapping[float, Sequence[float]],
    *,
    label: str,
    xlabel: str,
    ylabel: str,
    color: str = CEREBELLUM,
    marker: str = "o",
    log: bool = False,
    baseline: bool = False,
) -> Line2D:
    """Draw the mean over seeds against a setting, with a bar over the range of the seeds.

    Args:
        ax: where to draw; its axes are labelled.
        found: the values of the seeds by the setting; settings without a value are left out.
        label: the name in the legend.
        xlabel: the setting and its unit.
        ylabel: the quantity and its unit.
        color: what the curve stands for, from :data:`helpers.figures.PALETTE`.
        marker: a filled matplotlib marker.
        log: settings on a logarithmic axis, with a tick at each.
        baseline: draw in grey and dashed, the look of every baseline.

    Raises:
        ValueError: there is nothing to draw, a label is empty, or with `log` a setting is not
            above zero.
    """
    check_axes(ax)
    check_label(label)
    drawn = {x: list(values) for x, values in sorted(found.items()) if len(values)}
    if not drawn:
        raise ValueError(f"found holds no values for {label!r}; it may hold one or more")
    if log and min(drawn) <= 0:
        raise ValueError(f"found has a setting of {min(drawn)}; it may be above 0 with log")
    if baseline:
        color = BASELINE
    x, middle = list(drawn), [mean(values) for values in drawn.values()]
    low = [center - min(values) for center, values in zip(middle, drawn.values(), strict=True)]
    high = [max(values) - center for center, values in zip(middle, drawn.values(), strict=True)]
    with book_style():
        (line,) = ax.plot(
            x,
            middle,
            color=color,
            marker=marker,
            linestyle="--" if baseline else "-",
            label=label,
            clip_on=False,
            zorder=3,
        )
        if any(len(values) > 1 for values in drawn.values()):
            # A label behind _ is in no legend, and says whose bars these are.
            ax.errorbar(
                x,
                middle,
                [low, high],
                label=f"_{label}",
                color=color,
                linestyle="none",
                capsize=3,
                clip_on=False,
            )
        ax.set(xlabel=xlabel, ylabel=ylabel)
        if log:
            ax.set_xscale("log")
            _tick_each(ax)
    return line


def _tick_each(ax: Axes) -> None:
    """A tick with a plain number at each setting of every curve drawn so far."""
    ax.set_xticks(sorted({float(x) for line in ax.lines for x in np.asarray(line.get_xdata())}))
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_locator(NullLocator())
