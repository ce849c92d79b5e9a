"""Notebooks that run, fail, die, hang and find the disk full."""

import io
import sys
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from helpers.publish import BookError, NotebookError
from helpers.publish.errors import full_disk_named
from helpers.publish.execute import Task, execute

#: Linux says "no space left on device" to whoever writes to this file.
FULL = Path("/dev/full")


@pytest.fixture
def task(mini, write):
    def task(cells, **settings):
        source = write("one/a", cells)
        output = mini.build / "notebooks" / "a.ipynb"
        return Task("one/a", source, output, "smoke", **settings)

    return task


def _good(task: Task) -> Task:
    """A task whose output has been written by an earlier build."""
    task.output.parent.mkdir(parents=True)
    task.output.write_text("the last good one")
    return task


def _plain() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=200)


def test_the_notebook_sees_its_profile_its_folder_and_our_kernel(task):
    cells = '\n# %%\nimport os, sys\nprint(profile, os.environ["BORROWED_BRAINS_PROFILE"])'
    cells += "\nprint(os.getcwd()); print(sys.prefix)\n"
    job = task(cells)
    execute([job], console=_plain())
    printed = nbformat.read(job.output, as_version=4).cells[-1].outputs[0].text
    # The source says laptop; papermill's parameter comes after it.
    assert printed.splitlines() == ["smoke smoke", str(job.source.parent), sys.prefix]


def test_sources_are_not_written_and_nothing_is_left_over(task):
    job = task("\n# %%\n1\n")
    before = job.source.read_bytes()
    execute([job], console=_plain())
    assert job.source.read_bytes() == before
    assert [path.name for path in job.source.parent.iterdir()] == ["a.py"]
    assert [path.name for path in job.output.parent.iterdir()] == ["a.ipynb"]


def test_an_executed_notebook_holds_no_timings(task):
    job = task("\n# %%\n1\n")
    execute([job], console=_plain())
    assert "start_time" not in job.output.read_text()


def test_what_was_logged_leaves_no_empty_frame(task):
    job = task('\n# %%\nimport sys\nprint("lost", file=sys.stderr)\nprint("kept")\n')
    execute([job], console=_plain())
    outputs = nbformat.read(job.output, as_version=4).cells[-1].outputs
    assert [each.text for each in outputs] == ["kept\n"]


def test_widgets_keep_their_state_for_the_page(task):
    job = task("\n# %%\nimport ipywidgets\nipywidgets.IntSlider(value=3)\n")
    execute([job], console=_plain())
    state = nbformat.read(job.output, as_version=4).metadata.widgets
    models = state["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert any(model["state"].get("value") == 3 for model in models)


def test_an_exception_is_told_with_its_cell_and_leaves_the_last_good_notebook(task):
    job = _good(task('\n# %%\n1\n\n# %%\n\nraise RuntimeError("no spikes")\n'))
    with pytest.raises(NotebookError) as caught:
        execute([job], console=_plain())
    first = str(caught.value).splitlines()[0]
    line = '`raise RuntimeError("no spikes")`'
    assert first == f"{job.source}, code cell 3 ({line}): RuntimeError: no spikes"
    assert "Traceback" in str(caught.value)
    assert job.output.read_text() == "the last good one"
    assert [path.name for path in job.output.parent.iterdir()] == ["a.ipynb"]


def test_a_killed_kernel_is_told_with_its_cell(task):
    job = _good(task("\n# %%\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"))
    with pytest.raises(
        NotebookError, match=r"code cell 2 \(`import os, signal`\): the kernel died"
    ):
        execute([job], console=_plain())
    assert job.output.read_text() == "the last good one"


def test_a_cell_that_takes_too_long_is_stopped(task):
    job = _good(task("\n# %%\nimport time\ntime.sleep(600)\n", timeout=1))
    with pytest.raises(NotebookError, match=r"code cell 2 .* took more than 1 seconds"):
        execute([job], console=_plain())
    assert job.output.read_text() == "the last good one"


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has /dev/full")
def test_a_full_disk_is_told_and_leaves_the_last_good_notebook(task, monkeypatch):
    job = _good(task("\n# %%\n1\n"))
    module = sys.modules[execute.__module__]
    monkeypatch.setattr(module, "replacing", lambda path: nullcontext(FULL))
    with pytest.raises(NotebookError, match="the disk is full"):
        execute([job], console=_plain())
    assert job.output.read_text() == "the last good one"


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has /dev/full")
def test_a_disk_that_is_full_for_the_notebook_itself_is_told(task):
    job = task('\n# %%\nwith open("/dev/full", "w") as file:\n    file.write("x")\n')
    with pytest.raises(NotebookError, match=r"code cell 2 .*OSError.*\nThe disk is full"):
        execute([job], console=_plain())


def test_a_worker_that_cannot_start_is_quoted(task, monkeypatch):
    job = task("\n# %%\n1\n")
    job.source.write_text("# %%\n1\n")  # no parameters cell
    with pytest.raises(NotebookError, match="has 0 cells tagged 'parameters'"):
        execute([job], console=_plain())


def test_one_failure_does_not_keep_the_others_from_running(mini, write):
    output = mini.build / "notebooks"
    sources = [write("one/a", "\n# %%\n1 / 0\n"), write("one/b", ""), write("one/c", "\n# %%\nx\n")]
    jobs = [Task(path.stem, path, output / f"{path.stem}.ipynb", "smoke") for path in sources]
    with pytest.raises(NotebookError) as caught:
        execute(jobs, console=_plain())
    assert "ZeroDivisionError" in str(caught.value)
    assert "NameError: name 'x' is not defined" in str(caught.value)
    assert [path.name for path in output.iterdir()] == ["b.ipynb"]


def test_what_comes_before_a_notebook_is_in_place_and_what_comes_after(task):
    seen = []

    def before():
        seen.append(job.output.read_text())

    def done(seconds):
        seen.append(job.output.read_text() != seen[0])

    job = _good(task("\n# %%\n1\n", before=before, done=done))
    execute([job], console=_plain())
    assert seen == ["the last good one", True]


def test_progress_names_the_notebook_in_plain_lines_and_on_a_terminal(task):
    done: list[float] = []
    job = task("\n# %%\n1\n", done=done.append)
    plain = _plain()
    execute([job], console=plain)
    lines = plain.file.getvalue().splitlines()
    assert lines[0] == "one/a: executing"
    assert lines[1].startswith("one/a: ")
    assert len(done) == 1
    terminal = Console(file=io.StringIO(), force_terminal=True, width=80)
    execute([job], console=terminal)
    assert "one/a" in terminal.file.getvalue()
    assert "cell" in terminal.file.getvalue()


def test_no_notebook_is_no_work():
    execute([], console=_plain())


def test_other_errors_of_the_system_are_not_called_a_full_disk():
    with pytest.raises(PermissionError), full_disk_named("trying"):
        raise PermissionError(13, "no")
    with (
        pytest.raises(BookError, match=r"The disk is full: .* while trying"),
        full_disk_named("trying"),
    ):
        raise OSError(28, "No space left on device")
