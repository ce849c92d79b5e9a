import pytest

from helpers.figures.benchmark_table import benchmark_facts, benchmark_table, not_run
from helpers.records.benchmark import Row, Section

PGD = Row("PGD, sparse", 44.99, 35, "at least", {"peer": 1.76, "ours": 0.0392}, 50)
STEP = Row("step, batch 1", 1.1, 1.05, "at most", {"peer": 0.01, "ours": 0.011})


def section(*rows, **change):
    fields = {
        "setting": "k = 4",
        "machine": "a processor, 2 threads",
        "threads": 2,
        "versions": {"torch": "2.15.0"},
        "date": "2026-01-02T03:04:05Z",
        "commit": "0123456789abcdef-dirty",
        "load": 0.31,
        "rows": rows,
    }
    return Section(**fields | change)


def test_a_row_has_the_ratio_what_it_should_be_the_times_and_the_verdict():
    shown = benchmark_table(section(PGD, STEP)).data
    assert shown.index.tolist() == ["PGD\nsparse", "step\nbatch 1"]
    assert shown.iloc[0].tolist() == [
        "44.99",
        "at least 35",
        "50",
        "met",
        "peer 1.76 s\nours 39.2 ms",
    ]
    assert shown.iloc[1].tolist() == [
        "1.10",
        "at most 1.05",
        "",
        "missed",
        "peer 10 ms\nours 11 ms",
    ]


def test_what_is_missed_is_bold():
    bold = [benchmark_table(section(row)).to_html().count("font-weight") for row in (PGD, STEP)]
    assert bold == [0, 1]


def test_facts():
    shown = benchmark_facts(section(PGD)).data["this run"]
    assert shown["machine"] == "a processor, 2 threads"
    assert shown["date (UTC)"] == "2026-01-02 03:04:05"
    assert shown["load before the first row"] == "0.31"
    assert shown["torch"] == "2.15.0"
    assert shown["commit"] == "0123456789-dirty"
    assert "note" not in shown


@pytest.mark.parametrize(("load", "marked"), [(0.75, False), (0.76, True), (3.05, True)])
def test_what_was_not_measured_on_a_quiet_machine_is_marked(load, marked):
    found = benchmark_facts(section(PGD, load=load))
    said = found.data["this run"]["load before the first row"]
    assert said == (f"{load}: not a quiet machine" if marked else f"{load}")
    assert found.to_html().count("font-weight") == marked


def test_facts_that_were_not_recorded():
    found = benchmark_facts(section(PGD, load=None, commit="unknown", note="rounded " * 20))
    shown = found.data["this run"]
    assert shown["load before the first row"] == "not recorded"
    assert shown["commit"] == "unknown"
    assert shown["note"] in found.to_html()  # a plain table would cut it


def test_no_rows():
    with pytest.raises(ValueError, match="section has no rows"):
        benchmark_table(section())


def test_what_has_not_run_has_its_command():
    text = not_run("cerebellum_cuda").text
    assert text == "*Not run.* It needs a GPU: `make bench ONLY=cerebellum_cuda`."
    with pytest.raises(ValueError, match=r"name is 'liver'; it may be one of cerebellum, cereb"):
        not_run("liver")
