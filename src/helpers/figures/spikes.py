"""Spikes over time, the voltage that makes them, and how often cells fire."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from torch import Tensor

from helpers.checks import check_count, check_images, check_positive
from helpers.figures.curves import check_label, curve_legend
from helpers.figures.style import BASELINE, COLUMN, SLEEP, SMALL, book_style, new_figure

#: The first layer behind the inputs, the second and the outputs: shades of sleep's purple.
LAYER_LOOKS = ((SLEEP, "o"), ("#9A4C7C", "s"), ("#5A2447", "^"))
TIME_LABEL = "time (ms)"
_MOST = 6  # more pictures than this in a row are too small on a phone


def raster(spikes: Tensor, *, ylabel: str = "cell", color: str = SLEEP) -> Figure:
    """A dot for each spike: time to the right, one row for each cell.

    Args:
        spikes: (steps, cells) bool, a step a millisecond.
        ylabel: what the rows are.
        color: of the dots.

    Raises:
        ValueError: the spikes are not bool or not of that shape.
    """
    _check_spikes(spikes)
    time, cell = spikes.nonzero(as_tuple=True)
    figure = new_figure(height=0.5 * COLUMN)
    with book_style():
        ax = figure.subplots()
        ax.plot(time, cell, ".", color=color, markersize=3)
        ax.set(xlabel=TIME_LABEL, ylabel=ylabel)
        # The first cell on top, as the first row of an image.
        ax.set(xlim=(-0.5, len(spikes) - 0.5), ylim=(spikes.shape[1] - 0.5, -0.5))
    return figure


def pictures(images: Mapping[str, Tensor]) -> Figure:
    """Grey images in a row, each under its title.

    Args:
        images: one to six by title, each (height, width) in [0, 1].

    Raises:
        ValueError: there are none or too many, or one is not such an image.
    """
    if not 1 <= len(images) <= _MOST:
        raise ValueError(f"images are {len(images)}; there may be 1 to {_MOST}")
    for title, image in images.items():
        if image.ndim != 2:
            raise ValueError(f"{title!r} has shape {tuple(image.shape)}; it may be (height, width)")
        check_images(image)
    tallest = max(image.shape[0] / image.shape[1] for image in images.values())
    figure = new_figure(height=0.35 + tallest * COLUMN / len(images))
    with book_style():
        axes = figure.subplots(1, len(images), squeeze=False)[0]
        for ax, (title, image) in zip(axes, images.items(), strict=True):
            ax.imshow(image.cpu().numpy(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            ax.set_title(title, fontsize=SMALL, loc="center")
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
            ax.spines[:].set_visible(True)
    return figure


def voltage_traces(traces: Mapping[str, tuple[Tensor, float]]) -> Figure:
    """The voltage of a cell over time, a panel for each threshold; a triangle is a spike.

    Args:
        traces: by the title of a panel the voltage after each step, (steps,), and the threshold. A
            step in which the cell fired, and was reset, holds the voltage that it reached.

    Raises:
        ValueError: there are no traces, one is empty or not (steps,), or a threshold is not above
            0.
    """
    if not traces:
        raise ValueError("traces are empty; there may be one or more")
    for title, (voltage, threshold) in traces.items():
        if voltage.ndim != 1 or len(voltage) == 0:
            raise ValueError(f"{title!r} has shape {tuple(voltage.shape)}; it may be (steps,)")
        check_positive("threshold", threshold)
    figure = new_figure(height=0.4 + 2.1 * len(traces))
    with book_style():
        axes = figure.subplots(len(traces), 1, sharex=True, squeeze=False)[:, 0]
        for ax, (title, (voltage, threshold)) in zip(axes, traces.items(), strict=True):
            fired = (voltage >= threshold).nonzero()[:, 0]
            ax.axhline(threshold, color=BASELINE, linestyle="--", linewidth=1.5, label="threshold")
            ax.plot(*_sawtooth(voltage, threshold), color=SLEEP, linewidth=1.3, label="voltage")
            ax.plot(
                fired,
                [1.08 * threshold] * len(fired),
                "v",
                color=SLEEP,
                markersize=5,
                label="spike",
            )
            low = min(0.0, voltage.min().item())
            ax.set(ylabel="voltage", ylim=(1.15 * low, 1.22 * max(threshold, voltage.max().item())))
            ax.set_title(title, fontsize=SMALL + 1)
        axes[-1].set_xlabel(TIME_LABEL)
        handles = dict(zip(*axes[-1].get_legend_handles_labels()[::-1], strict=True))
        figure.legend(handles.values(), handles.keys(), loc="outside upper left", ncols=3)
    return figure


def _sawtooth(voltage: Tensor, threshold: float) -> tuple[list[float], list[float]]:
    """The trace with a fall to 0 in each step in which the cell fired."""
    x: list[float] = []
    y: list[float] = []
    for step, value in enumerate(voltage.tolist()):
        x.append(step)
        y.append(value)
        if value >= threshold:
            x.append(step)
            y.append(0.0)
    return x, y


def rates_against_threshold(
    factors: Sequence[float], rates: Mapping[str, Sequence[float]], *, inputs: float
) -> Figure:
    """Share of a layer's cells that fire in a step, against the thresholds; both axes log.

    Where no cell fired there is nothing to draw on a logarithmic axis: the curve begins after it.

    Args:
        factors: increasing, the thresholds as multiples of the original's; 1 is marked.
        rates: by the name of a layer, at most three, its shares in percent, one for each factor.
        inputs: the share of the input cells, percent.

    Raises:
        ValueError: `factors` do not increase from above 0, there are no or too many layers, or a
            share is missing or not a percentage.
    """
    if len(factors) < 2 or factors[0] <= 0 or any(b <= a for a, b in pairwise(factors)):
        raise ValueError(f"factors are {list(factors)}; they may be two or more, above 0, rising")
    if not 1 <= len(rates) <= len(LAYER_LOOKS):
        raise ValueError(f"rates are of {len(rates)} layers; there may be 1 to {len(LAYER_LOOKS)}")
    for name, values in rates.items():
        check_label(name)
        if len(values) != len(factors):
            raise ValueError(f"{name!r} has {len(values)} rates; it may have {len(factors)}")
        for value in values:
            if not 0 <= value <= 100:  # also catches NaN
                raise ValueError(f"{name!r} holds {value}; it may be from 0 to 100 (percent)")
    check_positive("inputs", inputs)
    figure = new_figure(height=0.62 * COLUMN)
    with book_style():
        ax = figure.subplots()
        ax.axhline(inputs, color=BASELINE, linestyle="--", label="input cells")
        for (color, marker), (name, values) in zip(LAYER_LOOKS, rates.items(), strict=False):
            shown = [value if value > 0 else math.nan for value in values]
            ax.plot(factors, shown, color=color, marker=marker, label=name, clip_on=False)
        ax.axvline(1, color=BASELINE, linestyle=":", linewidth=1.5)
        ax.set(xscale="log", yscale="log", ylim=(None, 100))
        ax.annotate(
            "the original's",
            (1, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-5, -4),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=SMALL,
        )
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:g}"))
        ax.set(
            xlabel="thresholds, as a multiple of the original's",
            ylabel="cells that fire in a step (%)",
        )
        curve_legend(ax, columns=2)
    return figure


def rates_of_activity(panels: Mapping[str, tuple[Tensor, Tensor]], *, most: int = 400) -> Figure:
    """Spikes per second against the activity of the same cell while awake, a panel for each layer.

    Args:
        panels: by the name of a layer, at most three: activities and rates in Hz, each (points,).
        most: points drawn of each layer, at even distances.

    Raises:
        ValueError: there are no or too many layers, one is empty, activities and rates differ in
            shape, or `most` is below 1.
    """
    check_count("most", most, 1)
    if not 1 <= len(panels) <= len(LAYER_LOOKS):
        raise ValueError(f"panels are {len(panels)}; there may be 1 to {len(LAYER_LOOKS)}")
    for name, (activity, rate) in panels.items():
        if activity.ndim != 1 or len(activity) == 0 or activity.shape != rate.shape:
            raise ValueError(
                f"{name!r} has activities {tuple(activity.shape)} and rates {tuple(rate.shape)}; "
                "both may be (points,)"
            )
    figure = new_figure(height=0.42 * COLUMN)
    with book_style():
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        looks = zip(axes, LAYER_LOOKS, panels.items(), strict=False)
        for ax, (color, marker), (name, (activity, rate)) in looks:
            places = torch.linspace(0, len(activity) - 1, min(most, len(activity))).long()
            ax.plot(
                activity[places],
                rate[places],
                marker,
                color=color,
                markersize=3.5,
                alpha=0.6,
                markeredgewidth=0,
            )
            _plain_axes(ax)
            ax.set_title(name, fontsize=SMALL + 1)
            ax.set_xlabel("activity awake")
        axes[0].set_ylabel("spikes per second")
    return figure


def _plain_axes(ax: Axes) -> None:
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(4))


def _check_spikes(spikes: Tensor) -> None:
    if spikes.dtype != torch.bool:
        raise ValueError(f"spikes are {spikes.dtype}; they may be bool")
    if spikes.ndim != 2 or 0 in spikes.shape:
        raise ValueError(f"spikes have shape {tuple(spikes.shape)}; it may be (steps, cells)")
