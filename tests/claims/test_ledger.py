import dataclasses

import pytest

from helpers.claims import (
    estimated_cost,
    judge,
    ledger_frame,
    ledger_json,
    papers_own,
    records_for,
)
from helpers.experiments import EXPERIMENTS, Experiment
from helpers.records import append


@pytest.fixture
def experiment(monkeypatch):
    def grid(profile):
        seeds = (0, 1) if profile == "paper" else (0,)
        return [{"k": k, "seed": seed} for k in (4, 5) for seed in seeds]

    made = Experiment(
        name="fake/lab",
        summary="",
        grid=grid,
        metrics=lambda config, profile: {"acc": 10000},
        run=lambda config, wanted, work: iter(()),
        minutes=lambda config: float(config["k"]),
        module="helpers.checks",
    )
    monkeypatch.setitem(EXPERIMENTS, "fake/lab", made)
    return made


def test_the_machine_form_is_exactly_as_agreed(claim, sentence, record):
    rises = dataclasses.replace(
        sentence("increases", where={}, over=[{"k": 4}, {"k": 5}], margin=2.0), id="c2"
    )
    records = [record({"acc": acc}, k=4, seed=seed) for seed, acc in ((0, 50.0), (1, 50.00003))]
    assert ledger_json([judge(each, records) for each in (claim(), rises)]) == {
        "counts": {
            "reproduced": 1,
            "differs": 0,
            "consistent": 0,
            "inconsistent": 0,
            "contradicted": 0,
            "not run": 1,
        },
        "claims": [
            {
                "id": "c1",
                "paper": "cerebellum",
                "place": "Table 1, row, column",
                "paper_value": 50.0,
                "ours": 50.0,
                "sd": 0.0,
                "n_seeds": 2,
                "verdict": "reproduced",
            },
            {
                "id": "c2",
                "paper": "cerebellum",
                "place": "Table 1, row, column",
                "paper_value": None,
                "ours": None,
                "sd": None,
                "n_seeds": 2,
                "verdict": "not run",
            },
        ],
    }


def test_the_frame_has_a_row_per_claim_in_order(claim, record, experiment):
    claims = [claim(), claim(id="c2", config={"k": 5})]
    frame = ledger_frame(claims, [record({"acc": 51.0}, seed=seed, k=4) for seed in (0, 1)])
    assert list(frame["id"]) == ["c1", "c2"]
    assert list(frame["verdict"]) == ["reproduced", "not run"]
    assert frame.loc[0, "ours"] == 51.0
    assert frame.loc[0, ["seeds", "images"]].tolist() == [2, 10000]
    assert frame["minutes"].isna().tolist() == [True, False]
    assert frame.loc[1, "minutes"] == 10.0
    assert frame.loc[0, "older_code"]


def test_the_frame_says_whether_the_papers_own_numbers_meet_a_sentence(claim, sentence):
    over = [{"k": 4}, {"k": 5}]
    numbers = [claim(), claim(id="c2", config={"k": 5}, value=60.0)]
    rises = sentence("increases", where={}, over=over, margin=2.0)
    falls = sentence("increases", where={}, over=over[::-1], margin=2.0)
    further = sentence("increases", where={}, over=[*over, {"k": 6}], margin=2.0)
    other = sentence("increases", where={}, over=over, margin=2.0, metric="other")
    spread = sentence("spread_below", where={}, over=over, metrics=["acc"], limit=1.0)
    frame = ledger_frame([*numbers, rises, falls, further, other, spread], [])
    assert list(frame["papers_own"]) == ["", "", "holds", "fails", "", "", ""]
    assert list(ledger_frame([rises], [])["papers_own"]) == [""]


def test_the_number_of_another_paper_or_experiment_is_not_the_papers_own(claim, sentence):
    below = sentence("stays_below", where={}, over=[{"k": 4}], limit=60.0)
    assert papers_own(below, [claim()]) is True
    assert papers_own(below, [claim(paper="sleep"), claim(experiment="fake/other")]) is None


def test_a_number_has_no_own_verdict(claim):
    assert papers_own(claim(), [claim()]) is None


def test_the_frame_of_no_claims_has_its_columns():
    assert {"id", "verdict", "minutes"} <= set(ledger_frame([], []).columns)


def test_the_cost_is_that_of_all_seeds_at_the_scale_of_the_paper(claim, sentence, experiment):
    assert estimated_cost(claim()) == 8.0
    rises = sentence("increases", where={}, over=[{"k": 4}, {"k": 5}], margin=2.0)
    assert estimated_cost(rises) == 18.0


def test_runs_that_are_there_cost_nothing(claim, sentence, experiment, record):
    rises = sentence("increases", where={}, over=[{"k": 4}, {"k": 5}], margin=2.0)
    there = record({"acc": 50.0}, k=4, seed=1)
    assert estimated_cost(rises, [there]) == 14.0
    assert estimated_cost(rises, [record({"other": 50.0}, k=4, seed=1)]) == 18.0
    assert estimated_cost(rises, [record({"acc": 50.0}, k=4, seed=1, experiment="fake/x")]) == 18.0
    assert list(ledger_frame([rises], [there])["minutes"]) == [14.0]


def test_what_no_experiment_runs_has_no_cost(claim, experiment):
    assert estimated_cost(claim(config={"k": 6})) is None
    assert estimated_cost(claim(experiment="fake/nothing")) is None


def test_the_cost_leaves_ablations_out(claim, experiment, monkeypatch):
    both = [{"k": 4, "bias": bias, "seed": 0} for bias in (False, True)]
    ablated = dataclasses.replace(experiment, grid=lambda profile: both, defaults={"bias": False})
    monkeypatch.setitem(EXPERIMENTS, "fake/lab", ablated)
    assert estimated_cost(claim()) == 4.0


def test_the_records_of_every_experiment_that_answers(claim, record, tmp_path):
    for name in ("fake/lab", "fake/other", "fake/unasked"):
        made = record({"acc": 1.0}, experiment=name, k=4)
        append(tmp_path / f"{name}.jsonl", made, tmp_path / "cache")
    claims = [claim(), claim(), claim(experiment="fake/other"), claim(experiment="fake/nothing")]
    assert [each.experiment for each in records_for(claims, tmp_path)] == ["fake/lab", "fake/other"]
