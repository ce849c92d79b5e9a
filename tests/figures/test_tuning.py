"""The tuner's tries, from hand-made records."""

import pytest

from helpers.figures.tuning import best_tries, best_try, tries
from helpers.records import Record


def record(defence, trial, objective, split="validation", **drawn):
    common = {"seed": 0, "dataset": "mnist", "hidden": 1200, "images": 50_000}
    config = {"defence": defence, "trial": trial, "split": split, **common, **drawn}
    names = ("objective", "test_acc", "blur_2", "noise_var_0.5", "fgsm_margin_0.1")
    metrics = dict.fromkeys(names, objective)
    return Record("sleep/tuning", config, metrics, dict.fromkeys(names, 10), {"created": "now"})


RECORDS = [
    record("control", 0, 60.0),
    record("sleep", 0, 40.0, gated=True),
    record("sleep", 1, 65.0, gated=False),
    record("sleep", 1, 99.0, split="test", gated=False),
    record("distilled", 0, 50.0, temperature=7.0),
]


def test_the_best_try_is_the_best_on_validation_images():
    best = best_try(RECORDS, "sleep")
    assert best is not None
    assert (best.config["trial"], best.metrics["objective"]) == (1, 65.0)
    assert best_try(RECORDS, "own_outputs") is None


def test_every_try_is_a_dot_and_the_control_a_line():
    (ax,) = tries(RECORDS, ("sleep", "distilled")).axes
    dots = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert dots == [[[0, 40], [0, 65]], [[1, 50]]]
    best = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "_"]
    assert best == [[[0, 65]], [[1, 50]]]
    assert [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"] == [60]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["sleep", "distilled"]


def test_the_table_names_settings_and_what_has_not_run():
    table = best_tries(RECORDS, ("sleep", "own_outputs"))
    assert table.loc["sleep", ["mean", "tries", "settings"]].tolist() == [
        "65.0",
        "2",
        "gated False",
    ]
    assert table.loc["own outputs", "mean"] == "·"
    assert table.loc["control", "clean"] == "60.0"


def test_what_has_not_run_says_so():
    (ax,) = tries(RECORDS, ("sleep", "own_outputs")).axes
    assert [(text.get_position()[0], text.get_text()) for text in ax.texts] == [(1, "not run")]


@pytest.mark.parametrize("show", [tries, best_tries])
def test_nothing_to_show(show):
    with pytest.raises(ValueError, match="defences are empty"):
        show(RECORDS, ())
    with pytest.raises(ValueError, match="network is 'awake'; it may be one of control"):
        show(RECORDS, ["awake"])
