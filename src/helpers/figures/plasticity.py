"""What spikes do to synapses: the gate, single synapses over time, all weights of a layer."""

from collections.abc import Mapping

import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from helpers.checks import check_count
from helpers.figures.curves import check_label, curve_legend
from helpers.figures.style import BASELINE, COLUMN, SLEEP, SMALL, book_style, new_figure

#: Synapses that start at different weights: shades of sleep's purple, told apart by dashes too.
_SHADES = ("#3A142D", "#5A2447", "#7B3A62", "#9A4C7C", "#B3629A", SLEEP)
_DASHES = ("-", (0, (6, 2)), (0, (3, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), "-")


def gate_curve(weights: Tensor, gates: Tensor) -> Figure:
    """The factor on a change of a weight, against the weight; without a gate it is 1.

    Args:
        weights: (points,), increasing.
        gates: (points,).

    Raises:
        ValueError: the shapes differ, or the weights do not increase.
    """
    _check_vector("weights", weights)
    if gates.shape != weights.shape:
        raise ValueError(
            f"gates have shape {tuple(gates.shape)}; it may be {tuple(weights.shape)}, "
            "one for each weight"
        )
    if len(weights) < 2 or bool((weights.diff() <= 0).any()):
        raise ValueError("weights do not increase; they may be two or more that do")
    figure = new_figure(height=0.45 * COLUMN)
    with book_style():
        ax = figure.subplots()
        ax.plot(weights, gates, color=SLEEP, label="gated")
        ax.axhline(1, color=BASELINE, linestyle="--", label="additive")
        ax.set(xlabel="weight W", ylabel="factor on a change")
        ax.set(xlim=(weights[0].item(), weights[-1].item()), ylim=(-0.1, 2.2))
        curve_legend(ax)
    return figure


def synapse_traces(panels: Mapping[str, Mapping[str, Tensor]]) -> Figure:
    """Weights of single synapses over time, a panel for each rule.

    Args:
        panels: by the name of a rule its synapses, at most six and the same everywhere: by name
            the weight after each step, (steps,).

    Raises:
        ValueError: there are no panels, their synapses differ or are too many, or a trace is not
            (steps,).
    """
    names = [list(traces) for traces in panels.values()]
    if not names or any(other != names[0] for other in names):
        raise ValueError(f"panels have the synapses {names}; they may have the same, one or more")
    if not 1 <= len(names[0]) <= len(_SHADES):
        raise ValueError(f"synapses are {len(names[0])}; there may be 1 to {len(_SHADES)}")
    for traces in panels.values():
        for name, trace in traces.items():
            check_label(name)
            _check_vector(name, trace)
    figure = new_figure(height=0.55 * COLUMN)
    with book_style():
        axes = figure.subplots(1, len(panels), squeeze=False)[0]
        for ax, (title, traces) in zip(axes, panels.items(), strict=True):
            for color, dashes, (name, trace) in zip(_SHADES, _DASHES, traces.items(), strict=False):
                ax.plot(trace, color=color, linestyle=dashes, linewidth=1.6, label=name)
            ax.set_title(title, fontsize=SMALL + 1)
            ax.set_xlabel("time (ms)")
            ax.xaxis.set_major_locator(MaxNLocator(4))
        axes[0].set_ylabel("weight W")
        handles = dict(zip(*axes[0].get_legend_handles_labels()[::-1], strict=True))
        figure.legend(
            handles.values(),
            handles.keys(),
            loc="outside upper left",
            ncols=3,
            title="weight at the start",
            alignment="left",
        )
    return figure


def weight_histograms(before: Tensor, after: Mapping[str, Tensor], *, bins: int = 60) -> Figure:
    """All weights of a layer before (grey, dashed) and after, a panel for each rule; log counts.

    Args:
        before: any shape.
        after: by the name of a rule the weights that it left, each of the same shape.
        bins: of equal width from the smallest to the largest weight of a panel.

    Raises:
        ValueError: there is no rule, a shape differs, a weight is not finite, or `bins` is below 1.
    """
    check_count("bins", bins, 1)
    if not after:
        raise ValueError("after is empty; it may hold one rule or more")
    for name, weights in {"before": before, **after}.items():
        if weights.shape != before.shape or weights.numel() == 0:
            raise ValueError(
                f"{name!r} has shape {tuple(weights.shape)}; it may be {tuple(before.shape)}, "
                "as before, and not empty"
            )
        if not bool(torch.isfinite(weights).all()):
            raise ValueError(f"{name!r} holds weights that are not finite; all may be")
    figure = new_figure(height=0.5 * COLUMN)
    with book_style():
        axes = figure.subplots(1, len(after), sharey=True, squeeze=False)[0]
        for ax, (title, weights) in zip(axes, after.items(), strict=True):
            both = torch.stack([before.flatten(), weights.flatten()]).double().numpy()
            edges = np.histogram_bin_edges(both, bins)
            ax.hist(both[1], edges, color=SLEEP, alpha=0.75, label="after sleep")
            ax.hist(
                both[0],
                edges,
                histtype="step",
                color=BASELINE,
                linestyle="--",
                linewidth=1.5,
                label="before",
            )
            ax.set_yscale("log")
            ax.set_title(title, fontsize=SMALL + 1)
            ax.set_xlabel("weight W")
            ax.xaxis.set_major_locator(MaxNLocator(4))
        axes[0].set_ylabel("synapses")
        handles = dict(zip(*axes[0].get_legend_handles_labels()[::-1], strict=True))
        figure.legend(handles.values(), handles.keys(), loc="outside upper left", ncols=2)
    return figure


def drift_against_rate(
    rates: Tensor, measured: Tensor, *, potentiation: float, depression: float
) -> Figure:
    """Mean change of a synapse per spike of its receiving cell, against how often the sender fires.

    The dashed line is what chance expects, ``p a - (1 - p) b``.

    Args:
        rates: (inputs,) probability p that an input fires in a step, percent.
        measured: (inputs,) mean change per spike of a receiving cell.
        potentiation: a of the rule.
        depression: b of the rule.

    Raises:
        ValueError: the shapes differ, or a rate is not from 0 to 100.
    """
    _check_vector("rates", rates)
    if measured.shape != rates.shape:
        raise ValueError(
            f"measured has shape {tuple(measured.shape)}; it may be {tuple(rates.shape)}, "
            "one for each rate"
        )
    if not bool(((rates >= 0) & (rates <= 100)).all()):
        raise ValueError("rates hold values outside 0 to 100; they may be percentages")
    figure = new_figure(height=0.5 * COLUMN)
    with book_style():
        ax = figure.subplots()
        ax.plot(
            rates,
            measured,
            "o",
            color=SLEEP,
            markersize=4,
            alpha=0.6,
            markeredgewidth=0,
            label="measured, one dot per input",
        )
        line = torch.tensor([0.0, rates.max().item()])
        share = line / 100
        ax.plot(
            line,
            share * potentiation - (1 - share) * depression,
            color=BASELINE,
            linestyle="--",
            label="expected by chance",
        )
        ax.set(
            xlabel="probability that the input fires in a step (%)",
            ylabel="mean change per spike",
        )
        curve_legend(ax)
    return figure


def _check_vector(name: str, values: Tensor) -> None:
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"{name} has shape {tuple(values.shape)}; it may be a vector, not empty")
