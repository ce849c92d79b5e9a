import dataclasses

import pytest

from helpers.claims import VERDICTS, judge, selectors
from helpers.experiments import EXPERIMENTS, Experiment


@pytest.mark.parametrize(
    ("standing", "ours", "n", "verdict"),
    [
        ("exact", 50.0, 10000, "reproduced"),
        ("exact", 52.0, 10000, "reproduced"),
        ("exact", 48.0, 10000, "reproduced"),
        ("exact", 52.1, 10000, "differs"),
        ("exact", 47.9, 10000, "differs"),
        ("exact", 50.0, 9999, "consistent"),  # fewer images than the paper's
        ("exact", 60.0, 9999, "inconsistent"),
        ("scaled", 50.0, 10000, "consistent"),
        ("scaled", 60.0, 10000, "inconsistent"),
        ("substitute", 50.0, 10000, "consistent"),
        ("substitute", 60.0, 10000, "inconsistent"),
    ],
)
def test_the_verdict_on_a_number(claim, record, standing, ours, n, verdict):
    records = [record({"acc": ours}, n, seed=seed, k=4) for seed in (0, 123)]
    found = judge(claim(standing=standing), records)
    assert found.verdict == verdict
    assert (found.ours, found.images) == (ours, n)


def test_the_seed_on_the_fewest_images_decides(claim, record):
    few, many = record({"acc": 50.0}, 2000, seed=0, k=4), record({"acc": 50.0}, seed=123, k=4)
    for records in ([few, many], [many, few]):
        found = judge(claim(standing="exact"), records)
        assert (found.verdict, found.images) == ("consistent", 2000)


@pytest.mark.parametrize(("ours", "verdict"), [(50.0, "consistent"), (60.0, "inconsistent")])
def test_fewer_seeds_than_the_papers_decide_nothing(claim, record, ours, verdict):
    one = [record({"acc": ours}, k=4)]
    assert judge(claim(), one).verdict == verdict
    decided = {"consistent": "reproduced", "inconsistent": "differs"}[verdict]
    assert judge(claim(seeds=1), one).verdict == decided


def test_a_difference_of_exactly_the_tolerance_is_inside(claim, record):
    # In floating point 96.7 - 96.2 is a little above 0.5.
    found = judge(claim(value=96.2, tolerance=0.5, seeds=1), [record({"acc": 96.7}, k=4)])
    assert found.verdict == "reproduced"


def test_the_mean_over_seeds_answers(claim, record):
    records = [record({"acc": acc}, seed=seed, k=4) for seed, acc in [(0, 47.0), (123, 53.0)]]
    found = judge(claim(), records)
    assert (found.verdict, found.ours, found.seeds) == ("reproduced", 50.0, 2)
    assert found.sd == pytest.approx(18**0.5)  # the sample's: divided by n - 1
    assert found.records == tuple(records)


def test_one_seed_has_no_spread(claim, record):
    assert judge(claim(), [record({"acc": 50.0}, k=4)]).sd is None


@pytest.mark.parametrize("standing", ["exact", "scaled", "substitute"])
def test_without_records_it_is_not_run(claim, record, standing):
    others = [
        record({"other": 50.0}, k=4),
        record({"acc": 50.0}, k=5),
        record({"acc": 50.0}, k=4, experiment="fake/other"),
    ]
    found = judge(claim(standing=standing), others)
    assert (found.verdict, found.ours, found.seeds, found.images) == ("not run", None, 0, 0)
    assert not found.older_code


def test_runs_that_differ_in_more_than_the_seed_are_not_averaged(claim, record):
    records = [record({"acc": 50.0}, k=4, m=m) for m in (1, 2)]
    with pytest.raises(ValueError, match=r"claim c1: .* differ in m \(1 and 2\)"):
        judge(claim(), records)
    with pytest.raises(ValueError, match=r"differ in m \(1 and nothing\)"):
        judge(claim(), [records[0], record({"acc": 50.0}, k=4)])


def test_a_whole_number_is_the_same_with_a_point(claim, record):
    records = [record({"acc": 50.0}, k=4, seed=0), record({"acc": 52.0}, k=4.0, seed=1)]
    assert judge(claim(), records).ours == 51.0


def known(monkeypatch, **fields):
    """Make ``fake/lab`` an experiment that exists."""
    experiment = Experiment(
        name="fake/lab",
        summary="",
        grid=lambda profile: [],
        metrics=lambda config, profile: {},
        run=lambda config, wanted, work: iter(()),
        minutes=lambda config: 1.0,
        module="helpers.checks",
    )
    monkeypatch.setitem(EXPERIMENTS, "fake/lab", dataclasses.replace(experiment, **fields))


def test_an_ablation_does_not_answer_a_claim_about_the_plain_model(claim, record, monkeypatch):
    known(monkeypatch, defaults={"bias": False})
    plain, biased = record({"acc": 50.0}, k=4), record({"acc": 90.0}, k=4, bias=True)
    assert judge(claim(), [plain, biased]).ours == 50.0
    assert judge(claim(config={"k": 4, "bias": True}), [plain, biased]).ours == 90.0


def test_older_code_is_flagged_where_it_was_used(claim, record, monkeypatch):
    from helpers.code import code_hash

    known(monkeypatch)
    today = code_hash("helpers.checks")
    fresh, old = (record({"acc": 50.0}, k=4, seed=i, code=c) for i, c in enumerate([today, "c0"]))
    assert not judge(claim(), [fresh]).older_code
    assert judge(claim(), [fresh, old]).older_code
    both = record({"acc": 50.0, "other": 1.0}, k=4, seed=0, code=today)
    for metric, older in (("other", False), ("acc", True)):
        mixed = dataclasses.replace(both, origins={metric: {"code": "c0", "created": "2026"}})
        assert judge(claim(), [mixed]).older_code is older


@pytest.mark.parametrize(
    ("values", "standing", "verdict"),
    [
        ([10.0, 20.0], "exact", "reproduced"),
        ([10.0, 20.0], "substitute", "consistent"),
        ([20.0, 10.0], "exact", "contradicted"),
        ([20.0, 10.0], "scaled", "inconsistent"),  # only exact runs contradict
        ([20.0, 10.0], "substitute", "inconsistent"),
        ([10.0], "exact", "not run"),
    ],
)
def test_the_verdict_on_a_sentence(sentence, record, values, standing, verdict):
    rises = sentence(
        "increases", where={}, over=[{"m": 0}, {"m": 1}], margin=2.0, standing=standing
    )
    records = [
        record({"acc": value}, seed=seed, m=m)
        for m, value in enumerate(values)
        for seed in (0, 123)
    ]
    found = judge(rises, records)
    assert found.verdict == verdict
    assert found.ours is None
    assert found.sentence


@pytest.mark.parametrize(("last", "verdict"), [(20.0, "consistent"), (5.0, "inconsistent")])
@pytest.mark.parametrize(("n", "seeds"), [(2000, (0, 123)), (10000, (0,))])
def test_a_sentence_on_fewer_images_or_seeds_is_not_decided(
    sentence, record, last, verdict, n, seeds
):
    rises = sentence("increases", where={}, over=[{"m": 0}, {"m": 1}], margin=2.0)
    records = [record({"acc": 10.0}, seed=seed, m=0) for seed in (0, 123)]
    records += [record({"acc": last}, n=n, seed=seed, m=1) for seed in seeds]
    found = judge(rises, records)
    assert (found.verdict, found.images, found.seeds) == (verdict, n, len(seeds))


def test_the_selectors_of_a_claim_are_all_it_looks_at(claim, sentence):
    assert selectors(claim()) == [{"k": 4}]
    rises = sentence("increases", where={"k": 4}, over=[{"m": 0}, {"m": 1}], margin=2.0)
    assert selectors(rises) == [{"k": 4, "m": 0}, {"k": 4, "m": 1}]


def test_there_are_six_verdicts():
    assert (
        *("reproduced", "differs", "consistent", "inconsistent"),
        *("contradicted", "not run"),
    ) == VERDICTS
