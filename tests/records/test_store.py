import dataclasses
import json

import pytest

from helpers.experiments import EXPERIMENTS
from helpers.records import append, older_code, read, records_of, store
from helpers.records.store import file_lock


@pytest.fixture
def path(tmp_path):
    return tmp_path / "results" / "fake" / "lab.jsonl"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def test_what_is_appended_is_read(path, cache, record):
    records = [record(config={"x": x}) for x in (2, 1)]
    for each in records:
        append(path, each, cache)
    assert [each.config for each in read(path)] == [{"x": 2}, {"x": 1}]
    assert path.read_bytes().count(b"\n") == 2
    assert [file.name for file in path.parent.iterdir()] == ["lab.jsonl"]


def test_no_file_holds_no_records(path):
    assert read(path) == []


def test_a_record_that_cannot_be_written_leaves_the_file_alone(path, cache, record):
    append(path, record(), cache)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="metric a is nan"):
        append(path, record({"a": float("nan")}), cache)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_torn_last_line_is_left_out_with_a_note_and_mended(path, cache, record, kept):
    append(path, record(config={"x": 1}), cache)
    whole = path.read_bytes()
    path.write_bytes(whole + record(config={"x": 2}).to_line().encode()[:kept])
    with pytest.warns(UserWarning, match=r"lab\.jsonl: the last line is torn"):
        (only,) = read(path)
    assert only.config == {"x": 1}
    append(path, record(config={"x": 3}), cache)
    assert [each.config for each in read(path)] == [{"x": 1}, {"x": 3}]
    assert path.read_bytes().startswith(whole)


def test_a_torn_only_line_is_mended(path, cache, record):
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"exper')
    append(path, record(), cache)
    assert len(read(path)) == 1


def test_a_whole_last_line_that_lacks_its_newline_is_kept(path, cache, record):
    append(path, record(config={"x": 1}), cache)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert len(read(path)) == 1
    append(path, record(config={"x": 2}), cache)
    assert [each.config for each in read(path)] == [{"x": 1}, {"x": 2}]


def test_a_torn_line_elsewhere_is_an_error_that_names_it(path, cache, record):
    append(path, record(), cache)
    line = path.read_bytes()
    path.write_bytes(line + line[:30] + b"\n" + line)
    with pytest.raises(ValueError, match=r"lab\.jsonl, line 2 is not a run record"):
        read(path)


def test_a_last_line_that_ends_but_is_no_record_is_an_error(path, cache, record):
    append(path, record(), cache)
    path.write_bytes(path.read_bytes() + b"<<<<<<< HEAD\n")
    with pytest.raises(ValueError, match="line 2"):
        read(path)


def test_lines_of_the_same_run_are_merged(path, cache, record):
    append(path, record({"a": 1.0}, config={"x": 1, "seed": 0}), cache)
    append(path, record({"a": 1.0}, config={"x": 1, "seed": 1}), cache)
    append(path, record({"b": 2.0}, config={"seed": 0, "x": 1}), cache)
    first, second = read(path)
    assert first.metrics == {"a": 1.0, "b": 2.0}
    assert second.metrics == {"a": 1.0}


def test_a_line_from_before_a_field_was_added_is_of_the_same_run(path, cache, record):
    append(path, record({"a": 1.0}, config={"x": 1}), cache)
    append(path, record({"b": 2.0}, config={"x": 1, "bias": False}), cache)
    append(path, record({"b": 3.0}, config={"x": 1, "bias": True}), cache)
    assert len(read(path)) == 3  # as long as the field has no default
    plain, biased = read(path, {"bias": False})
    assert plain.config == {"bias": False, "x": 1}
    assert plain.metrics == {"a": 1.0, "b": 2.0}
    assert biased.metrics == {"b": 3.0}


def test_the_defaults_are_those_of_the_experiment(path, cache, record, lab, monkeypatch):
    experiment = dataclasses.replace(lab.experiment, defaults={"bias": False})
    monkeypatch.setitem(EXPERIMENTS, "fake/lab", experiment)
    append(path, record({"a": 1.0}, config={"x": 1}), cache)
    (found,) = records_of("fake/lab", {"bias": False}, path.parents[1])
    assert found.metrics == {"a": 1.0}


def test_records_are_selected_by_a_subset(path, cache, record):
    for x in (1, 2):
        for seed in (0, 1):
            append(path, record(config={"x": x, "seed": seed}), cache)
    folder = path.parents[1]
    assert len(records_of("fake/lab", folder=folder)) == 4
    assert [each.config["seed"] for each in records_of("fake/lab", {"x": 2}, folder)] == [0, 1]
    assert records_of("fake/lab", {"x": 3}, folder) == []
    assert records_of("fake/nothing", {"x": 1}, folder) == []


def test_only_one_process_writes(path, cache, record, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 0)
    with file_lock(path, cache), pytest.raises(TimeoutError):
        append(path, record(), cache)
    assert not path.exists()
    append(path, record(), cache)
    assert len(read(path)) == 1


def test_a_record_of_other_code_is_older(record, lab, monkeypatch):
    monkeypatch.setitem(EXPERIMENTS, "fake/lab", lab.experiment)
    monkeypatch.setattr(store, "loaded_code", {"fakelab": "today"}.__getitem__)
    made = json.loads(record({"a": 1.0, "b": 2.0}, code="today").to_line())
    mixed = dataclasses.replace(
        store.Record(**made), origins={"b": {"code": "c0", "created": "2026"}}
    )
    assert not older_code(store.Record(**made))
    assert older_code(record(code="c0"))
    assert older_code(mixed)
    assert older_code(mixed, "b")
    assert not older_code(mixed, "a")


def test_a_record_of_an_experiment_that_is_gone_is_older(record):
    assert older_code(record())
