"""Read ``book/claims/*.csv``, and say exactly which cell is wrong."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from helpers.claims.claim import PAPERS, STANDINGS, Claim, Paper, Standing
from helpers.claims.judge import selectors
from helpers.claims.predicates import PREDICATES
from helpers.paths import CLAIMS

#: The columns of a table, in their order.
COLUMNS = (
    "id",
    "paper",
    "place",
    "quantity",
    "value",
    "experiment",
    "config",
    "metric",
    "images",
    "seeds",
    "tolerance",
    "tolerance_why",
    "standing",
    "predicate",
)


def read_claims(folder: Path = CLAIMS) -> list[Claim]:
    """Every claim of the tables in `folder`, in the order of files and rows.

    Raises:
        ValueError: a cell is not what it may be, an id is there twice, or there is no table; the
            message names file, row and column.
    """
    paths = sorted(folder.glob("*.csv"))
    if not paths:
        raise ValueError(f"folder is {str(folder)!r}; it may be a folder that holds .csv tables")
    claims: list[Claim] = []
    places: dict[str, str] = {}
    for path in paths:
        for place, row in _rows(path):
            claim = _claim(place, row)
            if claim.id in places:
                raise ValueError(
                    f"{place}, column id: it is {claim.id!r}, as in {places[claim.id]}; "
                    "it may be there once"
                )
            places[claim.id] = place
            claims.append(claim)
    return claims


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table, each with its place in words."""
    with path.open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file, strict=True)
        try:
            if tuple(table.fieldnames or ()) != COLUMNS:
                raise ValueError(
                    f"{path}, row 1: columns are {table.fieldnames}; they may be "
                    f"{', '.join(COLUMNS)}"
                )
            for row in table:
                yield f"{path}, row {table.line_num}", row
        except csv.Error as error:
            raise ValueError(f"{path}, behind row {table.line_num}: {error}") from error


def _claim(place: str, row: Mapping[str, str]) -> Claim:
    wrong = partial(_wrong, place)
    if None in row or None in row.values():
        raise ValueError(f"{place} has more or fewer than {len(COLUMNS)} cells")
    for column in ("id", "place", "quantity", "experiment", "metric"):
        if not row[column].strip():
            raise wrong(column, row[column], "text")
    for column, choices in (("paper", PAPERS), ("standing", STANDINGS)):
        if row[column] not in choices:
            raise wrong(column, row[column], f"one of {', '.join(choices)}")
    predicate = row["predicate"] or None
    if predicate is not None and predicate not in PREDICATES:
        raise wrong("predicate", predicate, f"empty or one of {', '.join(PREDICATES)}")
    for column in ("value", "tolerance"):
        if predicate is not None and row[column]:
            raise wrong(column, row[column], "empty where a predicate is named")
    if predicate is None and not row["tolerance_why"].strip():
        raise wrong("tolerance_why", row["tolerance_why"], "the reason for the tolerance")
    for column in ("images", "seeds"):
        if not (row[column].isdecimal() and int(row[column]) > 0):
            raise wrong(column, row[column], "a whole number above 0")
    value = tolerance = None
    if predicate is None:
        value = _number(row["value"])
        if value is None:
            raise wrong("value", row["value"], "a finite number, or empty with a predicate")
        tolerance = _number(row["tolerance"])
        if tolerance is None or tolerance <= 0:
            raise wrong("tolerance", row["tolerance"], "a finite number above 0")
    claim = Claim(
        id=row["id"],
        paper=cast(Paper, row["paper"]),
        place=row["place"],
        quantity=row["quantity"],
        value=value,
        experiment=row["experiment"],
        config=_config(place, row["config"]),
        metric=row["metric"],
        images=int(row["images"]),
        seeds=int(row["seeds"]),
        tolerance=tolerance,
        tolerance_why=row["tolerance_why"],
        standing=cast(Standing, row["standing"]),
        predicate=predicate,
    )
    for name in ("limit", "margin") if predicate is not None else ():
        bound = claim.config.get(name, 0)
        number = isinstance(bound, int | float) and not isinstance(bound, bool)
        if not number or not math.isfinite(bound):
            raise wrong("config", row["config"], f"what {predicate} takes: {name} is {bound!r}")
    metrics = claim.config.get("metrics", [claim.metric]) if predicate is not None else []
    if not isinstance(metrics, list) or not all(isinstance(each, str) for each in metrics):
        raise wrong("config", row["config"], f"what {predicate} takes: metrics is {metrics!r}")
    if metrics and claim.metric not in metrics:
        listed = ", ".join(metrics)
        raise wrong("metric", row["metric"], f"one of the metrics that its config lists: {listed}")
    try:
        selectors(claim)
    except (TypeError, AttributeError, ValueError) as error:
        raise wrong("config", row["config"], f"what {predicate} takes: {error}") from error
    return claim


def _config(place: str, text: str) -> dict[str, Any]:
    try:
        config = json.loads(text)
    except ValueError as error:
        raise _wrong(place, "config", text, f"JSON ({error})") from error
    if not isinstance(config, dict):
        raise _wrong(place, "config", text, "a JSON object")
    return config


def _number(text: str) -> float | None:
    """The finite number that `text` is, None where it is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _wrong(place: str, column: str, value: str, may_be: str) -> ValueError:
    return ValueError(f"{place}, column {column}: it is {value!r}; it may be {may_be}")
