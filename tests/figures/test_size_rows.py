import pytest

from helpers.claims import Claim
from helpers.figures import ATTACK, CEREBELLUM
from helpers.figures.size_rows import baseline_rows, loss_rows, loss_table, size_rows
from helpers.records import Record


def claim(row, column, metric, value, place="Table 6", **config):
    return Claim(
        id=f"{place}-{row}-{column}",
        paper="cerebellum",
        place=f"{place}, {row}, {column}",
        quantity="",
        value=value,
        experiment="cerebellum/mnist",
        config=config,
        metric=metric,
        images=10,
        seeds=2,
        tolerance=1.0,
        tolerance_why="",
        standing="exact",
        predicate=None,
    )


def record(seed, config, **metrics):
    return Record(
        "cerebellum/mnist",
        {"seed": seed} | config,
        metrics,
        dict.fromkeys(metrics, 10),
        {"code": "", "created": "2026-01-01T00:00:00Z"},
    )


CLAIMS = [
    # In print the larger size may come first.
    *(
        claim(f"FC, m = {m}", "test accuracy", "test_acc", v, m=m)
        for m, v in ((20, 95.0), (10, 94.0))
    ),
    *(
        claim(f"FC, m = {m}", "PGD eps = 0.1", "pgd_mse_0.1", v, m=m)
        for m, v in ((20, 12.0), (10, 9.0))
    ),
    claim("Baseline CNN", "PGD eps = 0.1", "pgd_cross_entropy_0.1", 48.2, model="cnn"),
    claim("FC, m = 10", "PGD eps = 0.1", "pgd_mse_0.1", 77.0, place="Table 7", m=10),
]
RECORDS = [
    record(0, {"m": 10}, test_acc=94.0, **{"pgd_mse_0.1": 10.0, "pgd_margin_0.1": 0.0}),
    record(123, {"m": 10}, test_acc=95.0, **{"pgd_mse_0.1": 8.0, "pgd_margin_0.1": 1.0}),
    record(0, {"model": "cnn"}, **{"pgd_cross_entropy_0.1": 50.0}),
]


def rows(records=RECORDS, names=("FC",)):
    return size_rows(CLAIMS, records, table="Table 6", rows=names, size="m")


def test_a_panel_for_each_column_sizes_in_order():
    panels = rows()
    assert list(panels) == ["test accuracy", "PGD, ε = 0.1"]
    (clean,) = panels["test accuracy"]
    assert (clean.label, list(clean.sizes), clean.color) == ("FC", [10, 20], CEREBELLUM)
    run, waiting = clean.rows
    assert (run.paper, run.ours, run.low, run.high) == (94.0, 94.5, 94.0, 95.0)
    assert (waiting.paper, waiting.ours, waiting.low) == (95.0, None, None)


def test_the_margin_is_a_curve_of_its_own_without_the_papers_values():
    squared, margin = rows()["PGD, ε = 0.1"]
    assert (margin.label, margin.color) == ("FC, margin", ATTACK)
    assert [(row.paper, row.ours) for row in margin.rows] == [(None, 0.5), (None, None)]
    assert [row.ours for row in squared.rows] == [9.0, None]


def test_without_records_only_the_papers_values_are_there():
    panels = rows([])
    assert [len(curves) for curves in panels.values()] == [1, 1]
    assert [row.paper for row in panels["PGD, ε = 0.1"][0].rows] == [9.0, 12.0]


def test_one_seed_has_no_range():
    run, _ = rows(RECORDS[:1])["test accuracy"][0].rows
    assert (run.ours, run.low, run.high) == (94.0, None, None)


def test_the_baseline_by_panel():
    (row,) = baseline_rows(CLAIMS, RECORDS, table="Table 6").items()
    assert (row[0], row[1].paper, row[1].ours) == ("PGD, ε = 0.1", 48.2, 50.0)


def test_both_losses_in_numbers():
    table = loss_table(rows())
    assert table.index.tolist() == ["FC, PGD, ε = 0.1"]
    assert table.iloc[0].tolist() == ["1 of 2", "9.0", "0.5", "1 of 1"]
    empty = loss_table(rows([]))
    assert empty.iloc[0].tolist() == ["0 of 2", "", "", "0 of 0"]


def test_both_losses_of_a_table_without_sizes():
    table = loss_rows(CLAIMS, RECORDS, table="Table 7")
    assert table.loc["FC"].tolist() == ["9.0", "0.5"]
    assert list(table.columns) == ["PGD, ε = 0.1, squared error", "PGD, ε = 0.1, margin"]
    assert loss_rows(CLAIMS, [], table="Table 7").loc["FC"].tolist() == ["·", "·"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rows(names=()), "rows are \\[\\]"),
        (lambda: rows(names=("a", "b", "c")), "one or two models"),
        (lambda: rows(names=("FC", "RC")), "no number of 'Table 6' is for \\['RC'\\]"),
        (lambda: baseline_rows(CLAIMS, [], table="Table 7"), "for 'Baseline CNN'"),
        (lambda: loss_rows(CLAIMS, [], table="Table 9"), "no number of 'Table 9'"),
    ],
)
def test_wrong_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
