"""What a granule layer does to the dimension of its inputs."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from helpers.figures.curves import check_label, curve_legend
from helpers.figures.style import BASELINE, CEREBELLUM, COLUMN, SMALL, book_style, new_figure

#: The first curve of a panel, the second and the third: shades of the cerebellum's blue.
_LOOKS = ((CEREBELLUM, "o"), ("#0B3C6F", "s"), ("#1673A5", "^"))


def dimension_panels(
    k: Sequence[int],
    panels: Mapping[str, Mapping[str, Sequence[Sequence[float]]]],
    inputs: Mapping[str, float],
) -> Figure:
    """Dimension of the granule activity against k, a panel for each kind of input.

    Lines are means over seeds, bands the range over seeds; the dimension of the inputs themselves
    is the baseline, grey and dashed.

    Args:
        k: inputs per granule cell, increasing, at least 1.
        panels: title of a panel to its curves, at most three; a curve's name to its dimensions,
            (seeds, len(k)).
        inputs: title of a panel to the dimension of its inputs.

    Raises:
        ValueError: `k` does not increase, `panels` and `inputs` have other titles, a curve has
            another shape, or a dimension is not a number above zero.
    """
    if len(k) < 2 or k[0] < 1 or any(b <= a for a, b in pairwise(k)):
        raise ValueError(f"k is {list(k)}; it may be two or more increasing numbers from 1 on")
    if not panels or list(panels) != list(inputs):
        raise ValueError(
            f"inputs are for {list(inputs)}; they may be for the panels, {list(panels)}"
        )
    for title, curves in panels.items():
        if not 1 <= len(curves) <= len(_LOOKS):
            raise ValueError(
                f"panel {title!r} has {len(curves)} curves; it may have 1 to {len(_LOOKS)}"
            )
        _check(title, [inputs[title]], 1)
        for name, seeds in curves.items():
            check_label(name)
            if len(seeds) == 0:
                raise ValueError(f"curve {name!r} is empty; it may have a row for each seed")
            for values in seeds:
                _check(name, values, len(k))
    figure = new_figure(width=COLUMN, height=3.9)
    with book_style():
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        for ax, (title, curves) in zip(axes, panels.items(), strict=True):
            _panel(ax, k, curves, inputs[title])
            # Above the legend, which stands above the frame.
            ax.set_title(title, fontsize=SMALL + 1, pad=9 + 17 * (len(curves) + 1))
        axes[0].set_ylabel("dimension of the activity")
    return figure


def _check(name: str, values: Sequence[float], n: int) -> None:
    if len(values) != n:
        raise ValueError(f"curve {name!r} has {len(values)} values; it may have {n}")
    for value in values:
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name!r} has the dimension {value}; it may be a number above 0")


def _panel(
    ax: Axes, k: Sequence[int], curves: Mapping[str, Sequence[Sequence[float]]], own: float
) -> None:
    for (color, marker), (name, seeds) in zip(_LOOKS, curves.items(), strict=False):
        columns = list(zip(*seeds, strict=True))
        mean = [sum(column) / len(column) for column in columns]
        low, high = [min(column) for column in columns], [max(column) for column in columns]
        ax.fill_between(k, low, high, color=color, alpha=0.2, linewidth=0)
        ax.plot(k, mean, color=color, marker=marker, label=name)
    ax.axhline(own, color=BASELINE, linestyle="--", label="the inputs themselves")
    ax.set_xscale("log")
    ax.set_xticks(k, [str(value) for value in k])
    ax.xaxis.set_minor_locator(NullLocator())
    top = max(own, *(value for seeds in curves.values() for row in seeds for value in row))
    ax.set(xlabel="k, inputs per granule cell", ylim=(0, 1.08 * top))
    curve_legend(ax, columns=1)
