"""The built book passes its guard, and offers what its pages promise."""

import re

import pytest

from helpers.publish import Project
from helpers.publish.guard import problems_of

pytestmark = pytest.mark.book


def test_the_guard_finds_nothing(built_book: Project):
    assert list(problems_of(built_book.html, built_book.pages)) == []


def test_every_notebook_can_be_downloaded_from_its_page(built_book: Project):
    for name in built_book.published():
        page = (built_book.html / "notebooks" / f"{name}.html").read_text("utf8")
        assert f"_sources/notebooks/{name}.ipynb" in page
        assert (built_book.html / "_sources" / "notebooks" / f"{name}.ipynb").is_file()


def test_every_executed_page_says_its_profile(built_book: Project):
    for name in built_book.published():
        page = (built_book.html / "notebooks" / f"{name}.html").read_text("utf8")
        assert "Executed at the <code" in page


def test_no_button_leads_to_a_repository_that_is_not_configured(built_book: Project):
    front = (built_book.html / "notebooks" / "front_page.html").read_text("utf8")
    for place in ("mybinder.org", "colab.research.google.com", "github.com/executablebooks"):
        assert place not in front


def test_the_first_page_is_the_front_page(built_book: Project):
    assert "url=notebooks/front_page.html" in built_book.index.read_text("utf8")


def test_a_page_is_light(built_book: Project):
    """At most 2 MB for a page with its pictures, beyond the scripts that all pages share."""
    for name in built_book.published():
        page = built_book.html / "notebooks" / f"{name}.html"
        text = page.read_text("utf8")
        pictures = {
            (page.parent / found).resolve()
            for found in re.findall(r'src="([^"]*_images/[^"]*)"', text)
        }
        assert page.stat().st_size + sum(path.stat().st_size for path in pictures) < 2e6, name
