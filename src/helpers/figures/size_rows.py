"""From claims and records to the curves of accuracy against a model's size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.claims import Claim
from helpers.figures.comparison import Comparison
from helpers.figures.rows import measured
from helpers.figures.size_panels import SizeCurve
from helpers.figures.style import ATTACK, CEREBELLUM
from helpers.records import Record

#: The markers of the first model and of the second.
_MARKERS = "os"
#: The paper's attack, and the same steps on the margin, of which the paper has no numbers.
SQUARED, MARGIN = "_mse_", "_margin_"


def size_rows(
    claims: Iterable[Claim],
    records: Sequence[Record],
    *,
    table: str,
    rows: Sequence[str],
    size: str,
) -> dict[str, list[SizeCurve]]:
    """What :func:`helpers.figures.size_panels` draws: a panel for each column of a table.

    Where a column is PGD on the squared error and records have PGD on the margin, that is a curve
    of its own, in the colour of attacks.

    Args:
        claims: their places read "table, row, sizes, column".
        table: such as ``"Table 6"``.
        rows: the models, such as ``("FC", "FC + LTD")``; at most two.
        size: the field of the configuration that is the size, ``"m"`` or ``"k"``.

    Raises:
        ValueError: `rows` are none or more than two, or a model has no number.
    """
    if not 1 <= len(rows) <= len(_MARKERS):
        raise ValueError(f"rows are {list(rows)}; they may be one or two models")
    found: dict[str, dict[str, dict[int, tuple[Comparison, Comparison | None]]]] = {}
    for claim in claims:
        first, *parts = claim.place.split(", ")
        if claim.value is None or first != table or parts[0] not in rows:
            continue
        model, column = parts[0], parts[-1]
        ours = measured(claim, records, claim.metric)
        other = None
        if claim.metric.startswith("pgd") and SQUARED in claim.metric:
            other = measured(claim, records, claim.metric.replace(SQUARED, MARGIN))
        places = found.setdefault(panel_title(column), {}).setdefault(model, {})
        places[claim.config[size]] = replace(ours, paper=claim.value), other
    lacking = [row for row in rows if not any(row in models for models in found.values())]
    if lacking:
        raise ValueError(f"no number of {table!r} is for {lacking}; see book/claims")
    return {
        title: [
            curve
            for row, marker in zip(rows, _MARKERS, strict=False)
            for curve in _curves(row, marker, models.get(row, {}))
        ]
        for title, models in found.items()
    }


def baseline_rows(
    claims: Iterable[Claim], records: Sequence[Record], *, table: str, row: str = "Baseline CNN"
) -> dict[str, Comparison]:
    """The baseline's row of `table`, by panel.

    Raises:
        ValueError: the table has no such row.
    """
    rows = {
        panel_title(claim.place.split(", ")[-1]): replace(
            measured(claim, records, claim.metric), paper=claim.value
        )
        for claim in claims
        if claim.place.startswith(f"{table}, {row}, ")
    }
    if not rows:
        raise ValueError(f"no number of {table!r} is for {row!r}; see book/claims")
    return rows


def loss_table(panels: Mapping[str, Sequence[SizeCurve]]) -> pd.DataFrame:
    """What PGD leaves right when it climbs the squared error, and when it climbs the margin.

    A row for each model and radius: how many sizes have run, between which accuracies they lie
    under each loss, and at how many the margin is the stronger attack.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for title, curves in panels.items():
        by_label = {curve.label: curve for curve in curves}
        for label, curve in by_label.items():
            twin = by_label.get(margin_label(label))
            if not title.startswith("PGD") or label in map(margin_label, by_label):
                continue
            pairs = [
                (one.ours, other.ours)
                for one, other in zip(curve.rows, twin.rows if twin else (), strict=False)
                if one.ours is not None and other.ours is not None
            ]
            rows[label, title] = {
                "run": f"{len(pairs)} of {len(curve.rows)}",
                "squared error, right (%)": _range([one for one, _ in pairs]),
                "margin, right (%)": _range([other for _, other in pairs]),
                "margin stronger": f"{sum(b < a for a, b in pairs)} of {len(pairs)}",
            }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame.index = [f"{label}, {title}" for label, title in rows]
    return frame


def loss_rows(claims: Iterable[Claim], records: Sequence[Record], *, table: str) -> pd.DataFrame:
    """Each model of a table: PGD on the squared error, and on the margin.

    Percent right, the mean over seeds; a dot where nothing has run.

    Raises:
        ValueError: `table` has no number under PGD on the squared error.
    """
    rows: dict[str, dict[str, str]] = {}
    for claim in claims:
        first, *parts = claim.place.split(", ")
        if claim.value is None or first != table or not claim.metric.startswith(f"pgd{SQUARED}"):
            continue
        row = rows.setdefault(", ".join(parts[:-1]), {})
        for name, loss in (("squared error", SQUARED), ("margin", MARGIN)):
            ours = measured(claim, records, claim.metric.replace(SQUARED, loss)).ours
            row[f"{panel_title(parts[-1])}, {name}"] = "·" if ours is None else f"{ours:.1f}"
    if not rows:
        raise ValueError(f"no number of {table!r} is under PGD on the squared error")
    return pd.DataFrame.from_dict(rows, orient="index")


def panel_title(column: str) -> str:
    """The column of a place, such as ``PGD eps = 0.1``, with the Greek letter."""
    return column.replace(" eps", ", ε")


def margin_label(row: str) -> str:
    """The name of a model's curve under the attack that the paper does not have."""
    return f"{row}, margin"


def _curves(
    row: str, marker: str, places: Mapping[int, tuple[Comparison, Comparison | None]]
) -> list[SizeCurve]:
    sizes = sorted(places)
    if not sizes:
        return []
    curves = [SizeCurve(row, sizes, [places[size][0] for size in sizes], CEREBELLUM, marker)]
    others = [places[size][1] for size in sizes]
    shown = [other for other in others if other is not None]
    if len(shown) == len(sizes) and any(other.ours is not None for other in shown):
        curves.append(SizeCurve(margin_label(row), sizes, shown, ATTACK, marker))
    return curves


def _range(values: Sequence[float]) -> str:
    if not values:
        return ""
    low, high = f"{min(values):.1f}", f"{max(values):.1f}"
    return low if low == high else f"{low} to {high}"
