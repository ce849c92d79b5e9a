import dataclasses
import time

import pytest
import torch
from filelock import Timeout

from helpers.code import code_hash
from helpers.records import Summary, append, key, read, sweep
from helpers.records import sweep as sweep_function
from helpers.records.partial import Partial
from helpers.records.store import file_lock


def home(lab, config):
    return lab.cache / "runs" / "fake" / "lab" / key("fake/lab", config)


def scratch(lab, config):
    return home(lab, config) / code_hash("fakelab")


def learner(lab, stop=False):
    """The experiment with a training: its weights are 1, or what a checkpoint holds."""

    def run(config, wanted, work):
        checkpoint = work.folder / "training.npz"
        if not checkpoint.exists():
            checkpoint.write_text("1")
        if stop:
            raise KeyboardInterrupt
        for name in wanted:
            yield name, float(checkpoint.read_text())

    return dataclasses.replace(lab.experiment, run=run)


def leave_old_weights(lab, config):
    """What a training under older code left, now and before each code had a folder."""
    for folder in (home(lab, config), home(lab, config) / "0123456789abcdef"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "training.npz").write_text("7")


def test_a_sweep_writes_one_line_per_run_in_the_order_given(lab):
    summary = sweep(lab.experiment, lab.configs, **lab.options())
    lines = lab.lines()
    assert [line["config"] for line in lines] == lab.configs
    assert lines[1]["metrics"] == {"a": 2.0, "b": 4.0}
    assert lines[1]["n"] == {"a": 10, "b": 10}
    assert [record.config for record in summary.done] == lab.configs
    assert not any([summary.present, summary.elsewhere, summary.left_out, summary.failed])


def test_a_record_names_what_produced_it(lab):
    sweep(lab.experiment, lab.configs[:1], **lab.options())
    (line,) = lab.lines()
    assert set(line["provenance"]) == {
        *("commit", "code", "device", "torch", "python"),
        *("seconds", "peak_memory_mb", "created"),
    }
    assert line["provenance"]["code"] == code_hash("fakelab")
    assert line["provenance"]["torch"] == torch.__version__


def test_nothing_runs_twice(lab):
    sweep(lab.experiment, lab.configs, **lab.options())
    before = lab.path.read_bytes()
    summary = sweep(lab.experiment, lab.configs, **lab.options())
    assert summary == Summary(present=lab.configs)
    assert lab.path.read_bytes() == before


def test_only_the_metrics_that_are_missing_are_computed(lab, record):
    config = lab.configs[0]
    append(lab.path, record({"a": 7.0, "b": 7.0}, {"a": 10, "b": 5}, config), lab.cache)
    sweep(lab.experiment, [config], **lab.options())
    assert lab.ran() == ["1 0 b"]
    (merged,) = read(lab.path)
    assert merged.metrics == {"a": 7.0, "b": 2.0}
    # Which of them is of older code stays visible.
    assert merged.origin("a")["code"] == "c0"
    assert merged.origin("b")["code"] == code_hash("fakelab")


def test_weights_that_older_code_trained_are_not_used(lab, record):
    config = lab.configs[0]
    leave_old_weights(lab, config)
    append(lab.path, record({"a": 7.0}, config=config), lab.cache)
    sweep(learner(lab), [config], **lab.options())
    (merged,) = read(lab.path)
    assert merged.metrics == {"a": 7.0, "b": 1.0}
    assert [path.name for path in home(lab, config).iterdir()] == [code_hash("fakelab")]


def test_weights_of_the_same_code_are_used_again(lab):
    config = lab.configs[0]
    scratch(lab, config).mkdir(parents=True)
    (scratch(lab, config) / "training.npz").write_text("3")
    sweep(learner(lab), [config], **lab.options())
    assert lab.lines()[0]["metrics"] == {"a": 3.0, "b": 3.0}


@pytest.mark.parametrize("stale", [True, False])
def test_a_renewal_that_was_interrupted_does_not_take_up_older_weights(lab, record, stale):
    config = lab.configs[0]
    leave_old_weights(lab, config)
    append(lab.path, record({"a": 7.0}, config=config, code="old"), lab.cache)
    with pytest.raises(KeyboardInterrupt):
        sweep(learner(lab, stop=True), [config], **lab.options(stale=stale))
    sweep(learner(lab), [config], **lab.options(stale=True))
    (merged,) = read(lab.path)
    assert merged.metrics == {"a": 1.0, "b": 1.0}


def test_the_code_of_a_record_is_what_the_process_began_with(lab):
    began = code_hash("fakelab")
    first, second = lab.configs[:2]
    sweep(lab.experiment, [first], **lab.options())
    source = lab.folder / "fakelab" / "__init__.py"
    source.write_text(source.read_text() + "\nNEW = 1\n")
    assert code_hash("fakelab") != began
    sweep(lab.experiment, [second], **lab.options())
    assert [line["provenance"]["code"] for line in lab.lines()] == [began, began]


def test_what_a_run_yields_unasked_is_not_kept(lab):
    def run(config, wanted, work):
        yield "free", 1.0
        yield from lab.experiment.run(config, wanted, work)

    experiment = dataclasses.replace(lab.experiment, run=run)
    sweep(experiment, lab.configs[:1], **lab.options())
    assert lab.lines()[0]["metrics"] == {"a": 1.0, "b": 2.0}


def test_stale_renews_what_older_code_made(lab, record):
    config = lab.configs[0]
    old = record({"a": 7.0, "b": 7.0}, {"a": 20, "b": 10}, config, code="old")
    append(lab.path, old, lab.cache)
    checkpoint = home(lab, config) / "old" / "training.npz"
    checkpoint.parent.mkdir(parents=True)
    checkpoint.touch()
    assert sweep(lab.experiment, [config], **lab.options()).present == [config]
    sweep(lab.experiment, [config], **lab.options(stale=True))
    (merged,) = read(lab.path)
    assert merged.metrics == {"a": 1.0, "b": 2.0}
    assert merged.n == {"a": 20, "b": 10}
    assert not checkpoint.exists()  # it was trained by the older code
    assert sweep(lab.experiment, [config], **lab.options(stale=True)).present == [config]


def test_a_run_that_fails_is_shown_and_the_others_go_on(lab):
    lab.tell("fail")
    lines = []
    summary = sweep(lab.experiment, lab.configs[:3], **lab.options(say=lines.append))
    assert [line["config"]["x"] for line in lab.lines()] == [1, 3]
    ((config, error),) = summary.failed
    assert config == lab.configs[1]
    assert error.startswith("ArithmeticError: two is too much (traceback in ")
    (shown,) = [line for line in lines if "failed" in line]
    assert "2/3 x=2" in shown
    traceback = (scratch(lab, config) / "error.txt").read_text()
    assert "in run" in traceback
    # The lock is free again, and what failed can run.
    lab.untell("fail")
    assert len(sweep(lab.experiment, lab.configs[:3], **lab.options()).done) == 1


@pytest.mark.parametrize(
    ("yielded", "message"),
    [
        ([("a", 1.0)], "RuntimeError: the run ended without b"),
        ([("a", float("nan"))], "ValueError: metric a is nan"),
    ],
)
def test_a_run_that_does_not_keep_its_word_fails(lab, yielded, message):
    experiment = dataclasses.replace(lab.experiment, run=lambda *arguments: iter(yielded))
    summary = sweep(experiment, lab.configs[:1], **lab.options())
    assert summary.failed[0][1].startswith(message)
    assert not lab.path.exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_data_that_cannot_be_used_fail_their_run_and_no_other(lab, workers):
    lab.tell("no data")  # of the runs with x = 2
    said = []
    options = lab.options(workers=workers, say=said.append)
    summary = sweep(lab.experiment, lab.configs, **options)
    healthy = [config for config in lab.configs if config["x"] != 2]
    written = [record.config for record in read(lab.path)]
    assert sorted(map(str, written)) == sorted(map(str, healthy))
    failed = dict(sorted((config["seed"], error) for config, error in summary.failed))
    assert failed[0].startswith("only a stand-in is here (book/data.md says how each file comes ")
    assert failed[1].startswith("DataError: a file is torn (traceback in ")
    assert len([line for line in said if "failed: " in line]) == len(summary.failed) == 2


def test_a_run_that_does_not_fit_the_budget_does_not_start(lab):
    lines = []
    summary = sweep(lab.experiment, lab.configs, **lab.options(budget_s=3600, say=lines.append))
    assert [record.config["x"] for record in summary.done] == [1, 2, 1, 2]
    assert [config["x"] for config in summary.left_out] == [3, 3]
    assert "3/6 x=3 seed=0: left out, it takes about 100 min" in "\n".join(lines)
    assert sweep(lab.experiment, lab.configs[:1], **lab.options(budget_s=0)).present


def test_an_interrupted_run_goes_on_behind_its_last_metric(lab):
    def interrupted(config, wanted, work):
        for name, value in lab.experiment.run(config, wanted, work):
            yield name, value
            raise KeyboardInterrupt

    experiment = dataclasses.replace(lab.experiment, run=interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(experiment, lab.configs[:1], **lab.options())
    assert not lab.path.exists()
    sweep(lab.experiment, lab.configs[:1], **lab.options())
    assert lab.ran() == ["1 0 a", "1 0 b"]
    assert lab.lines()[0]["metrics"] == {"a": 1.0, "b": 2.0}
    assert not (scratch(lab, lab.configs[0]) / "partial.json").exists()


def test_metrics_of_other_code_are_not_taken_up(lab):
    config = lab.configs[0]
    Partial({"a": 7.0}, {"a": 10}).save(home(lab, config) / "other code")
    sweep(lab.experiment, [config], **lab.options())
    assert lab.lines()[0]["metrics"] == {"a": 1.0, "b": 2.0}


def test_the_cost_of_all_tries_is_counted(lab):
    config = lab.configs[0]
    partial = Partial({"a": 7.0}, {"a": 10})
    partial.cost = {"seconds": 1000.0, "peak_memory_mb": 1e6}
    partial.save(scratch(lab, config))
    sweep(lab.experiment, [config], **lab.options())
    (line,) = lab.lines()
    assert 1000 <= line["provenance"]["seconds"] < 1100
    assert line["provenance"]["peak_memory_mb"] == 1e6


def test_a_try_that_ends_before_its_first_metric_costs_too(lab):
    config = lab.configs[0]

    def run(config, wanted, work):
        time.sleep(0.3)
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        sweep(dataclasses.replace(lab.experiment, run=run), [config], **lab.options())
    assert Partial.open(scratch(lab, config)).cost["seconds"] >= 0.3


def test_a_run_that_another_process_has_is_left_to_it(lab):
    lines = []
    with file_lock(home(lab, lab.configs[1]), lab.cache):
        summary = sweep(lab.experiment, lab.configs[:3], **lab.options(say=lines.append))
    assert summary.elsewhere == [lab.configs[1]]
    assert [line["config"]["x"] for line in lab.lines()] == [1, 3]
    assert "2/3 x=2: another process is running it" in lines


def test_a_run_that_was_done_since_the_plan_was_made_does_not_run_again(lab):
    def run(config, wanted, work):
        # While the first run is computed, another process runs the second.
        if config == lab.configs[0]:
            sweep_function(lab.experiment, lab.configs[1:2], **lab.options())
        yield from lab.experiment.run(config, wanted, work)

    experiment = dataclasses.replace(lab.experiment, run=run)
    summary = sweep(experiment, lab.configs[:2], **lab.options())
    assert summary.present == lab.configs[1:2]
    assert lab.ran() == ["2 0 a", "2 0 b", "1 0 a", "1 0 b"]


def test_a_run_is_free_for_others_as_soon_as_it_has_ended_or_is_left_out(lab, record):
    present, ended, left_out, last = (lab.configs[i] for i in (0, 1, 2, 3))
    append(lab.path, record({"a": 1.0, "b": 1.0}, config=present), lab.cache)

    def run(config, wanted, work):
        if config == last:
            for other in (present, ended, left_out):
                with file_lock(home(lab, other), lab.cache).acquire(timeout=0):
                    pass
            with pytest.raises(Timeout):
                file_lock(home(lab, last), lab.cache).acquire(timeout=0)
        yield from lab.experiment.run(config, wanted, work)

    experiment = dataclasses.replace(lab.experiment, run=run)
    summary = sweep(experiment, lab.configs[:4], **lab.options(budget_s=3600))
    assert [each.config for each in summary.done] == [ended, last]
    assert summary.left_out == [left_out]


def test_what_a_run_is_doing_is_told_with_its_name(lab):
    told = []
    sweep(lab.experiment, lab.configs[:2], **lab.options(doing=told.append))
    assert told == ["1/2 x=1: begins", "2/2 x=2: begins"]
