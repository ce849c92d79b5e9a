"""Every page can be read and used by everyone, in light mode and in dark mode: axe-core looks."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from helpers.paths import ROOT
from helpers.publish import Project
from helpers.publish.assets import fetch_vendor

pytestmark = [pytest.mark.browser, pytest.mark.book]

LOOK = """async () => {
  const found = await axe.run();
  return found.violations
    .filter(v => ["serious", "critical"].includes(v.impact))
    .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 300)}: ${n.failureSummary}`));
}"""


#: Names of controls are mended a moment after they are there.
READY = """() =>
  !document.querySelector('[role="slider"]:not([aria-label])') &&
  !document.querySelector("button[aria-label] svg title")
"""


@pytest.fixture(scope="module")
def axe() -> str:
    script: Path = fetch_vendor(ROOT / "package-lock.json") / "axe.min.js"
    return script.read_text("utf8")


@pytest.mark.parametrize("name", Project().pages)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_shuts_anyone_out(
    chromium: Browser, visited, built_book: Project, axe: str, scheme: str, name: str
):
    context = chromium.new_context(offline=True, color_scheme=scheme, reduced_motion="reduce")
    page = visited(context, built_book.html).page
    page.goto((built_book.html / f"{name}.html").as_uri())
    page.wait_for_load_state("load")
    # A button that is still fading to its colour is too pale for a moment.
    page.wait_for_function("document.getAnimations().length === 0")
    if page.locator('script[type="application/vnd.jupyter.widget-view+json"]').count():
        page.locator(".jupyter-widgets").first.wait_for()
    page.wait_for_function(READY)
    page.evaluate(axe)
    found = page.evaluate(LOOK)
    assert not found, f"{len(found)} problems; the first: {found[0]}"
