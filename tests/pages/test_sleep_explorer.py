"""A network sleeps on a page, without a kernel, a server or a network."""

import re
from functools import partial
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.book]

AT_STEP = """step => {
  const text = document.querySelector(".bb-sleep").innerText;
  return parseInt(text.match(/(\\d+) steps/)[1]) > step;
}"""


@pytest.fixture(scope="module")
def page(page_of, cells) -> Path:
    return page_of(cells["sleep_explorer"])


@pytest.fixture
def open_page(opened, page):
    return partial(opened, page, "thresholds, times")


def steps(page):
    return int(re.search(r"(\d+) steps asleep", page.locator(".bb-sleep").inner_text())[1])


def test_it_sleeps_pauses_and_starts_again(open_page):
    seen = open_page()
    assert steps(seen.page) == 0
    seen.page.get_by_role("button", name="sleep", exact=True).click()
    seen.page.wait_for_function(AT_STEP, arg=100)
    seen.page.get_by_role("button", name="pause").click()
    stopped = steps(seen.page)
    text = seen.page.locator(".bb-sleep").inner_text()
    assert int(re.search(r"(\d+) spikes", text)[1]) > 0
    seen.page.wait_for_timeout(200)
    assert steps(seen.page) == stopped
    seen.page.get_by_role("button", name="start again").click()
    assert steps(seen.page) == 0
    assert seen.problems == []


def test_thresholds_decide_how_much_fires(open_page):
    counts = []
    for key in ("End", "Home"):  # the highest thresholds, then the lowest
        seen = open_page()
        handle = seen.page.get_by_role("slider", name="thresholds, times")
        handle.focus()
        handle.press(key)
        seen.page.get_by_role("button", name="sleep", exact=True).click()
        seen.page.wait_for_function(AT_STEP, arg=60)
        seen.page.get_by_role("button", name="pause").click()
        text = seen.page.locator(".bb-sleep").inner_text()
        counts.append(int(re.search(r"(\d+) spikes", text)[1]) / steps(seen.page))
    assert counts[1] > 2 * counts[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_used_by_everyone(open_page, barriers, width, scheme):
    seen = open_page(width=width, scheme=scheme)
    assert barriers(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
