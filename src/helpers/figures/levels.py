"""Several networks against the level of a distortion, a panel for each kind of distortion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.checks import check_count
from helpers.figures.curves import ACCURACY_LABEL, check_label
from helpers.figures.record_table import seed_values
from helpers.figures.spread import seed_curve
from helpers.figures.style import BASELINE, SLEEP, book_style, new_figure
from helpers.records import Record

_PANEL = 2.75  # inches
#: Letters of the longest name in a legend of three columns.
_SHORT = 20


@dataclass(frozen=True)
class Series:
    """One network.

    Attributes:
        label: its name in the legend.
        where: the fields that its records have.
        color: what it stands for, from :data:`helpers.figures.PALETTE`.
        marker: a filled matplotlib marker.
        line: a matplotlib line style.
    """

    label: str
    where: Mapping[str, Any]
    color: str = BASELINE
    marker: str = "o"
    line: Any = "--"

    def __post_init__(self) -> None:
        check_label(self.label)


@dataclass(frozen=True)
class LevelAxis:
    """One kind of distortion.

    Attributes:
        title: of the panel.
        xlabel: the level and its unit.
        metrics: by level the name of the metric, percent.
        where: more fields that the records of this panel have.
        paper: by the label of a series and by level what the paper has.
    """

    title: str
    xlabel: str
    metrics: Mapping[float, str]
    paper: Mapping[str, Mapping[float, float]] = field(default_factory=dict)
    where: Mapping[str, Any] = field(default_factory=dict)


#: How each network of part III looks: sleep in its colour, whatever it is compared with in grey.
NETWORKS: Mapping[str, tuple[str, str, str, Any]] = {
    "control": ("control", BASELINE, "o", "--"),
    "sleep": ("sleep", SLEEP, "o", "-"),
    "sleep_minimal": ("sleep, the other settings", SLEEP, "X", ":"),
    "longer": ("trained longer", BASELINE, "P", (0, (1, 1))),
    "finetune_blur": ("fine-tuned on blur", BASELINE, "^", (0, (1, 1.2))),
    "finetune_noise": ("fine-tuned on noise", BASELINE, "s", (0, (5, 1.2))),
    "tempered": ("scores / 50", BASELINE, "D", (0, (3, 1, 1, 1))),
    "distilled": ("distilled", BASELINE, "D", (0, (3, 1, 1, 1))),
    "own_outputs": ("own outputs", BASELINE, "v", (0, (1, 3))),
    "shifted": ("mean shift", BASELINE, "^", (0, (1, 1.2))),
    "shifted_rows": ("shift of each cell", BASELINE, "s", (0, (5, 1.2))),
    "shuffled": ("shuffled change", BASELINE, "D", (0, (3, 1, 1, 1))),
    "pruned": ("without those cells", BASELINE, "^", (0, (1, 1.2))),
    "pruned_active": ("without the most active", BASELINE, "s", (0, (5, 1.2))),
    "pruned_random": ("without any so many", BASELINE, "D", (0, (3, 1, 1, 1))),
}


def look_of(name: str) -> tuple[str, str, str, Any]:
    """The label, colour, marker and line of the network `name`.

    Raises:
        ValueError: the name is unknown.
    """
    if name not in NETWORKS:
        raise ValueError(f"network is {name!r}; it may be one of {', '.join(NETWORKS)}")
    return NETWORKS[name]


def network_series(recipe: str, names: Iterable[str], **where: Any) -> list[Series]:
    """The series of the networks `names` of a recipe, each in its look.

    Raises:
        ValueError: a name is unknown.
    """
    found = []
    for name in names:
        label, color, marker, line = look_of(name)
        fields = {"recipe": recipe, "network": name, **where}
        found.append(Series(label, fields, color, marker, line))
    return found


def level_curves(
    records: Iterable[Record],
    series: Sequence[Series],
    axes: Sequence[LevelAxis],
    *,
    columns: int = 2,
    ylabel: str = ACCURACY_LABEL,
    percent: bool = True,
) -> Figure:
    """Means over seeds with the range of the seeds as bars; a paper's values are open marks.

    A series that has not run is left out of its panel; one that is in none is named in the legend.
    All panels go from 0 to 100 or, where the metrics are no percentages, each from 0 as far as need
    be.

    Raises:
        ValueError: there is no series or no axis, two series have one label or look alike, a
            paper's values belong to no series, or `columns` is below 1.
    """
    check_count("columns", columns, 1)
    if not series or not axes:
        raise ValueError("series and axes are empty; there may be one or more of each")
    labels = [each.label for each in series]
    if len(set(labels)) < len(labels):
        raise ValueError(f"series are called {labels}; each name may be there once")
    looks = [(each.color, each.marker, str(each.line)) for each in series]
    if len(set(looks)) < len(looks):
        raise ValueError(f"series {labels} have the looks {looks}; each may be there once")
    if unknown := {name for axis in axes for name in axis.paper} - set(labels):
        raise ValueError(f"paper names {sorted(unknown)}; it may name one of {labels}")
    held = list(records)
    down = -(-len(axes) // columns)
    across = min(columns, len(axes))
    figure = new_figure()
    with book_style():
        grid = figure.subplots(down, across, squeeze=False, sharey=percent)
        panels = list(grid.flat)
        handles: dict[str, Line2D] = {}
        for ax, axis in zip(panels, axes, strict=False):
            for each in series:
                found = {
                    level: seed_values(held, metric, {**each.where, **axis.where})
                    for level, metric in axis.metrics.items()
                }
                if any(found.values()):
                    line = seed_curve(
                        ax,
                        found,
                        label=each.label,
                        xlabel=axis.xlabel,
                        ylabel=ylabel,
                        color=each.color,
                        marker=each.marker,
                    )
                    line.set_linestyle(each.line)
                    if each.color != BASELINE:  # on top, and small enough to show what it covers
                        line.set(zorder=5, markersize=5)
                    handles[each.label] = line
                printed = axis.paper.get(each.label, {})
                if printed:
                    ax.plot(
                        list(printed),
                        list(printed.values()),
                        each.marker,
                        label=f"_{each.label}, paper",  # behind _: in no legend
                        color=each.color,
                        markersize=10,
                        markerfacecolor="none",
                        clip_on=False,
                    )
            ax.set(ylim=(0, 100 if percent else None), xlabel=axis.xlabel, ylabel=ylabel)
            ax.set_title(axis.title, fontsize="medium")
        for ax in panels[len(axes) :]:
            ax.set_axis_off()
        for ax in grid[:, 1:].flat:
            ax.set_ylabel("")
        names = [*(name if name in handles else f"{name} (not run)" for name in labels)]
        lines = [handles.get(name, Line2D([], [], linestyle="none")) for name in labels]
        if any(axis.paper for axis in axes):
            open_mark = Line2D(
                [], [], marker="o", linestyle="none", color=BASELINE, mfc="none", markersize=10
            )
            names, lines = [*names, "paper (open)"], [*lines, open_mark]
        abreast = 3 if max(map(len, names)) <= _SHORT else 2
        figure.set_figheight(_PANEL * down + 0.35 + 0.22 * -(-len(names) // abreast))
        figure.legend(lines, names, loc="outside upper left", ncols=abreast, handlelength=3.2)
    return figure
