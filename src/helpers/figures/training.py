"""Accuracy while a model learns."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.figures.style import CEREBELLUM, COLUMN, book_style, new_figure

_MARKERS = "os^D"


class Epoch(Protocol):
    """What one epoch of any training says of itself; accuracies in percent."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def train_acc(self) -> float: ...  # noqa: D102
    @property
    def test_acc(self) -> float: ...  # noqa: D102


def training_curves(histories: Mapping[str, Sequence[Epoch]], *, color: str = CEREBELLUM) -> Figure:
    """Test accuracy (solid) and training accuracy (dashed) after each epoch, a mark per model.

    Args:
        histories: up to four models by name, each with its epochs.
        color: what the curves stand for, from :data:`helpers.figures.PALETTE`.

    Raises:
        ValueError: there is no model, there are more than four, or one has no epoch.
    """
    if not 1 <= len(histories) <= len(_MARKERS):
        raise ValueError(f"histories holds {len(histories)} models; it may hold 1 to 4")
    for name, history in histories.items():
        if not history:
            raise ValueError(f"history of {name!r} is empty; it may hold one epoch or more")
    figure = new_figure(height=0.5 * COLUMN)
    with book_style():
        ax = figure.subplots()
        for marker, (name, history) in zip(_MARKERS, histories.items(), strict=False):
            numbers = [epoch.number for epoch in history]
            tests = [epoch.test_acc for epoch in history]
            trainings = [epoch.train_acc for epoch in history]
            ax.plot(numbers, tests, f"-{marker}", color=color, label=f"{name}, test")
            ax.plot(
                numbers,
                trainings,
                f"--{marker}",
                color=color,
                alpha=0.55,
                label=f"{name}, training",
            )
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set(xlabel="epoch", ylabel="accuracy (%)")
        ax.legend(loc="lower right", ncols=len(histories))
    return figure
