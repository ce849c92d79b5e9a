"""What happens while a network sleeps, in panels side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from helpers.figures.curves import curve_legend
from helpers.figures.spread import seed_curve
from helpers.figures.style import SLEEP, book_style, new_figure

XLABEL = "images slept through"
_MARKERS = "os^Dv"


@dataclass(frozen=True)
class NightPanel:
    """One panel.

    Attributes:
        ylabel: the quantity and its unit.
        curves: by the name of a curve its value by the number of images slept through.
        baselines: the names of curves that are drawn grey and dashed.
        percent: whether the axis runs from 0 to 100.
    """

    ylabel: str
    curves: Mapping[str, Mapping[int, float]]
    baselines: Sequence[str] = ()
    percent: bool = False


@book_style()
def night_panels(panels: Sequence[NightPanel]) -> Figure:
    """Curves against the number of images that the network has slept through.

    Raises:
        ValueError: there are no panels, a panel has no curves or more than there are marks, or a
            baseline is none of its curves.
    """
    if not panels:
        raise ValueError("panels are empty; there may be one or more")
    for panel in panels:
        if not 1 <= len(panel.curves) <= len(_MARKERS):
            raise ValueError(
                f"panel {panel.ylabel!r} has {len(panel.curves)} curves; "
                f"it may have 1 to {len(_MARKERS)}"
            )
        if unknown := set(panel.baselines) - panel.curves.keys():
            raise ValueError(f"baselines name {sorted(unknown)}; they may name a curve")
    figure = new_figure(height=3.2)
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    for ax, panel in zip(axes, panels, strict=True):
        for number, (name, values) in enumerate(panel.curves.items()):
            seed_curve(
                ax,
                {image: [value] for image, value in values.items()},
                label=name,
                xlabel=XLABEL,
                ylabel=panel.ylabel,
                color=_darker(number),
                marker=_MARKERS[number],
                baseline=name in panel.baselines,
            )
        ax.locator_params(axis="x", nbins=4)
        if panel.percent:
            ax.set_ylim(0, 100)
        else:
            ax.set_ylim(bottom=0)
        if len(panel.curves) > 1:
            curve_legend(ax, columns=2)
    return figure


def _darker(number: int) -> str:
    """The colour of sleep, darker from curve to curve."""
    red, green, blue = (part * 0.6**number for part in to_rgb(SLEEP))
    return to_hex((red, green, blue))
