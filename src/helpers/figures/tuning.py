"""The tries of the tuner: all of them as dots, and the best of each defence as a table."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from helpers.experiments.sleep.tuning_run import OBJECTIVE
from helpers.figures.curves import ACCURACY_LABEL
from helpers.figures.levels import look_of
from helpers.figures.record_table import NOT_RUN
from helpers.figures.style import BASELINE, SLEEP, book_style, new_figure
from helpers.records import Record, matches

#: The parts of the objective, as a table names them.
PARTS: Mapping[str, str] = {
    "mean": "objective",
    **dict(zip(("clean", "blur 2", "noise .5", "FGSM .1, margin"), OBJECTIVE, strict=True)),
}


def tries(records: Iterable[Record], defences: Sequence[str]) -> Figure:
    """A column of dots for each defence, the objective of each try on validation images.

    A defence without a try says so in its place.

    Raises:
        ValueError: there are no defences, or one is unknown.
    """
    _check(defences)
    held = _validation(records)
    found = {name: [r for r in held if r.config["defence"] == name] for name in defences}
    control = [r for r in held if r.config["defence"] == "control"]
    figure = new_figure(height=3.4)
    with book_style():
        ax = figure.subplots()
        for record in control[:1]:
            ax.axhline(record.metrics["objective"], color=BASELINE, linestyle="--", label="control")
        for place, (name, records_of_it) in enumerate(found.items()):
            color = SLEEP if name == "sleep" else BASELINE
            values = [record.metrics["objective"] for record in records_of_it]
            ax.plot([place] * len(values), values, "o", color=color, alpha=0.6, clip_on=False)
            if not values:
                ax.text(place, 50, "not run", ha="center", color=BASELINE)
            else:
                ax.plot(place, max(values), "_", color=color, markersize=26, mew=2.5)
        names = [look_of(name)[0].replace(" ", "\n", 1) for name in found]
        ax.set_xticks(range(len(names)), names)
        ax.set(ylim=(0, 100), ylabel=f"mean {ACCURACY_LABEL}", xlim=(-0.5, len(names) - 0.5))
        ax.grid(axis="x", visible=False)
        if control:
            ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0))
    return figure


def best_try(records: Iterable[Record], defence: str) -> Record | None:
    """The try of `defence` with the largest objective on validation images; None without one."""
    held = [r for r in _validation(records) if r.config["defence"] == defence]
    return max(held, key=lambda record: record.metrics["objective"], default=None)


def best_tries(records: Iterable[Record], defences: Sequence[str]) -> pd.DataFrame:
    """The objective of the best try of each defence and its parts, in percent, and its settings.

    Raises:
        ValueError: there are no defences, or one is unknown.
    """
    _check(defences)
    held = list(records)
    rows = {}
    for name in ("control", *defences):
        best = best_try(held, name)
        row = {
            column: NOT_RUN if best is None else f"{best.metrics[metric]:.1f}"
            for column, metric in PARTS.items()
        }
        count = sum(record.config["defence"] == name for record in _validation(held))
        rows[look_of(name)[0]] = row | {"tries": str(count), "settings": _settings(best)}
    return pd.DataFrame.from_dict(rows, orient="index")


def _check(defences: Sequence[str]) -> None:
    if not defences:
        raise ValueError("defences are empty; there may be one or more")
    for name in defences:
        look_of(name)


def _settings(record: Record | None) -> str:
    """What was drawn for a try."""
    if record is None:
        return NOT_RUN
    common = ("defence", "trial", "split", "seed", "dataset", "hidden", "images")
    drawn = {name: value for name, value in record.config.items() if name not in common}
    return ", ".join(f"{name} {value}" for name, value in drawn.items())


def _validation(records: Iterable[Record]) -> list[Record]:
    asked = {"split": "validation", "dataset": "mnist"}
    return [record for record in records if matches(record.config, asked)]
