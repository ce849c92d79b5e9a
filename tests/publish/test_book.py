"""The whole build on a small book: what it does again, and what a failure leaves."""

import errno
import subprocess
import sys
from functools import partial

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers.publish import BookError, NotebookError, Project, book
from helpers.publish.book import build
from helpers.publish.pairs import read_source

HOLD = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def make(built):
    """Builds at smoke."""
    return partial(build, built, profile="smoke", say=lambda line: None)


@pytest.fixture
def edit(built):
    """Replaces text in a notebook, or writes a new one beside it, with its pair."""

    def edit(name: str, old: str = "", new: str = "") -> None:
        source = built.notebooks / f"{name}.py"
        first = (built.notebooks / "one" / "a.py").read_text()
        source.write_text((source.read_text() if source.exists() else first).replace(old, new))
        nbformat.write(read_source(source), built.pair(name))

    return edit


def _page(project: Project) -> str:
    return (project.html / "notebooks" / "one" / "a.html").read_text()


def test_a_page_says_what_its_notebook_printed_and_how_it_was_executed(built):
    assert "first text" in _page(built)
    assert "Executed at the <code" in _page(built)


def test_a_book_offers_its_records_and_its_notebooks(built):
    assert (built.html / "results" / "one" / "exact.jsonl").is_file()
    assert (built.html / "_sources" / "notebooks" / "one" / "a.ipynb").is_file()


def test_a_caption_links_to_its_record(built, make, edit):
    show = 'from helpers.figures.caption import Caption\nCaption("[{0}](../../{0})")'
    edit("one/a", 'print("first text")', show.format("results/one/exact.jsonl"))
    make()
    links = BeautifulSoup(_page(built), "html.parser").select(".cell_output a")
    assert [link["href"] for link in links] == ["../../results/one/exact.jsonl"]
    edit("one/a", "exact", "gone")
    with pytest.raises(BookError, match=r"leads to ../../results/one/gone.jsonl, which is not in"):
        make()


def test_nothing_is_done_again_when_nothing_changed(make):
    again = make()
    assert (again.executed, again.kept, again.rendered) == ([], ["one/a"], False)


def test_prose_is_rendered_without_executing(built, make):
    (built.root / "book" / "index.md").write_text("# Front\n\nOther words {cite}`key`.\n")
    prose = make()
    assert (prose.executed, prose.rendered) == ([], True)
    assert "Other words" in (built.html / "book" / "index.html").read_text()


def test_only_what_changed_is_executed(built, make, edit):
    edit("one/b")
    toc = built.root / "_toc.yml"
    toc.write_text(toc.read_text().replace('one/a"}', 'one/a"}, {"file": "notebooks/one/b"}'))
    assert make(only=["one/b"]).executed == ["one/b"]
    edit("one/a", "first", "second")
    assert make(only=["one/b"]).executed == []
    said: list[str] = []
    assert make(say=said.append).executed == ["one/a"]
    assert said[0] == "one/a will be executed: the notebook"
    assert "second text" in _page(built)
    assert make(force=True, only=["one/b"]).executed == ["one/b"]


def test_pairs_out_of_step_are_told_before_anything_runs(built, make):
    built.pair("one/a").unlink()
    with pytest.raises(BookError, match=r"out of step:\n  a.ipynb is missing; run `brains pair"):
        make()


def test_only_takes_notebooks_of_the_book(make):
    with pytest.raises(ValueError, match="only is 'one/z'; it may be one/a"):
        make(only=["one/z"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: state.write_text(""),
        lambda state: state.write_text('{"fingerprint": {'),
        lambda state: state.unlink(),
        lambda state: state.with_suffix(".ipynb").unlink(),
    ],
    ids=["empty", "torn", "missing", "notebook missing"],
)
@pytest.mark.parametrize("only", [[], ["one/b"]])
def test_what_is_half_there_counts_as_not_executed(built, make, edit, monkeypatch, spoil, only):
    edit("one/b")
    monkeypatch.setattr(book, "execute", _stand_in)
    monkeypatch.setattr(book, "_render", lambda *unused, **also: False)
    toc = built.root / "_toc.yml"
    toc.write_text(toc.read_text().replace('one/a"}', 'one/a"}, {"file": "notebooks/one/b"}'))
    make()
    spoil(built.build / "notebooks" / "smoke" / "one" / "a.json")
    assert make(only=only).executed == ["one/a"]
    assert make(only=only).executed == []


def test_a_build_that_is_killed_behind_a_notebook_leaves_no_older_state(
    built, make, edit, monkeypatch
):
    def killed(*unused):
        raise KeyboardInterrupt

    monkeypatch.setattr(book, "_render", lambda *unused, **also: False)
    with monkeypatch.context() as patch:
        patch.setattr(book, "write_state", killed)
        edit("one/a", "first", "second")
        with pytest.raises(KeyboardInterrupt):
            make()
    # The notebook is again what it was, and what lies there was executed in between.
    edit("one/a", "second", "first")
    assert make().executed == ["one/a"]
    assert (
        "second text" not in (built.build / "notebooks" / "smoke" / "one" / "a.ipynb").read_text()
    )


def _stand_in(tasks):
    """Executes nothing."""
    for task in tasks:
        task.output.parent.mkdir(parents=True, exist_ok=True)
        task.output.write_text("{}")
        task.done(0.0)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("1 +", r"a\.py, line \d+, '1 \+': invalid syntax"),
        ("import helpers.none", r"a\.py: a notebook imports helpers\.none, which helpers has not"),
    ],
)
def test_a_notebook_that_cannot_be_read_is_named(make, edit, code, problem):
    edit("one/a", 'print("first text")', code)
    with pytest.raises(NotebookError, match=problem):
        make()


def test_a_notebook_that_fails_leaves_the_last_good_page(built, make, edit):
    page = _page(built)
    edit("one/a", 'print("first text")', "1 / 0")
    with pytest.raises(NotebookError, match=r"a\.py, code cell 2 \(.*\): ZeroDivisionError"):
        make()
    assert _page(built) == page


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# Front\n\n{cite}`nobody`\n", "could not find bibtex key"),
        ("# Front\n\n[x](../notebooks/one/none.ipynb)\n", "none.ipynb"),
        ('# Front\n\n<img src="https://a.org/x.png">\n', "<img> needs https://a.org/x.png"),
    ],
)
def test_a_page_that_cannot_be_shown_leaves_the_last_good_one(built, make, text, problem):
    front = built.html / "book" / "index.html"
    before = front.read_bytes()
    (built.root / "book" / "index.md").write_text(text)
    for _ in range(2):  # a second build does not forget it
        with pytest.raises(BookError, match=problem):
            make()
    assert front.read_bytes() == before


@pytest.mark.parametrize("step", ["lay_out", "render", "put_in_place"])
def test_a_full_disk_is_told_and_leaves_the_last_good_pages(built, make, monkeypatch, step):
    front = built.html / "book" / "index.html"
    before = front.read_bytes()
    (built.root / "book" / "index.md").write_text("# Front\n\nOther words {cite}`key`.\n")

    def full(*unused: object, **also: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(book, step, full)
    with pytest.raises(BookError, match="The disk is full"):
        make()
    assert front.read_bytes() == before
    monkeypatch.undo()
    assert make().rendered


def test_a_second_build_says_so_and_waits(built, make):
    command = [sys.executable, "-c", HOLD, str(built.build / ".lock")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        said: list[str] = []

        def say(line: str) -> None:
            said.append(line)
            assert first.stdin is not None
            first.stdin.close()  # the first build ends once the second has said that it waits

        make(say=say)
    assert said == ["Another build is running in this checkout; waiting until it has ended."]
