import json
import os

import pytest

from helpers.cli.run import select
from helpers.experiments import StandInError
from helpers.profiles import VARIABLE


def lines(tmp_path):
    path = tmp_path / "results" / "fake" / "lab.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_run_writes_its_records_and_says_so(brains, experiment, tmp_path):
    status, out, err = brains("run", "fake/lab", "--where", "ltd=false")
    assert (status, err) == (0, "")
    assert [line["metrics"] for line in lines(tmp_path)] == [{"acc": 51.0}, {"acc": 52.0}]
    assert "fake/lab, profile laptop: 2 configurations" in out
    assert "1/2 k=1: starts, about 30 min" in out
    assert "1/2 k=1: at work" in out
    assert "2/2 k=2: acc 52 (" in out
    assert out.splitlines()[-1].endswith("  2 run")


def test_the_second_time_there_is_nothing_to_do(brains, experiment):
    brains("run", "fake/lab", "--where", "k=1")
    status, out, _ = brains("run", "fake/lab", "--where", "k=1")
    assert status == 0
    assert "2 there already" in out


def test_a_failed_run_is_status_1_and_the_others_are_there(brains, experiment, tmp_path):
    status, out, err = brains("run", "fake/lab")
    assert status == 1
    assert len(lines(tmp_path)) == 3
    assert "4/4 k=2 ltd=true: failed: ArithmeticError: too much" in out
    assert err == "Error: 1 of 4 runs failed\n"


def test_a_stand_in_fails_its_run_and_the_others_are_there(brains, experiment, tmp_path):
    def run(config, wanted, work):
        if config["ltd"]:
            raise StandInError("this run needs mnist, and only digits is here")
        yield "acc", 1.0

    experiment(run=run)
    status, out, err = brains("run", "fake/lab")
    assert (status, err) == (1, "Error: 2 of 4 runs failed\n")
    text = "failed: this run needs mnist, and only digits is here (book/data.md says"
    assert out.count(text) == 2
    assert [line["config"]["ltd"] for line in lines(tmp_path)] == [False, False]


def test_an_interruption_says_how_to_go_on(brains, experiment):
    def run(config, wanted, work):
        raise KeyboardInterrupt
        yield

    experiment(run=run)
    status, out, err = brains("run", "fake/lab")
    assert (status, err) == (130, "")
    assert out.endswith("interrupted; the same command goes on where it stopped\n")


def test_the_budget_leaves_out_what_does_not_fit(brains, experiment, tmp_path):
    status, out, _ = brains("run", "fake/lab", "--budget", "45m")
    assert status == 0
    assert [line["config"]["k"] for line in lines(tmp_path)] == [1, 1]
    assert "2 run, 2 left out for the budget" in out


@pytest.mark.parametrize("budget", ["20", "m", "-5m", "1d", "nanm"])
def test_a_budget_needs_a_unit(brains, budget):
    status, _, err = brains("run", "fake/lab", f"--budget={budget}")
    assert status == 2
    assert f"it is '{budget}'; it may be a number with s, m or h" in err


@pytest.mark.parametrize(
    ("budget", "seconds"), [("90s", 90), ("20m", 1200), ("2h", 7200), ("1.5m", 90)]
)
def test_budgets_are_seconds(budget, seconds):
    from helpers.cli.run import Budget

    assert Budget().convert(budget, None, None) == seconds


def test_where_filters_and_a_key_given_twice_takes_either(brains, experiment, tmp_path):
    brains("run", "fake/lab", "--where", "k=1", "--where", "k=2", "--where", "ltd=false")
    assert [line["config"]["k"] for line in lines(tmp_path)] == [1, 2]


@pytest.mark.parametrize(
    ("wheres", "message"),
    [
        (["kk=1"], "--where names 'kk'; it may name one of k, ltd, seed"),
        (["k=3"], "--where k is 3; it may be one of 1, 2"),
        (["ltd=1"], "--where ltd is 1; it may be one of false, true"),
        (["ltd=no"], '--where ltd is "no"; it may be one of false, true'),
        (["k"], "--where is 'k'; it may be KEY=VALUE"),
    ],
)
def test_a_filter_that_matches_nothing_lists_what_there_is(brains, experiment, wheres, message):
    status, _, err = brains("run", "fake/lab", *(f"--where={where}" for where in wheres))
    assert (status, err) == (2, f"Error: {message}\n")


def test_filters_that_exclude_each_other_are_named(brains, experiment):
    configs = [{"a": 1, "b": 1}, {"a": 2, "b": 2}]
    experiment(grid=lambda profile: configs)
    status, _, err = brains("run", "fake/lab", "--where", "a=1", "--where", "b=2")
    assert (status, err) == (2, "Error: no configuration matches --where a=1 --where b=2\n")


def test_a_dry_run_shows_what_is_missing_and_writes_nothing(brains, experiment, tmp_path):
    brains("run", "fake/lab", "--where", "k=1", "--where", "ltd=true")
    before = lines(tmp_path)
    status, out, _ = brains("run", "fake/lab", "--dry-run")
    assert status == 0
    assert "3 of 4 configurations would run, about 150 min on two cores." in out
    assert "k=2 ltd=true" in out
    assert "k=1 ltd=true" not in out
    assert lines(tmp_path) == before
    assert max(map(len, out.splitlines())) <= 100


def test_a_dry_run_says_what_some_of_the_metrics_take_at_most(brains, experiment):
    experiment(grid=lambda profile: [{"k": k, "seed": 0} for k in (1, 2)], run=both)
    brains("run", "fake/lab", "--where", "k=1")
    experiment(
        grid=lambda profile: [{"k": k, "seed": 0} for k in (1, 2)],
        run=both,
        metrics=lambda config, profile: {"acc": 10, "more": 10},
        minutes=lambda config: 2.5,
    )
    _, out, _ = brains("run", "fake/lab", "--dry-run")
    rows = [[cell.strip() for cell in line.split("│")] for line in out.splitlines() if "│" in line]
    assert rows == [["", "k=1", "more", "at most 2.5", ""], ["", "k=2", "all 2", "2.5", ""]]
    assert "2 of 2 configurations would run, at most 5 min on two cores." in out
    _, out, _ = brains("run", "fake/lab")
    assert "1/2 k=1: starts, at most 2 min" in out
    assert "2/2 k=2: starts, about 2 min" in out


def both(config, wanted, work):
    yield from ((name, 1.0) for name in wanted)


def test_a_dry_run_at_smoke_shows_no_cost(brains, experiment):
    _, out, _ = brains("run", "fake/lab", "--dry-run", "--profile", "smoke", "--budget", "1s")
    assert "the only one" in out
    assert out.endswith("\n1 of 1 configurations would run.\n")
    assert "min" not in out


@pytest.mark.parametrize(
    ("workers", "runs", "said"),
    [
        (1, [1, 1], "2 of 4 configurations would run, about 60 min on two cores; 2 would be left"),
        (2, [1, 1, 2, 2], "4 of 4 configurations would run, about 180 min on two cores."),
    ],
)
def test_a_dry_run_leaves_out_what_the_budget_does(brains, experiment, workers, runs, said):
    _, out, _ = brains("run", "fake/lab", "--dry-run", "--budget", "95m", f"--workers={workers}")
    shown = [int(line.split("k=")[1][0]) for line in out.splitlines() if "k=" in line]
    assert shown == runs
    assert said in out


def test_dear_first_begins_with_what_takes_longest(brains, experiment, tmp_path):
    experiment(minutes=lambda config: 10 * config["k"])
    brains("run", "fake/lab", "--where", "ltd=false", "--dear-first")
    assert [line["config"]["k"] for line in lines(tmp_path)] == [2, 1]


def test_stale_renews_what_older_code_made(brains, experiment, tmp_path):
    brains("run", "fake/lab", "--where", "k=1")
    experiment(module="helpers.profiles")
    _, out, _ = brains("run", "fake/lab", "--where", "k=1", "--stale", "--dry-run")
    assert "2 of 2 configurations would run" in out
    brains("run", "fake/lab", "--where", "k=1", "--stale")
    assert len(lines(tmp_path)) == 4
    assert len({line["provenance"]["code"] for line in lines(tmp_path)}) == 2


def test_the_list_names_every_experiment(brains, experiment):
    assert brains("run", "--list") == (0, "fake/lab: a tiny experiment\n", "")


def test_the_list_takes_no_experiment(brains, experiment):
    status, out, err = brains("run", "--list", "nonsense")
    assert (status, out) == (2, "")
    assert err == "Error: --list lists all experiments; it may stand without 'nonsense'\n"


@pytest.mark.parametrize("name", [[], ["fake/none"]])
def test_an_unknown_experiment_is_refused(brains, experiment, name):
    status, _, err = brains("run", *name)
    assert status == 2
    assert "it may be one of fake/lab" in err


def test_the_profile_decides_the_grid_and_the_data(brains, experiment, tmp_path):
    seen = []

    def run(config, wanted, work):
        seen.append(os.environ[VARIABLE])
        yield "acc", 1.0

    experiment(run=run)
    brains("run", "fake/lab", "--profile", "smoke")
    assert seen == ["smoke"]


def test_smoke_runs_are_no_results(brains, experiment, tmp_path):
    status, out, err = brains("run", "fake/lab", "--profile", "smoke")
    assert status == 0
    assert lines(tmp_path) == []
    (file,) = tmp_path.rglob("smoke/fake/lab.jsonl")
    assert json.loads(file.read_text())["config"]["k"] == 0
    assert str(file) in out + err


@pytest.mark.parametrize(
    ("asked", "seen"), [([], "cuda"), (["--device", "cpu"], "cpu"), (["--device", "cuda"], "cuda")]
)
def test_it_computes_on_a_gpu_where_there_is_one_unless_told_otherwise(
    brains, experiment, monkeypatch, asked, seen
):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    found = []

    def noted(*arguments, device, **options):
        found.append(device)
        raise KeyboardInterrupt

    monkeypatch.setattr("helpers.records.sweep", noted)
    assert brains("run", "fake/lab", *asked)[0] == 130
    assert found == [seen]


def test_a_missing_gpu_is_refused(brains, experiment, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    status, _, err = brains("run", "fake/lab", "--device", "cuda")
    assert (status, err) == (
        2,
        "Error: --device is 'cuda'; torch sees no GPU here, so it may be cpu\n",
    )


def test_a_broken_file_of_records_ends_in_one_line(brains, experiment, tmp_path):
    path = tmp_path / "results" / "fake" / "lab.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("nonsense\n")
    status, _, err = brains("run", "fake/lab")
    assert status == 1
    assert err.startswith(f"Error: {path}, line 1 is not a run record")
    assert len(err.splitlines()) == 1


def test_a_torn_last_line_is_noted_in_one_line(brains, experiment, tmp_path):
    path = tmp_path / "results" / "fake" / "lab.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text('{"exp')
    status, _, err = brains("run", "fake/lab", "--dry-run")
    assert status == 0
    assert err.startswith(f"Warning: {path}: the last line is torn")
    assert len(err.splitlines()) == 1


def test_a_filter_may_mean_a_text_that_looks_like_a_number():
    configs = [{"undone": "1"}, {"undone": "none"}]
    assert select(configs, ["undone=1"]) == select(configs, ['undone="1"']) == configs[:1]
