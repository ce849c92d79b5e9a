import pytest

from helpers.figures.ordering import ordering
from helpers.figures.targets import fields_of
from helpers.records import Record


def record(target, seed, value, scale="scaled"):
    config = {**fields_of(target, scale), "seed": seed}
    made = {"code": "", "created": "2026-01-01T00:00:00Z"}
    return Record("neural_similarity/noise", config, {"test_acc": value}, {"test_acc": 10}, made)


def test_places_are_by_the_mean_over_seeds_at_each_scale():
    records = [
        record("none", 0, 20.0),
        record("none", 1, 50.0),
        record("blur", 0, 36.0),
        record("pixels", 0, 34.0),
        record("blur", 0, 10.0, "paper"),
        record("none", 0, 10.0, "paper"),
        record("shuffle", 0, 9.0, "paper"),
    ]
    found = ordering(records, ["none", "blur", "pixels", "shuffle"], {"clean": "test_acc"})
    assert found.to_dict("index") == {
        "none": {"clean, scaled": "2", "clean, paper": "1"},
        "blur front end": {"clean, scaled": "1", "clean, paper": "1"},  # they are even
        "pixels": {"clean, scaled": "3", "clean, paper": "·"},
        "shuffle": {"clean, scaled": "·", "clean, paper": "3"},
    }


def test_nothing_has_run():
    found = ordering([], ["none"], {"clean": "test_acc"})
    assert found.loc["none"].tolist() == ["·", "·"]


@pytest.mark.parametrize(
    ("targets", "columns", "text"),
    [
        ([], {"clean": "test_acc"}, "targets and columns are empty"),
        (["none"], {}, "targets and columns are empty"),
        (["v2"], {"clean": "test_acc"}, "target is 'v2'"),
    ],
)
def test_bad_arguments(targets, columns, text):
    with pytest.raises(ValueError, match=text):
        ordering([], targets, columns)
