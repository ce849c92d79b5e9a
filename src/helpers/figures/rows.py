"""From judged claims to the rows of a figure that sets the paper beside ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from helpers.claims import Claim, Judgement
from helpers.claims.means import mean_over_seeds
from helpers.figures.comparison import Comparison
from helpers.records import Record, matches


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
        ours = measured(claim, judgement.records, claim.metric)
        panels.setdefault(column, []).append(replace(ours, label=", ".join(row), paper=claim.value))
    if not panels:
        raise ValueError(f"no claim of {table!r} has {dict(where or {})}; see book/claims")
    return panels


def measured(claim: Claim, records: Sequence[Record], metric: str) -> Comparison:
    """Our mean of `metric` over the records that `claim` selects, with the range over seeds."""
    mean = mean_over_seeds(records, claim.experiment, claim.config, metric)
    label = claim.place.rpartition(", ")[0]
    if mean is None:
        return Comparison(label)
    values = [record.metrics[metric] for record in mean.records]
    low, high = (min(values), max(values)) if len(values) > 1 else (None, None)
    return Comparison(label, ours=mean.value, low=low, high=high)
