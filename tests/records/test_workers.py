"""Sweeps that several processes share."""

import multiprocessing

import pytest
import torch

from helpers.records import crew, sweep
from helpers.records.work import Job


def test_workers_share_the_sweep_and_survive_the_death_of_one(lab):
    lab.tell("die")
    told = []

    def doing(line):
        told.append(line)
        lab.tell("told")

    configs = lab.configs[:4]
    summary = sweep(lab.experiment, configs, **lab.options(workers=2, doing=doing))
    done = [record.config for record in summary.done]
    # The one that dies takes the run beside it along; new workers run the others.
    assert sorted(str(config) for config, _ in summary.failed) == sorted(map(str, configs[:2]))
    assert sorted(map(str, done)) == sorted(map(str, configs[2:]))
    assert all(error.startswith("BrokenProcessPool") for _, error in summary.failed)
    assert [line["config"] for line in lab.lines()] == done
    threads = max(1, torch.get_num_threads() // 2)
    assert all(f", {threads} thread" in line["provenance"]["device"] for line in lab.lines())
    assert told[0].endswith(": begins")
    lab.untell("die")
    assert len(sweep(lab.experiment, configs, **lab.options()).done) == 2
    assert len(lab.ran()) == len(set(lab.ran())) == 8


def test_an_error_ends_the_workers_and_no_other_child(lab):
    def say(line):
        if "failed" in line:
            raise BrokenPipeError

    context = multiprocessing.get_context("spawn")
    go = context.Event()
    other = context.Process(target=go.wait)
    other.start()
    lab.tell("no data")
    with pytest.raises(BrokenPipeError):
        sweep(lab.experiment, lab.configs, **lab.options(workers=2, say=say))
    go.set()
    other.join()
    assert other.exitcode == 0


def test_a_worker_that_has_loaded_other_code_does_not_run(lab):
    job = Job(
        experiment="fake/lab",
        run=lab.experiment.run,
        module="fakelab",
        config=lab.configs[0],
        wanted={"a": 10},
        folder=lab.cache,
        device="cpu",
        commit="unknown",
        code="0123456789abcdef",
        label="1/1",
    )
    with pytest.raises(RuntimeError, match="the code was changed after the sweep began"):
        crew._work_there(job)
    assert lab.ran() == []


@pytest.mark.parametrize("workers", [0, -1, 1.5])
def test_workers_are_a_whole_number_above_zero(lab, workers):
    with pytest.raises(ValueError, match="workers is"):
        sweep(lab.experiment, lab.configs, **lab.options(workers=workers))
