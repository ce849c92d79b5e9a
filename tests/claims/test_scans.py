"""Figure 1A: the structure of similarities is stable over scans, by a criterion of ours."""

import pytest

from helpers.claims import judge, papers_own, read_claims
from helpers.experiments import EXPERIMENTS
from helpers.experiments.neural_similarity.structure_run import OF_SCANS

STRUCTURE = EXPERIMENTS["neural_similarity/structure"]
CLAIMS = [claim for claim in read_claims() if claim.experiment == STRUCTURE.name]
BY_ID = {claim.id: claim for claim in CLAIMS}


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
