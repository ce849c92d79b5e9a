import json
import math

import pytest

from helpers.records import Record, merge


def test_a_line_has_the_fields_of_a_record_and_comes_back(record):
    made = record({"a": 96.125, "b": 1.0}, n={"a": 10000, "b": 2000})
    fields = json.loads(made.to_line())
    assert list(fields) == ["experiment", "config", "metrics", "n", "provenance"]
    assert fields["metrics"] == {"a": 96.125, "b": 1.0}
    assert fields["n"] == {"a": 10000, "b": 2000}
    assert Record.from_line(made.to_line()) == made


def test_a_line_has_no_newline_whatever_its_text(record):
    line = record(config={"text": "two\nlines\u2028three"}).to_line()
    assert len(line.splitlines()) == 1
    assert Record.from_line(line).config == {"text": "two\nlines\u2028three"}


@pytest.mark.parametrize(
    ("value", "written"), [(200 / 3, 66.6667), (0.00123456789, 0.00123457), (12345678.9, 12345700)]
)
def test_six_digits_are_written(record, value, written):
    assert json.loads(record({"a": value}).to_line())["metrics"]["a"] == written


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_metric_that_is_not_finite_is_refused(record, value):
    with pytest.raises(ValueError, match=r"metric a is .*; it may be a finite number"):
        record({"a": value}).to_line()


def test_a_config_that_is_not_finite_is_refused(record):
    with pytest.raises(ValueError, match="JSON compliant"):
        record(config={"lr": math.nan}).to_line()


def test_a_metric_without_its_number_of_images_is_refused(record):
    with pytest.raises(ValueError, match=r"n is given for \[\]; it may be for \['a'\]"):
        record({"a": 1.0}, n={}).to_line()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metrics": None}, "metrics is None"),
        ({"metrics": {"a": True}}, "a is True"),
        ({"metrics": {"a": "1"}}, "a is '1'"),
        ({"metrics": {"b": 1}}, "different metrics"),
        ({"n": {"a": None}}, "a is None"),
        ({"config": []}, r"config is \[\]"),
        ({"config": {"a": [1]}}, r"config\['a'\] is \[1\]; it may be text"),
        ({"experiment": 1}, "experiment is 1"),
        ({"provenance": {}}, "time at which"),
        ({"more": 1}, "may be an object with experiment"),
    ],
)
def test_a_line_that_is_not_a_record_says_why(record, change, message):
    fields = json.loads(record().to_line()) | change
    with pytest.raises(ValueError, match=message):
        Record.from_line(json.dumps(fields))


@pytest.mark.parametrize("line", ["", "[]", "{"])
def test_a_line_that_is_no_object_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        Record.from_line(line)


def test_what_json_has_no_word_for_is_refused_in_the_provenance_too(record):
    fields = json.loads(record({"a": 1.5}).to_line())
    fields["provenance"]["seconds"] = float("nan")
    with pytest.raises(ValueError, match="NaN is not a number that a record may hold"):
        Record.from_line(json.dumps(fields))


@pytest.mark.parametrize("n", [0, -2, 2.5, True, "9"])
def test_a_number_of_images_is_a_whole_number(record, n):
    fields = json.loads(record({"a": 1.5}).to_line())
    fields["n"]["a"] = n
    with pytest.raises(ValueError, match=r"n of a is .*; it may be a whole number above 0"):
        Record.from_line(json.dumps(fields))


def test_a_number_too_large_to_be_finite_is_refused(record):
    line = record({"a": 1.5}).to_line().replace("1.5", "1e999")
    with pytest.raises(ValueError, match="a is inf; it may be a finite number"):
        Record.from_line(line)


EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def test_merging_takes_what_either_has(record):
    both = merge(record({"a": 1.0}, created=EARLY), record({"b": 2.0}, created=LATE))
    assert both.metrics == {"a": 1.0, "b": 2.0}
    assert both.n == {"a": 10, "b": 10}


@pytest.mark.parametrize("order", [1, -1])
def test_the_value_on_more_images_wins_even_when_older(record, order):
    many = record({"a": 1.0}, n={"a": 10000}, created=EARLY, code="old")
    few = record({"a": 2.0}, n={"a": 2000}, created=LATE, code="new")
    both = merge(*[many, few][::order])
    assert (both.metrics["a"], both.n["a"]) == (1.0, 10000)
    assert both.origin("a")["code"] == "old"


@pytest.mark.parametrize("order", [1, -1])
def test_at_equal_numbers_the_newer_value_wins(record, order):
    old = record({"a": 1.0}, created=EARLY, code="old")
    new = record({"a": 2.0}, created=LATE, code="new")
    both = merge(*[old, new][::order])
    assert both.metrics["a"] == 2.0
    assert both.origin("a")["code"] == "new"
    assert both.provenance["created"] == LATE


def test_of_two_in_the_same_second_the_later_line_wins(record):
    assert merge(record({"a": 1.0}), record({"a": 2.0})).metrics["a"] == 2.0


def test_each_metric_keeps_its_origin_through_several_merges(record):
    merged = merge(
        merge(record({"a": 1.0}, code="1"), record({"b": 1.0}, code="2")),
        record({"c": 1.0}, code="3"),
    )
    assert [line["code"] for line in merged.lines()] == ["1", "2", "3"]
    assert [line["code"] for line in merge(merged, record({"a": 2.0}, code="3")).lines()] == [
        "3",
        "2",
    ]
    assert [merged.origin(name)["code"] for name in "abc"] == ["1", "2", "3"]
