import csv
import json

import pytest

from helpers.claims import read_claims
from helpers.claims.read import COLUMNS
from helpers.experiments import EXPERIMENTS

GOOD = {
    "id": "c1",
    "paper": "cerebellum",
    "place": "Table 1",
    "quantity": "accuracy, %",
    "value": "50.5",
    "experiment": "fake/lab",
    "config": '{"k": 4, "beta": null}',
    "metric": "acc",
    "images": "10000",
    "seeds": "2",
    "tolerance": "2",
    "tolerance_why": "by hand",
    "standing": "exact",
    "predicate": "",
}
RISES = {"where": {}, "over": [{"m": 0}, {"m": 1}], "margin": 2.0}
EVEN = {"where": {}, "over": [{"m": 0}], "metrics": ["acc"], "limit": 2.0}
SENTENCE = GOOD | {
    "id": "c2",
    "value": "",
    "tolerance": "",
    "tolerance_why": "",
    "config": json.dumps(RISES),
    "predicate": "increases",
}


def write(folder, *rows, columns=COLUMNS, name="a.csv"):
    with (folder / name).open("w", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)


def test_a_row_is_read_as_it_stands(tmp_path):
    write(tmp_path, GOOD, SENTENCE)
    number, sentence = read_claims(tmp_path)
    assert (number.id, number.value, number.tolerance, number.images) == ("c1", 50.5, 2.0, 10000)
    assert number.seeds == 2
    assert number.config == {"k": 4, "beta": None}
    assert number.predicate is None
    assert (sentence.value, sentence.tolerance, sentence.predicate) == (None, None, "increases")


def test_files_come_in_the_order_of_their_names(tmp_path):
    write(tmp_path, GOOD | {"id": "late"}, name="b.csv")
    write(tmp_path, GOOD | {"id": "early"}, name="a.csv")
    assert [claim.id for claim in read_claims(tmp_path)] == ["early", "late"]


@pytest.mark.parametrize(
    ("row", "change", "message"),
    [
        (GOOD, {"id": ""}, "column id: it is ''; it may be text"),
        (GOOD, {"metric": " "}, "column metric: it is ' '"),
        (GOOD, {"paper": "liver"}, "column paper: it is 'liver'; it may be one of cerebellum"),
        (GOOD, {"standing": "good"}, "column standing: it is 'good'; it may be one of exact"),
        (GOOD, {"predicate": "grows"}, "column predicate: it is 'grows'; .* increases"),
        (GOOD, {"value": "high"}, "column value: it is 'high'; it may be a finite number"),
        (GOOD, {"value": ""}, "column value: it is ''"),
        (GOOD, {"value": "nan"}, "column value: it is 'nan'"),
        (GOOD, {"tolerance": "0"}, "column tolerance: it is '0'; it may be a finite number above"),
        (GOOD, {"tolerance": "-1"}, "column tolerance: it is '-1'"),
        (GOOD, {"tolerance": "inf"}, "column tolerance: it is 'inf'"),
        (GOOD, {"tolerance_why": ""}, "column tolerance_why: it is ''; it may be the reason"),
        (GOOD, {"images": "0"}, "column images: it is '0'; it may be a whole number above 0"),
        (GOOD, {"images": "all"}, "column images"),
        (GOOD, {"seeds": "0"}, "column seeds: it is '0'; it may be a whole number above 0"),
        (GOOD, {"seeds": ""}, "column seeds: it is ''"),
        (GOOD, {"config": "{'k': 4}"}, "column config: it is .*; it may be JSON"),
        (GOOD, {"config": "[1]"}, "column config: it is .*; it may be a JSON object"),
        (SENTENCE, {"value": "50"}, "column value: it is '50'; it may be empty"),
        (SENTENCE, {"tolerance": "2"}, "column tolerance: it is '2'; it may be empty"),
        (
            SENTENCE,
            {"config": json.dumps(RISES | {"margins": 1})},
            "column config: .* what increases takes: .* 'margins'",
        ),
        (SENTENCE, {"config": '{"where": {}}'}, "column config: .* what increases takes"),
        (
            SENTENCE,
            {"config": json.dumps(RISES | {"over": "m"})},
            "column config: .* what increases takes",
        ),
        (
            SENTENCE,
            {"config": json.dumps(RISES | {"over": []})},
            "column config: .* what increases takes: over is empty",
        ),
        *(
            (
                SENTENCE,
                {"config": json.dumps(RISES | {"margin": margin})},
                f"column config: .* what increases takes: margin is {margin!r}",
            )
            for margin in ("two", True, float("nan"), float("inf"))
        ),
        (
            SENTENCE,
            {"config": json.dumps(EVEN | {"metrics": ["b", "c"]}), "predicate": "varies_less"},
            "column metric: it is 'acc'; it may be one of the metrics that its config lists: b, c",
        ),
        (
            SENTENCE,
            {"config": json.dumps(EVEN | {"metrics": "acc"}), "predicate": "varies_less"},
            "column config: .* what varies_less takes: metrics is 'acc'",
        ),
        (
            SENTENCE,
            {"config": json.dumps(EVEN | {"limit": "two"}), "predicate": "varies_less"},
            "column config: .* what varies_less takes: limit is 'two'",
        ),
        (
            SENTENCE,
            {
                "config": json.dumps({"where": {}, "left": {"m": 0}, "right": [{}], "margin": 1}),
                "predicate": "exceeds",
            },
            r"column config: .* what exceeds takes: left is \{'m': 0\}; it may be a list",
        ),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, row, change, message):
    write(tmp_path, GOOD | {"id": "first"}, row | change)
    with pytest.raises(ValueError, match=rf"a\.csv, row 3, {message}"):
        read_claims(tmp_path)


def test_an_id_may_be_there_once(tmp_path):
    write(tmp_path, GOOD, name="a.csv")
    write(tmp_path, GOOD | {"id": "c0"}, GOOD, name="b.csv")
    with pytest.raises(ValueError, match=r"b\.csv, row 3, column id: it is 'c1', as in .*a\.csv"):
        read_claims(tmp_path)


def test_the_columns_must_be_those(tmp_path):
    write(tmp_path, columns=COLUMNS[1:])
    with pytest.raises(ValueError, match=r"a\.csv, row 1: columns are .*; they may be id, paper"):
        read_claims(tmp_path)


def test_what_is_no_table_is_named(tmp_path):
    write(tmp_path, GOOD)
    path = tmp_path / "a.csv"
    path.write_text(path.read_text() + '"c"3\n')
    with pytest.raises(ValueError, match=r"a\.csv, behind row 2: ',' expected after"):
        read_claims(tmp_path)


@pytest.mark.parametrize("text", ["c3,cerebellum\n", "," * 20 + "\n"])
def test_a_row_with_other_cells_is_named(tmp_path, text):
    write(tmp_path, GOOD)
    path = tmp_path / "a.csv"
    path.write_text(path.read_text() + text)
    with pytest.raises(ValueError, match=r"a\.csv, row 3 has more or fewer than 14 cells"):
        read_claims(tmp_path)


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(ValueError, match="folder is"):
        read_claims(tmp_path)


def test_every_claim_is_answered_by_an_experiment_that_exists():
    # These have no experiment yet: their claims stand as not run.
    planned = {
        "cerebellum/cifar10",
        "neural_similarity/adversarial_training",
        "neural_similarity/training_time",
    }
    assert {claim.experiment for claim in read_claims()} - planned <= set(EXPERIMENTS)
