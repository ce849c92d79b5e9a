"""From judged claims to the rows of a figure that sets the paper beside ours."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.claims import Judgement
from helpers.figures.comparison import Comparison
from helpers.records import matches


def paper_rows(
    judgements: Iterable[Judgement], table: str, where: Mapping[str, Any] | None = None
) -> dict[str, list[Comparison]]:
    """What :func:`helpers.figures.against_paper` draws: a panel for each column of a table.

    A claim's place reads "table, row, column"; the spread is the range over seeds.

    Args:
        table: the first part of the places, such as ``"Table 6"``.
        where: fields that a claim's configuration has; all rows of the table when not given.

    Raises:
        ValueError: no numeric claim matches.
    """
    panels: dict[str, list[Comparison]] = {}
    for judgement in judgements:
        claim = judgement.claim
        first, *row, column = claim.place.split(", ")
        if first != table or claim.value is None or not matches(claim.config, where or {}):
            continue
        found = [record.metrics[claim.metric] for record in judgement.records]
        low, high = (min(found), max(found)) if len(found) > 1 else (None, None)
        panels.setdefault(column, []).append(
            Comparison(
                ", ".join(row),
                paper=claim.value,
                ours=judgement.ours,
                low=low,
                high=high,
            )
        )
    if not panels:
        raise ValueError(f"no claim of {table!r} has {dict(where or {})}; see book/claims")
    return panels
