import pytest

from helpers.figures.record_table import record_table, seed_values
from helpers.records import Record


def record(value, seed=0, **config):
    metrics = {"test_acc": value}
    return Record("a/b", {"seed": seed, **config}, metrics, {"test_acc": 10}, {})


RECORDS = [record(90.0, m=1), record(94.0, 123, m=1), record(50.0, m=2)]


def test_values_of_the_seeds():
    assert seed_values(RECORDS, "test_acc", {"m": 1}) == [90, 94]
    assert seed_values(RECORDS, "pgd_mse_0.1", {"m": 1}) == []


def test_cells_by_hand():
    rows = {"small": {"m": 1}, "large": {"m": 2}, "huge": {"m": 3}}
    table = record_table(RECORDS, rows, {"clean": "test_acc", "PGD": "pgd_mse_0.1"})
    # The sample standard deviation of 90 and 94 is the root of 8.
    assert table.loc["small"].tolist() == ["92.0 ± 2.8", "·", "2"]
    assert table.loc["large"].tolist() == ["50.0", "·", "1"]
    assert table.loc["huge"].tolist() == ["·", "·", "·"]
    assert list(table.columns) == ["clean", "PGD", "seeds"]


@pytest.mark.parametrize(
    ("rows", "columns", "text"),
    [
        ({}, {"clean": "test_acc"}, "rows and columns are empty"),
        ({"small": {"m": 1}}, {}, "rows and columns are empty"),
        ({"all": {}}, {"clean": "test_acc"}, r"row 'all' has seeds \[0, 123, 0\]"),
    ],
)
def test_bad_arguments(rows, columns, text):
    with pytest.raises(ValueError, match=text):
        record_table(RECORDS, rows, columns)
