"""Every page in headless Chromium, from the file system and with the network cut off."""

import pytest
from playwright.sync_api import Browser

from helpers.publish import Project

pytestmark = [pytest.mark.browser, pytest.mark.book]

PAGES = Project().pages
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
#: What the pages draw after they have been loaded.
DRAWN = """() => {
  const formulas = [...document.querySelectorAll(".math")];
  const views = document.querySelectorAll('script[type$="widget-view+json"]');
  return formulas.every(f => f.querySelector("mjx-container"))
    && [...views].every(v => v.parentElement.querySelector(".lm-Widget, .widget-inline"));
}"""


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, chromium: Browser, visited, built_book: Project):
    """A page of the book, open and empty, at phone and desk size."""
    context = chromium.new_context(viewport=SIZES[request.param], offline=True)
    return visited(context, built_book.html)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_everything_and_needs_nothing_else(visit, built_book: Project, name: str):
    page = visit.page
    page.goto((built_book.html / f"{name}.html").as_uri())
    page.wait_for_load_state("load")
    page.wait_for_function(DRAWN, timeout=30_000)
    assert page.locator("mjx-merror, [data-mjx-error]").all_inner_texts() == []
    broken = "images => images.filter(i => !(i.complete && i.naturalWidth)).map(i => i.src)"
    assert page.locator("article img").evaluate_all(broken) == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), "scrolls sideways"
    assert visit.problems == []


def test_the_front_page_opens_by_double_click(visit, built_book: Project):
    visit.page.goto(built_book.index.as_uri())
    visit.page.wait_for_url("**/notebooks/front_page.html")
    visit.page.locator("article h1").wait_for(state="visible")
    assert visit.problems == []


def test_the_search_finds_a_page_without_a_server(visit, built_book: Project):
    visit.page.goto((built_book.html / "search.html").as_uri() + "?q=cerebellum")
    visit.page.wait_for_selector("#search-results li a")
    assert visit.problems == []
