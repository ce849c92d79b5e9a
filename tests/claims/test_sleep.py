"""The tables of the report on sleep, against its print and against the experiment."""

from collections import Counter, defaultdict

import pytest

from helpers.claims import judge, papers_own, read_claims, selectors
from helpers.evaluation.attacked import AttackSetting
from helpers.evaluation.corruptions import (
    REPRODUCTION_BLUR,
    REPRODUCTION_NOISE_UINT8,
    Corruption,
)
from helpers.experiments import EXPERIMENTS
from helpers.records import Record, matches

CLAIMS = [claim for claim in read_claims() if claim.paper == "sleep"]
NUMBERS = [claim for claim in CLAIMS if claim.predicate is None]
SENTENCES = [claim for claim in CLAIMS if claim.predicate is not None]
BY_ID = {claim.id: claim for claim in CLAIMS}


def place(claim):
    return claim.place.partition(",")[0]


FIGURES = [claim for claim in NUMBERS if place(claim).startswith("Fig.")]
TEXT = [claim for claim in NUMBERS if place(claim).startswith("section")]


def test_every_number_of_the_figures_and_the_text_is_there():
    assert Counter(map(place, NUMBERS)) == {
        "Fig. 1 (blur)": 5 * 6,
        "Fig. 1 (noise)": 5 * 6,
        "Fig. 2": 5 * 9,
        "section 3.1": 2 + 5,
        "section 3.2": 4,
    }
    assert len(SENTENCES) == 18


@pytest.mark.parametrize(
    ("id", "value"),
    [
        # Typed from the report, in percent.
        ("sleep-f1-blur-control-0", 93.91),
        ("sleep-f1-blur-finetune-blur-2.5", 90.38),
        ("sleep-f1-blur-distillation-2", 94.6),
        ("sleep-f1-noise-finetune-noise-1", 89.58),
        ("sleep-f1-noise-sleep-0.6", 8.92),
        ("sleep-f2-control-0.05", 77.48),
        ("sleep-f2-sleep-0.35", 8.94),
        ("sleep-f2-finetune-blur-0.4", 0.06),
        ("sleep-f2-distillation-0.25", 33.97),
        ("sleep-s3.1-blur-2.5-finetune-noise", 75.86),
        ("sleep-s3.1-blur-2.5-control", 77.6),
        ("sleep-s3.1-noise-0.9-distillation", 94.59),
        ("sleep-s3.1-noise-0.9-finetune-noise", 89.58),
        ("sleep-s3.1-noise-0.9-control", 77.36),
        ("sleep-s3.1-noise-0.9-finetune-blur", 72.3),
        ("sleep-s3.1-noise-0.9-sleep", 8.91),
        ("sleep-s3.2-fgsm-0-sleep", 8.92),
        ("sleep-s3.2-fgsm-0.4-sleep", 8.93),
        ("sleep-s3.2-fgsm-0-distillation", 97.87),
        ("sleep-s3.2-fgsm-0.4-distillation", 1.16),
    ],
)
def test_a_number_is_the_reports(id, value):
    assert BY_ID[id].value == value


def test_values_are_percent_and_not_fractions():
    clean = [claim for claim in FIGURES if claim.metric.endswith("_0")]
    awake = [claim.value for claim in clean if claim.config["network"] != "sleep"]
    assert len(awake) == 3 * 4
    assert min(awake) > 90
    asleep = [claim.value for claim in NUMBERS if claim.config["network"] == "sleep"]
    assert all(8.9 < value < 9 for value in asleep)


def test_a_number_is_answered_by_the_network_and_the_level_of_its_place():
    networks = {
        "Control": "control",
        "Sleep": "sleep",
        "Fine-tune Blur": "finetune_blur",
        "Fine-tune Noise": "finetune_noise",
        "Defensive Distillation": "tempered",
    }
    kinds = {"Fig. 1 (blur)": "blur_", "Fig. 1 (noise)": "noise_uint8_", "Fig. 2": "fgsm_"}
    levels = defaultdict(list)
    for claim in FIGURES:
        figure, network, level = claim.place.split(", ")
        assert claim.config == {
            "recipe": "reproduction",
            "network": networks[network],
            "dataset": "mnist",
        }
        assert claim.metric.startswith(kinds[figure])
        assert claim.metric.rpartition("_")[2] == level.rpartition(" = ")[2]
        levels[figure, network].append(float(level.rpartition(" = ")[2]))
    axes = (REPRODUCTION_BLUR, REPRODUCTION_NOISE_UINT8, [n / 20 for n in range(9)])
    for figure, axis in zip(kinds, axes, strict=True):
        assert [levels[figure, network] for network in networks] == [list(axis)] * 5


@pytest.mark.parametrize("metric", sorted({claim.metric for claim in CLAIMS}))
def test_a_metric_is_spelt_as_it_is_measured(metric):
    if metric.startswith("fgsm_"):
        setting = AttackSetting.parse(metric)
        assert metric == f"fgsm_cross_entropy_{setting.eps:g}"
    else:
        assert Corruption.parse(metric).metric == metric


def test_the_numbers_of_the_text_are_those_of_the_figures_but_for_roundings():
    figures = {(claim.config["network"], claim.metric): claim.value for claim in FIGURES}
    assert len(figures) == len(FIGURES)
    off = {
        claim.id: round(abs(claim.value - figures[claim.config["network"], claim.metric]), 2)
        for claim in TEXT
    }
    assert {id: difference for id, difference in off.items() if difference} == {
        "sleep-s3.1-blur-2.5-control": 0.01,
        "sleep-s3.1-noise-0.9-sleep": 0.01,
    }


def test_every_value_is_of_one_network_on_all_test_images():
    assert {(claim.seeds, claim.images) for claim in CLAIMS} == {(1, 10_000)}


def test_what_is_inferred_or_unknown_about_the_report_cannot_be_reproduced():
    for claim in NUMBERS:
        # The control that the report plots is another file than the one that it trained.
        inferred = claim.config["network"] in ("control", "finetune_noise", "tempered") or (
            claim.metric.startswith("noise_") and claim.metric != "noise_uint8_0"
        )
        assert claim.standing == ("substitute" if inferred else "exact"), claim.id
    exact = {claim.id for claim in SENTENCES if claim.standing == "exact"}
    assert exact == {"sleep-s3.2-sleep-constant", "sleep-s4-robust"}


def test_a_sleeping_network_answers_fives_within_its_tolerance_and_no_other_digit():
    """Of the 10,000 test images 892 are fives and 958, the next number, sixes."""
    asleep = [claim for claim in NUMBERS if claim.config["network"] == "sleep"]
    assert all(abs(claim.value - 8.92) < claim.tolerance < 9.58 - claim.value for claim in asleep)


@pytest.mark.parametrize(
    "claim", [claim for claim in CLAIMS if claim.experiment in EXPERIMENTS], ids=lambda c: c.id
)
def test_a_claim_selects_runs_of_its_experiment_that_differ_in_their_seed(claim):
    experiment = EXPERIMENTS[claim.experiment]
    grid = [{**experiment.defaults, **config} for config in experiment.grid("paper")]
    names = claim.config.get("metrics", [claim.metric])
    for where in selectors(claim):
        found = [config for config in grid if matches(config, {**experiment.defaults, **where})]
        rest = {str(sorted((set(config.items())) - {("seed", config["seed"])})) for config in found}
        assert len(rest) == 1
        assert len({config["seed"] for config in found}) == len(found)
        for config in found:
            measured = experiment.metrics(config, "paper")
            assert {measured[name] for name in names} == {claim.images}


def test_the_reports_own_numbers_fit_all_its_sentences_but_one():
    """It calls fine-tuning the most accurate for blur; in its figure distillation is, up to 2."""
    cells = defaultdict(dict)
    for claim in FIGURES:
        cells[tuple(claim.config.items())][claim.metric] = claim.value
    records = [
        Record(
            "sleep/mnist",
            {**dict(config), "seed": 0},
            metrics,
            dict.fromkeys(metrics, 10000),
            {"code": "", "created": "2021"},
        )
        for config, metrics in cells.items()
    ]
    verdicts = {claim.id: judge(claim, records).verdict for claim in CLAIMS}
    failed = {"sleep-s3.1-blur-finetune-best"}
    assert {id for id, verdict in verdicts.items() if verdict == "inconsistent"} == failed
    assert {verdicts[id] for id in set(verdicts) - failed} == {"reproduced", "consistent"}
    own = {claim.id: papers_own(claim, CLAIMS) for claim in SENTENCES}
    assert {id for id, holds in own.items() if not holds} == failed
