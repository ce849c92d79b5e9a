"""A built page with an explorer in headless Chromium: how long until it answers, and an attack."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import click
from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium_at, chromium_path, chromium_version
from benchmarks.harness import share
from helpers.publish import Project
from helpers.records.benchmark import Row

#: Seconds until a reader can move a slider and sees another answer, and for a whole attack.
ANSWER, ATTACK = 3.0, 0.1
ROUNDS = 5
IMAGES = 10
SETTING = "the front page of the built book, from the file system, nothing cached"
DEVICE = "cpu"
BARS = ".bb-explorer svg"
CHANGED = "was => document.querySelector('.bb-explorer svg').innerHTML !== was"


def rows() -> Iterator[Row]:
    """The two times, each over the time that it may take."""
    text = obstacle()
    if text is not None:
        raise click.ClickException(f"the pages cannot be looked at: {text}")
    page = front_page()
    with chromium_at(str(chromium_path())) as browser:
        answers(browser, page.as_uri())  # the first start of a browser does not count
        times = [answers(browser, page.as_uri()) for _ in range(ROUNDS)]
        yield share("until a slider changes the answer", statistics.median(times), ANSWER)
        opened = browser.new_page()
        opened.goto(page.as_uri())
        yield share("PGD of forty steps", statistics.median(attacks(opened)), ATTACK)


def versions() -> dict[str, str]:
    """The version of the browser, which is most of what is timed here."""
    return {"Chromium": chromium_version(str(chromium_path()))}


def front_page() -> Path:
    """Where the built book has its first page."""
    project = Project()
    return project.html / f"{project.pages[0]}.html"


def obstacle() -> str | None:
    """Why this cannot run here; None when it can."""
    if not front_page().is_file():
        return f"{front_page()} is missing; `make book` builds it"
    if chromium_path() is None:
        return "pages are looked at in Chromium, and there is none here"
    return None


def answers(browser: Browser, address: str) -> float:
    """Seconds from the request for the page to the answer to a key pressed on its slider."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address)
    handle = page.get_by_role("slider", name="epsilon ε")
    before = page.locator(BARS).first.inner_html()
    handle.press("ArrowRight")
    page.wait_for_function(CHANGED, arg=before)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


def attacks(page: Page) -> Iterator[float]:
    """Seconds that the page took for the attack on each of some images, as it says itself.

    The model is the largest: each cell has all pixels as inputs.
    """
    page.get_by_role("slider", name="inputs k").press("End")
    page.get_by_text("more controls").click()
    for _ in range(IMAGES):
        before = page.locator(BARS).first.inner_html()
        page.get_by_role("slider", name="test image").press("ArrowRight")
        page.wait_for_function(CHANGED, arg=before)
        took = page.locator("[data-took]").get_attribute("data-took")
        if not took:
            raise click.ClickException("the page does not say how long its attack took")
        yield float(took) / 1000
