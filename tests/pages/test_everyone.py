"""Every page can be read and used by everyone, in light mode and in dark mode: axe-core looks."""

import pytest
from playwright.sync_api import Browser

from helpers.publish import Project

pytestmark = [pytest.mark.browser, pytest.mark.book]


@pytest.mark.parametrize("name", Project().pages)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_shuts_anyone_out(
    chromium: Browser, visited, built_book: Project, barriers, scheme: str, name: str
):
    context = chromium.new_context(offline=True, color_scheme=scheme, reduced_motion="reduce")
    page = visited(context, built_book.html).page
    page.goto((built_book.html / f"{name}.html").as_uri())
    page.wait_for_load_state("load")
    # A button that is still fading to its colour is too pale for a moment.
    page.wait_for_function("document.getAnimations().length === 0")
    if page.locator('script[type="application/vnd.jupyter.widget-view+json"]').count():
        page.locator(".lm-Widget").first.wait_for()
    found = barriers(page)
    assert not found, f"{len(found)} problems; the first: {found[0]}"
