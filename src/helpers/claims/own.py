"""Whether a paper's own numbers meet the criteria of its sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.claims.claim import Claim
from helpers.claims.means import Mean
from helpers.claims.predicates import PREDICATES
from helpers.experiments import EXPERIMENTS
from helpers.records import matches


def papers_own(claim: Claim, claims: Iterable[Claim]) -> bool | None:
    """Whether the sentence `claim` holds on the numbers that its paper prints.

    Args:
        claim: the sentence.
        claims: holds the numbers. Where one is there several times the first counts.

    Returns:
        None for a number, and where the paper does not print what decides the sentence.
    """
    if claim.predicate is None:
        return None
    defaults = EXPERIMENTS[claim.experiment].defaults if claim.experiment in EXPERIMENTS else {}
    numbers = [
        other
        for other in claims
        if other.value is not None
        and other.paper == claim.paper
        and other.experiment == claim.experiment
    ]

    def look(where: Mapping[str, Any], metric: str) -> Mean | None:
        wanted = {**defaults, **where}
        for number in numbers:
            if number.metric == metric and matches({**defaults, **number.config}, wanted):
                assert number.value is not None
                return Mean(number.value, None, number.seeds, number.images, metric, ())
        return None

    return PREDICATES[claim.predicate](look, claim.metric, **claim.config).holds
