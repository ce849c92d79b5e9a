"""What a paper says: one number, or one sentence with a criterion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Paper = Literal["cerebellum", "neural_similarity", "sleep"]
PAPERS: tuple[Paper, ...] = get_args(Paper)

#: How our runs stand to the paper's: the same data, scale and protocol; smaller; other data or
#: another network than the paper's.
Standing = Literal["exact", "scaled", "substitute"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)

#: Keeps a difference of exactly the tolerance inside it: 96.7 - 96.2 is a little above 0.5.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Claim:
    """One row of ``book/claims``.

    Attributes:
        id: names the claim; unique over all papers.
        paper: whose claim it is.
        place: where the paper says it.
        quantity: what the number is, or the sentence.
        value: the paper's number, percent for accuracies; None for a sentence.
        experiment: the experiment that answers it.
        config: the fields that select its records; for a sentence, what its predicate is given.
        metric: the metric that answers it.
        images: the number of images the paper's value stands on.
        seeds: the number of seeds the paper's value is a mean over.
        tolerance: how far our mean may lie from the value; None for a sentence.
        tolerance_why: the reason for that number.
        standing: how our runs stand to the paper's.
        predicate: the criterion of a sentence, a name in `helpers.claims.predicates`; None for a
            number.
    """

    id: str
    paper: Paper
    place: str
    quantity: str
    value: float | None
    experiment: str
    config: Mapping[str, Any]
    metric: str
    images: int
    seeds: int
    tolerance: float | None
    tolerance_why: str
    standing: Standing
    predicate: str | None

    def admits(self, mean: float) -> bool:
        """Whether `mean` lies within the tolerance.

        Raises:
            ValueError: the claim is a sentence.
        """
        if self.value is None or self.tolerance is None:
            raise ValueError(f"claim {self.id} is a sentence; it may be a number")
        return abs(mean - self.value) <= self.tolerance + ROUNDING
