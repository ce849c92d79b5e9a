import click
import pytest

from benchmarks import bench_pages
from helpers.publish import Project


def test_without_a_book_or_a_browser_it_says_what_is_missing(monkeypatch, tmp_path):
    empty = Project(tmp_path)
    monkeypatch.setattr(bench_pages, "Project", lambda: empty)
    monkeypatch.setattr(Project, "pages", ("front",))
    with pytest.raises(
        click.ClickException, match=r"front\.html is missing; `make book` builds it"
    ):
        next(bench_pages.rows())
    empty.html.mkdir(parents=True)
    (empty.html / "front.html").write_text("")
    monkeypatch.setattr(bench_pages, "chromium_path", lambda: None)
    with pytest.raises(click.ClickException, match="there is none here"):
        next(bench_pages.rows())
