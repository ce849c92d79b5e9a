"""The ledger: every claim beside what we found, for pages, screens and machines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.claims.claim import Claim
from helpers.claims.judge import VERDICTS, Judgement, judge, selectors
from helpers.claims.own import papers_own
from helpers.experiments import EXPERIMENTS
from helpers.paths import RESULTS
from helpers.records import Record, key, matches, records_of


def records_for(claims: Iterable[Claim], folder: Path = RESULTS) -> list[Record]:
    """The records of every experiment that answers one of `claims`."""
    names = dict.fromkeys(claim.experiment for claim in claims)
    return [record for name in names for record in records_of(name, folder=folder)]


def ledger_frame(claims: Iterable[Claim], records: Sequence[Record]) -> pd.DataFrame:
    """A row per claim, in their order.

    The columns: id, paper, place, quantity, paper_value, ours, sd, seeds, images, verdict,
    sentence, standing, tolerance, tolerance_why, older_code, minutes, papers_own. Values are
    percent for accuracies; ``minutes`` is what the runs that a claim still waits for would take on
    two cores; ``papers_own`` says whether a sentence "holds" or "fails" on the paper's own
    numbers, as far as they are among `claims`, and is empty where they do not decide it.
    """
    listed = list(claims)
    rows = [
        _row(judge(claim, records), records) | {"papers_own": OWN[papers_own(claim, listed)]}
        for claim in listed
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def ledger_json(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """What ``brains claims --json`` prints: the count of each verdict, and the claims."""
    listed = list(judgements)
    counted = Counter(judgement.verdict for judgement in listed)
    return {
        "counts": {verdict: counted[verdict] for verdict in VERDICTS},
        "claims": [
            {
                "id": judgement.claim.id,
                "paper": judgement.claim.paper,
                "place": judgement.claim.place,
                "paper_value": judgement.claim.value,
                "ours": _rounded(judgement.ours),
                "sd": _rounded(judgement.sd),
                "n_seeds": judgement.seeds,
                "verdict": judgement.verdict,
            }
            for judgement in listed
        ],
    }


def estimated_cost(claim: Claim, records: Iterable[Record] = ()) -> float | None:
    """The minutes on two cores of the runs that `claim` still waits for, at the paper's scale.

    Those whose metric is among `records` are done. None where the experiment does not exist yet or
    does not run these configurations.
    """
    experiment = EXPERIMENTS.get(claim.experiment)
    if experiment is None:
        return None
    wheres = [{**experiment.defaults, **where} for where in selectors(claim)]
    runs = [
        config
        for config in experiment.grid("paper")
        if any(matches({**experiment.defaults, **config}, where) for where in wheres)
    ]
    if not runs:
        return None
    done = {
        key(record.experiment, record.config, experiment.defaults)
        for record in records
        if record.experiment == claim.experiment and claim.metric in record.metrics
    }
    return sum(
        experiment.minutes(config)
        for config in runs
        if key(experiment.name, config, experiment.defaults) not in done
    )


COLUMNS = (
    "id",
    "paper",
    "place",
    "quantity",
    "paper_value",
    "ours",
    "sd",
    "seeds",
    "images",
    "verdict",
    "sentence",
    "standing",
    "tolerance",
    "tolerance_why",
    "older_code",
    "minutes",
    "papers_own",
)

OWN = {True: "holds", False: "fails", None: ""}


def _row(judgement: Judgement, records: Sequence[Record]) -> dict[str, Any]:
    claim = judgement.claim
    waits = judgement.verdict == "not run"
    return {
        "id": claim.id,
        "paper": claim.paper,
        "place": claim.place,
        "quantity": claim.quantity,
        "paper_value": claim.value,
        "ours": judgement.ours,
        "sd": judgement.sd,
        "seeds": judgement.seeds,
        "images": judgement.images,
        "verdict": judgement.verdict,
        "sentence": judgement.sentence,
        "standing": claim.standing,
        "tolerance": claim.tolerance,
        "tolerance_why": claim.tolerance_why,
        "older_code": judgement.older_code,
        "minutes": estimated_cost(claim, records) if waits else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
