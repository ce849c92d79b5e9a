import re
import subprocess

import numpy as np
import pytest
import torch

from helpers.records import provenance
from helpers.records.provenance import Meter, commit, describe, now, versions


@pytest.fixture
def repository(tmp_path):
    def git(*arguments):
        who = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "-q")
    (tmp_path / "results").mkdir()
    (tmp_path / "code.py").write_text("x = 1")
    git("add", ".")
    git("commit", "-qm", "first")
    return tmp_path, git("rev-parse", "HEAD")


def test_the_commit_of_a_clean_checkout(repository):
    root, head = repository
    assert commit(root) == head


def test_records_do_not_make_a_checkout_dirty_and_all_else_does(repository):
    root, head = repository
    (root / "results" / "lab.jsonl").write_text("{}")
    assert commit(root) == head
    (root / "new.py").write_text("")
    assert commit(root) == f"{head}-dirty"
    (root / "new.py").unlink()
    (root / "code.py").write_text("x = 2")
    assert commit(root) == f"{head}-dirty"


def test_the_commit_is_unknown_outside_a_checkout(tmp_path, monkeypatch):
    assert commit(tmp_path) == "unknown"
    monkeypatch.setenv("PATH", "")
    assert commit() == "unknown"


def test_a_surrounding_git_command_does_not_mislead(repository, tmp_path_factory, monkeypatch):
    root, head = repository
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("elsewhere")))
    assert commit(root) == head


@pytest.mark.parametrize(("count", "text"), [(1, "1 thread"), (3, "3 threads")])
def test_the_device_is_named_with_its_threads(monkeypatch, count, text):
    monkeypatch.setattr(torch, "get_num_threads", lambda: count)
    name, _, threads = describe(torch.device("cpu")).rpartition(", ")
    assert name
    assert threads == text


def test_the_time_is_utc_to_the_second():
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", now())


def test_the_versions_are_those_that_run():
    assert versions()["torch"] == torch.__version__


def test_the_meter_sees_the_memory_that_was_used_since(monkeypatch):
    ticks = iter([100.0, 107.25])
    monkeypatch.setattr(provenance.time, "monotonic", lambda: next(ticks))
    meter = Meter(torch.device("cpu"))
    before = provenance._peak_bytes() / 1e6
    block = np.ones(25_000_000)  # 200 MB
    del block
    reading = meter.read()
    assert reading["seconds"] == 7.2
    assert reading["peak_memory_mb"] >= before + 150
    assert set(reading) == {"seconds", "peak_memory_mb"}


@pytest.mark.skipif(not provenance._CLEAR.exists(), reason="the peak can be reset on Linux only")
def test_the_meter_does_not_see_what_was_freed_before():
    block = np.ones(50_000_000)  # 400 MB
    high = provenance._peak_bytes() / 1e6
    del block
    assert Meter(torch.device("cpu")).read()["peak_memory_mb"] < high - 300
