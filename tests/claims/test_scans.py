"""What the paper on neural similarity says of figure 1, against its print and the experiment."""

import pytest

from helpers.claims import judge, papers_own, read_claims, selectors
from helpers.experiments import EXPERIMENTS
from helpers.experiments.neural_similarity.structure_run import OF_SCANS
from helpers.records import matches

STRUCTURE = EXPERIMENTS["neural_similarity/structure"]
CLAIMS = [claim for claim in read_claims() if claim.experiment == STRUCTURE.name]
BY_ID = {claim.id: claim for claim in CLAIMS}


def test_the_numbers_are_the_papers():
    printed = {"data": 0.39, "model": 0.73}  # typed from figure 1D
    numbers = [claim for claim in CLAIMS if claim.predicate is None]
    assert {claim.value for claim in numbers} == set(printed.values())
    assert all(claim.value == printed[claim.id.split("-")[2]] for claim in numbers)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_run_of_the_grid_answers_every_claim(claim):
    grid = STRUCTURE.grid("laptop")
    asked = [[config for config in grid if matches(config, each)] for each in selectors(claim)]
    assert all(asked)
    # The first mean that is looked at is the claim's own metric.
    assert all(claim.metric in STRUCTURE.metrics(config, "laptop") for config in asked[0])


@pytest.mark.parametrize(
    ("correlation", "verdict"),
    # Half of the variance: .7 squared is .49, .72 squared is .52.
    [(0.72, "consistent"), (0.7, "inconsistent"), (None, "not run")],
)
@pytest.mark.parametrize(
    ("kind", "recording"), [("recorded", "regions 1 and 2"), ("simulated", "simulated scans")]
)
def test_scans_are_alike_that_share_half_of_their_variance(
    record, kind, recording, correlation, verdict
):
    claim = BY_ID[f"ns-f1a-stable-{kind}"]
    assert claim.metric in OF_SCANS
    records = [
        record({"r_scans": value}, 1225, recording=name, experiment=STRUCTURE.name)
        for name, value in ((recording, correlation), ("another", 0.0))
        if value is not None
    ]
    assert judge(claim, records).verdict == verdict
    # The paper prints no number for it.
    assert papers_own(claim, CLAIMS) is None
