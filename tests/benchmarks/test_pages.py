import click
import pytest

from benchmarks import bench_pages
from benchmarks.browser import chromium_path, chromium_version
from helpers.publish import Project


def test_without_a_book_or_a_browser_it_says_what_is_missing(monkeypatch, tmp_path):
    empty = Project(tmp_path)
    monkeypatch.setattr(bench_pages, "Project", lambda: empty)
    monkeypatch.setattr(Project, "pages", ("front",))
    assert bench_pages.obstacle().endswith("front.html is missing; `make book` builds it")
    with pytest.raises(click.ClickException, match=r"cannot be looked at: .* is missing"):
        next(bench_pages.rows())
    empty.html.mkdir(parents=True)
    (empty.html / "front.html").write_text("")
    monkeypatch.setattr(bench_pages, "chromium_path", lambda: None)
    with pytest.raises(click.ClickException, match="there is none here"):
        next(bench_pages.rows())
    monkeypatch.setattr(bench_pages, "chromium_path", lambda: "/usr/bin/chromium")
    assert bench_pages.obstacle() is None


def test_the_browser_says_its_version(chromium):
    found = chromium_version(chromium_path())
    assert found == chromium.version  # which has it over its own protocol
    assert bench_pages.versions() == {"Chromium": found}


@pytest.mark.parametrize("said", ["", "no numbers"])
def test_a_browser_without_a_version(said, tmp_path):
    path = tmp_path / "chromium"
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)
    with pytest.raises(ValueError, match=f"chromium says '{said}' of its version; it may be num"):
        chromium_version(str(path))
