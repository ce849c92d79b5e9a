"""What the papers say, beside what came out."""

from helpers.claims.claim import PAPERS, STANDINGS, Claim
from helpers.claims.judge import VERDICTS, Judgement, Verdict, judge, selectors
from helpers.claims.ledger import estimated_cost, ledger_frame, ledger_json, records_for
from helpers.claims.own import papers_own
from helpers.claims.predicates import PREDICATES
from helpers.claims.read import read_claims

__all__ = [
    "PAPERS",
    "PREDICATES",
    "STANDINGS",
    "VERDICTS",
    "Claim",
    "Judgement",
    "Verdict",
    "estimated_cost",
    "judge",
    "ledger_frame",
    "ledger_json",
    "papers_own",
    "read_claims",
    "records_for",
    "selectors",
]
