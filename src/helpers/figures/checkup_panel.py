"""The picture of one check-up, and the verdicts of many as a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas.io.formats.style import Styler

from helpers.evaluation.checkup import MARKS, Checkup
from helpers.evaluation.interval import wilson
from helpers.experiments.checkup_metrics import LINES, VERDICTS, slug
from helpers.figures.curves import check_percent
from helpers.figures.record_table import NOT_RUN, seed_values, span
from helpers.figures.style import ATTACK, BASELINE, COLUMN, SMALL, book_style, new_figure
from helpers.records import Record

_WORST_FIRST = ("fail", "pass", "not applicable")
_ROW = 0.29  # inches from one row to the next
_OTHER = 1.1  # inches that are not rows: titles, ticks, the axis label
# Any: matplotlib types each keyword of `plot`, not a mapping of them.
_BAR: Any = {"color": ATTACK, "linewidth": 4, "alpha": 0.45, "solid_capstyle": "butt"}


def checkup_panel(checkup: Checkup) -> Figure:
    """On one side what each attack leaves right, in percent; on the other every line's verdict.

    A bar is a 95 % Wilson interval, the dashed line the value of the claim. An attack on fewer
    images than the claim's has their number beside its name.

    Raises:
        ValueError: `checkup` is no Checkup, has no lines, lacks the claim, or holds a percentage
            outside 0 to 100 or a number of images below 1.
    """
    if not isinstance(checkup, Checkup):
        raise ValueError(f"checkup is a {type(checkup).__name__}; it may be a Checkup")
    if not checkup.lines:
        raise ValueError("checkup has no lines; it may have one or more")
    if "claim" not in checkup.left:
        raise ValueError(f"checkup.left has {list(checkup.left)}; it may hold the claim and more")
    for name, (percent, n) in checkup.left.items():
        check_percent(f"checkup.left[{name!r}]", percent)
        if n < 1:
            raise ValueError(f"checkup.left[{name!r}] stands on {n} images; it may be 1 or more")
    rows = max(len(checkup.left), len(checkup.lines))
    figure = new_figure(width=COLUMN, height=_ROW * rows + _OTHER)
    with book_style():
        attacks, verdicts = figure.subplots(1, 2, width_ratios=(5, 6))
        _attacks(attacks, checkup)
        _verdicts(verdicts, checkup)
    return figure


def _attacks(ax: Axes, checkup: Checkup) -> None:
    claimed, most = checkup.left["claim"]
    ax.axvline(claimed, color=BASELINE, linestyle="--", linewidth=1.6, zorder=1)
    for at, (percent, n) in enumerate(checkup.left.values()):
        found = wilson(round(percent * n / 100), n)
        ax.plot([found.low, found.high], [at, at], **_BAR)
        ax.plot(percent, at, "o", color=ATTACK, markersize=6.5, clip_on=False, zorder=3)
    names = [name if n == most else f"{name} (n = {n:,})" for name, (_, n) in checkup.left.items()]
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0, pad=8)  # room for a dot at 0
    ax.grid(axis="y", visible=False)
    ax.set(xlim=(0, 100), ylim=(len(names) - 0.4, -0.6), xticks=(0, 25, 50, 75, 100))
    ax.set_xlabel(f"still right (%), n = {most:,}")
    ax.set_title("attacks; dashed: the claim", fontsize=SMALL + 1)


def _verdicts(ax: Axes, checkup: Checkup) -> None:
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(len(checkup.lines) - 0.4, -0.6))
    for at, line in enumerate(checkup.lines):
        weight = "bold" if line.verdict == "fail" else "normal"
        ax.text(0.03, at, MARKS[line.verdict], ha="center", va="center", fontsize=SMALL + 1)
        ax.text(0.08, at, line.name, va="center", fontsize=SMALL, fontweight=weight)
    legend = ", ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items())
    ax.set_title(legend, fontsize=SMALL + 1)


def verdict_matrix(
    records: Iterable[Record],
    models: Mapping[str, Mapping[str, Any]],
    lines: Sequence[str] = LINES,
) -> Styler:
    """The lines of the check-up against models: what the records of an experiment say.

    Where the seeds of a model agree a cell has their verdict, else the worst with how many have it.
    A dot alone means not run, and what fails is bold.

    Args:
        records: of the experiment.
        models: by the name of a column the fields that its runs have.
        lines: names of lines, from top to bottom.

    Raises:
        ValueError: there are no models or no lines, two runs of one model have the same seed, or a
            verdict is not one of those of `VERDICTS`.
    """
    if not models or not lines:
        raise ValueError("models and lines are empty; there may be one or more of each")
    held = list(records)
    table: dict[str, list[str]] = {}
    for name, where in models.items():
        found = [seed_values(held, f"line_{slug(line)}", where) for line in lines]
        table[name] = [*map(_cell, lines, found), span({len(values) for values in found if values})]
    cells = pd.DataFrame(table, index=[*lines, "seeds"])
    bold = cells.map(lambda text: "font-weight: 700" if MARKS["fail"] in text else "")
    styled = cells.style.apply(lambda _: bold, axis=None)
    return styled.set_table_attributes('class="dataframe ledger"')


def _cell(line: str, values: Sequence[float]) -> str:
    """The verdicts of the seeds on one line, as text."""
    words = {value: verdict for verdict, value in VERDICTS.items()}
    for value in values:
        if value not in words:
            raise ValueError(f"{line!r} has the verdict {value:g}; it may be one of {list(words)}")
    if not values:
        return NOT_RUN
    verdicts = [words[value] for value in values]
    worst = min(verdicts, key=_WORST_FIRST.index)
    if worst == "not applicable":
        return worst  # without its dot, which is for what has not run
    count = verdicts.count(worst)
    many = "" if count == len(verdicts) else f"{count} of {len(verdicts)} "
    return f"{MARKS[worst]} {many}{worst}"
