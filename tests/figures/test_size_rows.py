import pytest

from helpers.figures import ATTACK, CEREBELLUM
from helpers.figures.size_rows import baseline_rows, loss_rows, loss_table, size_rows

PGD = "PGD eps = 0.1"


@pytest.fixture
def claims(claim):
    return [
        # In print the larger size may come first.
        *(claim(f"FC, m = {m}", "test accuracy", v, m=m) for m, v in ((20, 95.0), (10, 94.0))),
        *(
            claim(f"FC, m = {m}", PGD, v, metric="pgd_mse_0.1", m=m)
            for m, v in ((20, 12.0), (10, 9.0))
        ),
        claim("Baseline CNN", PGD, 48.2, metric="pgd_cross_entropy_0.1", model="cnn"),
        claim("FC, m = 10", PGD, 77.0, metric="pgd_mse_0.1", table="Table 7", m=10),
    ]


@pytest.fixture
def records(record):
    return [
        record(0, {"m": 10}, test_acc=94.0, **{"pgd_mse_0.1": 10.0, "pgd_margin_0.1": 0.0}),
        record(123, {"m": 10}, test_acc=95.0, **{"pgd_mse_0.1": 8.0, "pgd_margin_0.1": 1.0}),
        record(0, {"model": "cnn"}, **{"pgd_cross_entropy_0.1": 50.0}),
    ]


@pytest.fixture
def rows(claims, records):
    def make(found=None, names=("FC",)):
        found = records if found is None else found
        return size_rows(claims, found, table="Table 6", rows=names, size="m")

    return make


def test_a_panel_for_each_column_sizes_in_order(rows):
    panels = rows()
    assert list(panels) == ["test accuracy", "PGD, ε = 0.1"]
    (clean,) = panels["test accuracy"]
    assert (clean.label, list(clean.sizes), clean.color) == ("FC", [10, 20], CEREBELLUM)
    run, waiting = clean.rows
    assert (run.paper, run.ours, run.low, run.high) == (94.0, 94.5, 94.0, 95.0)
    assert (waiting.paper, waiting.ours, waiting.low) == (95.0, None, None)


def test_the_margin_is_a_curve_of_its_own_without_the_papers_values(rows):
    squared, margin = rows()["PGD, ε = 0.1"]
    assert (margin.label, margin.color) == ("FC, margin", ATTACK)
    assert [(row.paper, row.ours) for row in margin.rows] == [(None, 0.5), (None, None)]
    assert [row.ours for row in squared.rows] == [9.0, None]


def test_without_records_only_the_papers_values_are_there(rows):
    panels = rows([])
    assert [len(curves) for curves in panels.values()] == [1, 1]
    assert [row.paper for row in panels["PGD, ε = 0.1"][0].rows] == [9.0, 12.0]


def test_one_seed_has_no_range(rows, records):
    run, _ = rows(records[:1])["test accuracy"][0].rows
    assert (run.ours, run.low, run.high) == (94.0, None, None)


def test_the_baseline_by_panel(claims, records):
    (row,) = baseline_rows(claims, records, table="Table 6").items()
    assert (row[0], row[1].paper, row[1].ours) == ("PGD, ε = 0.1", 48.2, 50.0)


def test_both_losses_in_numbers(rows):
    table = loss_table(rows())
    assert table.index.tolist() == ["FC, PGD, ε = 0.1"]
    assert table.iloc[0].tolist() == ["1 of 2", "9.0", "0.5", "1 of 1"]
    empty = loss_table(rows([]))
    assert empty.iloc[0].tolist() == ["0 of 2", "", "", "0 of 0"]


def test_both_losses_of_each_model(claims, records):
    table = loss_rows(claims, records, table="Table 7")
    assert table.loc["FC, m = 10"].tolist() == ["9.0", "0.5"]
    assert list(table.columns) == ["PGD, ε = 0.1, squared error", "PGD, ε = 0.1, margin"]
    assert loss_rows(claims, [], table="Table 7").loc["FC, m = 10"].tolist() == ["·", "·"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rows, claims: rows(names=()), "rows are \\[\\]"),
        (lambda rows, claims: rows(names=("a", "b", "c")), "one or two models"),
        (lambda rows, claims: rows(names=("FC", "RC")), "no number of 'Table 6' is for \\['RC'\\]"),
        (lambda rows, claims: baseline_rows(claims, [], table="Table 7"), "for 'Baseline CNN'"),
        (lambda rows, claims: loss_rows(claims, [], table="Table 9"), "no number of 'Table 9'"),
    ],
)
def test_wrong_input_is_refused(rows, claims, call, words):
    with pytest.raises(ValueError, match=words):
        call(rows, claims)
