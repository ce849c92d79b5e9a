"""The same curves for several models, a panel for each."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, ScalarFormatter

from helpers.checks import check_count
from helpers.figures.spread import seed_curve
from helpers.figures.style import book_style, new_figure

#: The values of the seeds by setting, by the name of the curve.
Curves = Mapping[str, Mapping[float, Sequence[float]]]


@book_style()
def seed_panels(
    panels: Mapping[str, Curves],
    *,
    colors: Mapping[str, str],
    xlabel: str,
    ylabel: str,
    ticks: Sequence[float],
    columns: int = 3,
) -> Figure:
    """A figure with a panel for each model and a curve in it for each kind of value.

    Args:
        panels: by the title of a panel its curves; a curve without values is left out, and a panel
            without curves stays empty.
        colors: by the name of a curve its colour, from :data:`helpers.figures.PALETTE`.
        xlabel: the setting and its unit; its axis is logarithmic.
        ylabel: the quantity in percent.
        ticks: the settings that have a number on the axis.
        columns: panels side by side.

    Raises:
        ValueError: there are no panels, `columns` is below 1, or a curve has no colour.
    """
    check_count("columns", columns, 1)
    if not panels:
        raise ValueError("panels are empty; there may be one or more")
    nameless = {name for curves in panels.values() for name in curves} - colors.keys()
    if nameless:
        raise ValueError(f"colors lack {sorted(nameless)}; they may name every curve")
    lines = -(-len(panels) // columns)
    figure = new_figure(height=0.6 + 2.7 * lines)
    grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    axes = list(grid.flat)
    handles = {}
    for ax, (title, curves) in zip(axes, panels.items(), strict=False):
        for name, found in curves.items():
            if any(len(values) for values in found.values()):
                handles[name] = seed_curve(
                    ax,
                    found,
                    label=name,
                    xlabel=xlabel,
                    ylabel=ylabel,
                    color=colors[name],
                    log=True,
                )
        ax.set_title(title, fontsize="medium")
        ax.set(xscale="log", ylim=(0, 100), xlabel=xlabel, ylabel=ylabel)
        ax.set_xticks(list(ticks))
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_locator(NullLocator())
        ax.label_outer()
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    if handles:
        figure.legend(
            handles.values(), handles.keys(), loc="outside upper left", ncols=len(handles)
        )
    return figure


@book_style()
def seed_quantities(
    quantities: Mapping[str, Curves],
    *,
    styles: Mapping[str, tuple[str, str]],
    xlabel: str,
    log: bool = False,
    percent: bool = True,
) -> Figure:
    """A figure with a panel for each quantity, side by side, and one legend.

    Args:
        quantities: by the label of a panel's vertical axis its curves; a curve without values is
            left out.
        styles: by the name of a curve its colour and its marker.
        xlabel: the setting and its unit.
        log: settings on a logarithmic axis.
        percent: the vertical axes run from 0 to 100.

    Raises:
        ValueError: there are no quantities, or a curve has no style.
    """
    if not quantities:
        raise ValueError("quantities are empty; there may be one or more")
    nameless = {name for curves in quantities.values() for name in curves} - styles.keys()
    if nameless:
        raise ValueError(f"styles lack {sorted(nameless)}; they may name every curve")
    figure = new_figure(height=3.4)
    axes = figure.subplots(1, len(quantities), squeeze=False)[0]
    handles = {}
    for ax, (ylabel, curves) in zip(axes, quantities.items(), strict=True):
        for name, found in curves.items():
            if any(len(values) for values in found.values()):
                color, marker = styles[name]
                handles[name] = seed_curve(
                    ax,
                    found,
                    label=name,
                    xlabel=xlabel,
                    ylabel=ylabel,
                    color=color,
                    marker=marker,
                    log=log,
                )
        ax.set(xlabel=xlabel, ylabel=ylabel)
        if percent:
            ax.set_ylim(0, 100)
    if handles:
        figure.legend(handles.values(), handles.keys(), loc="outside upper left", ncols=2)
    return figure


@book_style()
def quantile_ranges(
    panels: Mapping[str, Mapping[str, Mapping[int, float]]], *, color: str
) -> Figure:
    """Distributions as ranges: the middle half thick, 5th to 95th percentile thin, median a dot.

    Args:
        panels: by the label of a panel, side by side, the rows; by the name of a row its
            percentiles 5, 25, 50, 75 and 95, above zero. A row without percentiles stays empty.
        color: what the rows stand for.

    Raises:
        ValueError: there are no panels, or their rows differ.
    """
    names = [list(rows) for rows in panels.values()]
    if not names or any(other != names[0] for other in names):
        raise ValueError(f"panels have the rows {names}; they may have the same, one or more")
    figure = new_figure(height=0.9 + 0.45 * len(names[0]))
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (label, rows) in zip(axes, panels.items(), strict=True):
        for place, at in enumerate(rows.values()):
            if at:
                ax.plot([at[5], at[95]], [place] * 2, color=color, linewidth=1.5)
                ax.plot([at[25], at[75]], [place] * 2, color=color, linewidth=6)
                ax.plot(at[50], place, "o", color="white", markersize=4, zorder=3)
        ax.set_xscale("log")
        ax.set_xlabel(label)
        ax.set_yticks(range(len(rows)), list(rows))
        ax.set_ylim(len(rows) - 0.5, -0.5)
    return figure
