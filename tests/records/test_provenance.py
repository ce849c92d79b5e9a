import re
import subprocess

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
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "code.py").write_text("x = 1")
    (tmp_path / "requirements.txt").write_text("torch")
    (tmp_path / "page.md").write_text("text")
    git("add", ".")
    git("commit", "-qm", "first")
    return tmp_path, git("rev-parse", "HEAD")


def test_the_commit_of_a_clean_checkout(repository):
    root, head = repository
    assert commit(root) == head


def test_records_and_pages_do_not_make_a_checkout_dirty(repository):
    root, head = repository
    (root / "results" / "lab.jsonl").write_text("{}")
    (root / "page.md").write_text("other text")
    (root / "note.txt").write_text("")
    assert commit(root) == head


@pytest.mark.parametrize(
    "name", ["src/code.py", "src/new.py", "pyproject.toml", "requirements.txt"]
)
def test_code_and_requirements_make_a_checkout_dirty(repository, name):
    root, head = repository
    (root / name).write_text("other")
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


def test_the_meter_reads_seconds_and_megabytes(monkeypatch):
    ticks = iter([100.0, 107.25])
    monkeypatch.setattr(provenance.time, "monotonic", lambda: next(ticks))
    monkeypatch.setattr(provenance, "_peak_bytes", lambda: 200_040_000)
    reading = Meter(torch.device("cpu")).read()
    assert reading == {"seconds": 7.2, "peak_memory_mb": 200.0}


def test_the_meter_starts_with_a_reset_of_the_peak(monkeypatch, tmp_path):
    monkeypatch.setattr(provenance, "_CLEAR", tmp_path / "clear_refs")
    Meter(torch.device("cpu"))
    assert (tmp_path / "clear_refs").read_text() == "5"  # proc(5): resets VmHWM


def test_the_peak_is_read_in_bytes(monkeypatch, tmp_path):
    status = tmp_path / "status"
    status.write_text("VmPeak:\t  999 kB\nVmHWM:\t  1234 kB\nVmRSS:\t  17 kB\n")
    monkeypatch.setattr(provenance, "_STATUS", status)
    assert provenance._peak_bytes() == 1234 * 1024
