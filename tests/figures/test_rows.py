import pytest

from helpers.claims import judge
from helpers.figures.rows import paper_rows


def test_a_panel_for_each_column_and_the_range_over_seeds(claim, record):
    records = [record(0, {"m": 1000}, test_acc=94.0), record(123, {"m": 1000}, test_acc=96.0)]
    claims = [
        claim("FC, k = 784, m = 1000", "test accuracy", 94.1, m=1000),
        claim("FC, k = 784, m = 2000", "test accuracy", 95.4, m=2000),
        claim("FC, k = 784, m = 1000", "PGD eps = 0.1", 9.0, m=1000),
    ]
    panels = paper_rows([judge(c, records) for c in claims], "Table 6")
    assert list(panels) == ["test accuracy", "PGD eps = 0.1"]
    run, not_run = panels["test accuracy"]
    assert run.label == "FC, k = 784, m = 1000"
    assert (run.paper, run.ours, run.low, run.high) == (94.1, 95.0, 94.0, 96.0)
    assert (not_run.paper, not_run.ours, not_run.low) == (95.4, None, None)


def test_a_selection(claim):
    claims = [claim(f"FC {m}", "test accuracy", 1.0, m=m) for m in (1, 2)]
    panels = paper_rows([judge(c, []) for c in claims], "Table 6", {"m": 2})
    assert [row.label for row in panels["test accuracy"]] == ["FC 2"]


def test_no_such_claim():
    with pytest.raises(ValueError, match=r"no claim of 'Table 9' has \{'m': 3\}"):
        paper_rows([], "Table 9", {"m": 3})
