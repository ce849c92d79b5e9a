import pytest

from helpers.figures import record_table as module
from helpers.figures.record_table import by_seed, record_table, seed_values
from helpers.records import Record


def record(value, seed=0, **config):
    metrics = {"test_acc": value}
    return Record("a/b", {"seed": seed, **config}, metrics, {"test_acc": 10}, {})


RECORDS = [record(90.0, m=1), record(94.0, 123, m=1), record(50.0, m=2)]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Records whose configuration says so are by older code."""
    monkeypatch.setattr(
        module, "older_code", lambda record, metric: record.config.get("old") == metric
    )


def row(table, name):
    """The cells of a row; their spread does not break from its sign."""
    assert not table.map(lambda cell: "± " in cell).any().any()
    return [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in table.loc[name]]


def test_values_of_the_seeds():
    assert seed_values(RECORDS, "test_acc", {"m": 1}) == [90, 94]
    assert by_seed(RECORDS, "test_acc", {"m": 1}) == {0: 90, 123: 94}
    # What draws nothing has no seed, and one run.
    config = {"recording": "region 3"}
    drawn = Record("lab/scans", config, {"r": 0.5}, {"r": 10}, {"created": "2026-01-01T00:00:00Z"})
    assert seed_values([drawn], "r", config) == [0.5]
    assert seed_values(RECORDS, "pgd_mse_0.1", {"m": 1}) == []


def test_one_seed_twice_is_a_mixture():
    with pytest.raises(ValueError, match=r"seed 0 has two runs with \{\}; it may have one"):
        seed_values(RECORDS, "test_acc", {})


def test_cells_by_hand():
    rows = {"small": {"m": 1}, "large": {"m": 2}, "huge": {"m": 3}}
    table = record_table(RECORDS, rows, {"clean": "test_acc", "PGD": "pgd_mse_0.1"})
    # The sample standard deviation of 90 and 94 is the root of 8.
    assert row(table, "small") == ["92.0 ± 2.8", "·", "2"]
    assert row(table, "large") == ["50.0", "·", "1"]
    assert row(table, "huge") == ["·", "·", "·"]
    assert list(table.columns) == ["clean", "PGD", "seeds"]


def test_older_code_is_marked():
    held = [record(90.0, m=1), record(92.0, 1, m=1, old="test_acc"), record(50.0, m=2)]
    table = record_table(held, {"small": {"m": 1}, "large": {"m": 2}}, {"clean": "test_acc"})
    assert table["seeds"].tolist() == ["2 (older code)", "1"]


def test_only_what_is_shown_counts():
    metrics = {"test_acc": 50.0, "pgd_mse_0.1": 9.0}
    more = Record("a/b", {"seed": 5, "old": "pgd_mse_0.1"}, metrics, dict.fromkeys(metrics, 10), {})
    held = [record(60.0), more]
    both = record_table(held, {"all": {}}, {"clean": "test_acc", "PGD": "pgd_mse_0.1"})
    assert both["seeds"].tolist() == ["1 to 2 (older code)"]
    assert record_table(held, {"all": {}}, {"clean": "test_acc"})["seeds"].tolist() == ["2"]


def test_columns_may_have_their_own_digits():
    columns = {"clean": "test_acc", "again": "test_acc"}
    same = record_table(RECORDS, {"small": {"m": 1}}, columns, digits=2)
    assert row(same, "small") == ["92.00 ± 2.83", "92.00 ± 2.83", "2"]
    own = record_table(RECORDS, {"small": {"m": 1}}, columns, digits={"again": 3})
    assert row(own, "small") == ["92.0 ± 2.8", "92.000 ± 2.828", "2"]
    with pytest.raises(ValueError, match=r"a column of digits is 'PGD'; .* clean, again"):
        record_table(RECORDS, {"small": {"m": 1}}, columns, digits={"PGD": 3})


@pytest.mark.parametrize(
    ("rows", "columns", "text"),
    [
        ({}, {"clean": "test_acc"}, "rows and columns are empty"),
        ({"small": {"m": 1}}, {}, "rows and columns are empty"),
        ({"all": {}}, {"clean": "test_acc"}, r"seed 0 has two runs with \{\}"),
    ],
)
def test_bad_arguments(rows, columns, text):
    with pytest.raises(ValueError, match=text):
        record_table(RECORDS, rows, columns)
