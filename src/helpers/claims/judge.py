"""Our records against what the papers say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from helpers.claims.claim import Claim
from helpers.claims.means import Mean, mean_over_seeds
from helpers.claims.predicates import PREDICATES
from helpers.records import Record, older_code

Verdict = Literal["reproduced", "differs", "consistent", "inconsistent", "contradicted", "not run"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Judgement:
    """A claim beside what we found.

    Attributes:
        claim: the claim.
        verdict: how it stands.
        ours: our mean over seeds; None for a sentence and where nothing has run.
        sd: its sample standard deviation over seeds; None for one seed.
        seeds: the number of seeds behind it, of a sentence the smallest.
        images: the number of images behind it, the smallest.
        sentence: what the predicate saw; empty for a number.
        older_code: whether other helper code than today's made any of it.
        records: the records behind it.
    """

    claim: Claim
    verdict: Verdict
    ours: float | None
    sd: float | None
    seeds: int
    images: int
    sentence: str
    older_code: bool
    records: tuple[Record, ...]


def judge(claim: Claim, records: Iterable[Record]) -> Judgement:
    """Set `claim` beside those of `records` that answer it.

    A number is *reproduced* when our mean over seeds lies within the tolerance and *differs* when
    it does not, provided our runs are exact and stand on as many images and seeds as the paper's;
    otherwise it is *consistent* or *inconsistent*. A sentence is judged by its criterion in the
    same way, but where it would differ it is *contradicted*.

    Raises:
        ValueError: the claim selects records that differ in more than their seed.
    """
    held = list(records)
    used: list[Mean] = []

    def look(where: Mapping[str, Any], metric: str) -> Mean | None:
        try:
            mean = mean_over_seeds(held, claim.experiment, where, metric)
        except ValueError as error:
            raise ValueError(f"claim {claim.id}: {error}") from error
        if mean is not None:
            used.append(mean)
        return mean

    mean, sentence, holds = None, "", None
    if claim.predicate is not None:
        holds, sentence = PREDICATES[claim.predicate](look, claim.metric, **claim.config)
    else:
        mean = look(claim.config, claim.metric)
        if mean is not None:
            holds = claim.admits(mean.value)
    images = min((each.images for each in used), default=0)
    seeds = min((each.seeds for each in used), default=0)
    return Judgement(
        claim=claim,
        verdict=_verdict(claim, holds, images, seeds),
        ours=None if mean is None else mean.value,
        sd=None if mean is None else mean.sd,
        seeds=seeds,
        images=images,
        sentence=sentence,
        older_code=any(older_code(record, each.metric) for each in used for record in each.records),
        records=tuple({id(record): record for each in used for record in each.records}.values()),
    )


def selectors(claim: Claim) -> list[Mapping[str, Any]]:
    """The selector of every mean that `claim` looks at."""
    if claim.predicate is None:
        return [claim.config]
    asked: list[Mapping[str, Any]] = []

    def look(where: Mapping[str, Any], metric: str) -> None:
        asked.append(where)

    PREDICATES[claim.predicate](look, claim.metric, **claim.config)
    return asked


def _verdict(claim: Claim, holds: bool | None, images: int, seeds: int) -> Verdict:
    if holds is None:
        return "not run"
    if claim.standing != "exact" or images < claim.images or seeds < claim.seeds:
        return "consistent" if holds else "inconsistent"
    if holds:
        return "reproduced"
    return "differs" if claim.predicate is None else "contradicted"
