import csv
import json
import re
import sys

import pytest

from helpers import paths
from helpers.claims import PAPERS, VERDICTS
from helpers.claims.read import COLUMNS
from helpers.records import Record, append

cli = sys.modules["helpers.cli.claims"]  # the package names the command after it

ROW = {
    "id": "c1",
    "paper": "cerebellum",
    "place": "Table 1, row",
    "quantity": "accuracy, %",
    "value": "50",
    "experiment": "fake/lab",
    "config": '{"k": 1}',
    "metric": "acc",
    "images": "10",
    "seeds": "2",
    "tolerance": "2",
    "tolerance_why": "by hand",
    "standing": "exact",
}
SENTENCE = {
    "id": "c3",
    "paper": "sleep",
    "place": "section 1",
    "quantity": "more is better",
    "experiment": "fake/lab",
    "config": '{"where": {}, "over": [{"k": 1}, {"k": 2}], "margin": 2}',
    "metric": "acc",
    "images": "10",
    "seeds": "1",
    "standing": "exact",
    "predicate": "increases",
}


@pytest.fixture
def ledger(brains, experiment):
    paths.CLAIMS.mkdir(parents=True)
    with (paths.CLAIMS / "a.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows([ROW, ROW | {"id": "c2", "config": '{"k": 3}'}, SENTENCE])
    for config, acc in (
        ({"k": 1, "seed": 0}, 51.0),
        ({"k": 1, "seed": 1}, 52.0),
        ({"k": 2, "seed": 0}, 40.0),
    ):
        record = Record(
            "fake/lab", config, {"acc": acc}, {"acc": 10}, {"code": "old", "created": "2026"}
        )
        append(paths.RESULTS / "fake" / "lab.jsonl", record, paths.CACHE)
    return brains


def test_the_ledger_for_machines(ledger):
    status, out, err = ledger("claims", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["counts"] == {
        "reproduced": 1,
        "differs": 0,
        "consistent": 0,
        "inconsistent": 0,
        "contradicted": 1,
        "not run": 1,
    }
    assert found["claims"][0] == {
        "id": "c1",
        "paper": "cerebellum",
        "place": "Table 1, row",
        "paper_value": 50.0,
        "ours": 51.5,
        "sd": 0.7071,
        "n_seeds": 2,
        "verdict": "reproduced",
    }
    assert [claim["id"] for claim in found["claims"]] == ["c1", "c2", "c3"]


def test_the_ledger_for_people_fits_100_columns(ledger):
    status, out, _ = ledger("claims")
    assert status == 0
    (row,) = [line for line in out.splitlines() if "c1" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        *("c1", "50", "51.5 ± 0.7", "2", "2", "reproduced *")
    ]
    assert "more is better (from 51.5 to 40.0" in out
    assert "3 claims: 1 reproduced, 1 contradicted, 1 not run." in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("option", "value", "ids"),
    [
        ("--paper", "sleep", ["c3"]),
        ("--verdict", "not run", ["c2"]),
        ("--paper", "cerebellum", ["c1", "c2"]),
    ],
)
def test_claims_are_filtered(ledger, option, value, ids):
    found = json.loads(ledger("claims", "--json", option, value)[1])
    assert [claim["id"] for claim in found["claims"]] == ids
    assert sum(found["counts"].values()) == len(ids)


@pytest.mark.parametrize("option", ["--paper", "--verdict"])
def test_an_unknown_filter_is_refused(brains, option):
    status, _, err = brains("claims", option, "liver")
    assert status == 2
    assert f"'{option}': 'liver' is not one of '" in err


def test_a_narrow_terminal_cuts_no_cell(ledger, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    out = re.sub(r"\x1b\[[0-9;]*m", "", ledger("claims")[1])
    rows = [[cell.strip() for cell in line.split("│")] for line in out.splitlines()]
    assert ["", "c1", "50", "51.5 ± 0.7", "2", "2", "reproduced *", ""] in rows
    assert "…" not in out


def test_the_filters_take_every_paper_and_verdict():
    assert cli.PAPERS == PAPERS
    assert tuple(cli.COLOURS) == VERDICTS


def test_a_wrong_table_ends_in_one_line(ledger):
    path = paths.CLAIMS / "a.csv"
    path.write_text(path.read_text().replace("exact", "sure", 1))
    status, _, err = ledger("claims")
    assert status == 1
    assert err.startswith(f"Error: {path}, row 2, column standing: it is 'sure'")
    assert len(err.splitlines()) == 1
