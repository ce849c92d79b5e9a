"""What changes when differences are undone one after another, and each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean

from matplotlib.figure import Figure

from helpers.figures.curves import ACCURACY_LABEL, check_label, check_percent
from helpers.figures.style import BASELINE, COLUMN, SLEEP, book_style, new_figure

_ROW = 0.36  # inches from one row to the next
_OTHER = 1.2  # inches that are not rows: legend, ticks, the axis label


@dataclass(frozen=True)
class Step:
    """One difference.

    Attributes:
        label: its name.
        values: percent, by seed, with this and all earlier differences undone; empty when not run.
        alone: percent, by seed, with only this one undone.
        before: percent, by seed, of the network before it sleeps.
    """

    label: str
    values: Sequence[float] = field(default=())
    alone: Sequence[float] = field(default=())
    before: Sequence[float] = field(default=())

    def __post_init__(self) -> None:
        check_label(self.label)
        for name in ("values", "alone", "before"):
            for value in getattr(self, name):
                check_percent(name, value)


def waterfall(steps: Sequence[Step], *, xlabel: str = ACCURACY_LABEL) -> Figure:
    """Rows from top to bottom; the mean over seeds is a mark, the range of the seeds a bar.

    Args:
        steps: the first one is the start, with nothing undone.
        xlabel: the quantity and its unit.

    Raises:
        ValueError: there are no steps, or none of them has a value.
    """
    if not any(step.values for step in steps):
        raise ValueError("steps hold no value; one or more may")
    figure = new_figure(width=COLUMN, height=_ROW * len(steps) + _OTHER)
    with book_style():
        ax = figure.subplots()
        path = [(mean(s.values), at) for at, s in enumerate(steps) if s.values]
        for (x0, y0), (x1, y1) in pairwise(path):
            ax.plot([x0, x0, x1], [y0, y1, y1], color=SLEEP, linewidth=1.2, alpha=0.6)
        for at, step in enumerate(steps):
            if step.before:
                ax.plot(mean(step.before), at, "|", color=BASELINE, markersize=13, mew=2.5)
            if step.alone:
                ax.plot(mean(step.alone), at, "D", color=SLEEP, mfc="none", mew=1.6, markersize=8)
            if step.values:
                low, high = min(step.values), max(step.values)
                ax.plot([low, high], [at, at], color=SLEEP, linewidth=5, alpha=0.45)
                ax.plot(mean(step.values), at, "o", color=SLEEP, zorder=4)
        ax.set_yticks(range(len(steps)), [step.label for step in steps])
        ax.set(xlim=(-2, 102), ylim=(len(steps) - 0.5, -0.5), xlabel=xlabel)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", visible=False)
        handles = [
            ax.plot([], [], "o-", color=SLEEP, label="after sleep, with all above undone")[0],
            ax.plot([], [], "D", color=SLEEP, mfc="none", mew=1.6, label="this one alone")[0],
            ax.plot([], [], "|", color=BASELINE, markersize=13, mew=2.5, label="before sleep")[0],
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=3, handlelength=1.8)
    return figure
