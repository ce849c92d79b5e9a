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


def slept(page, frames):
    """What the page shows after so many frames, drawn one by one instead of by the clock."""
    page.evaluate("requestAnimationFrame = next => { window.nextFrame = next; return 0; }")
    page.get_by_role("button", name="sleep", exact=True).click()
    page.evaluate("frames => { while (frames-- > 0) window.nextFrame(); }", frames)
    return page.locator(".bb-sleep p").first.inner_text(), page.locator(
        ".bb-sleep polyline.is"
    ).get_attribute("points")


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


def test_what_is_woken_has_its_step_beside_it(open_page):
    seen = open_page()
    text, _ = slept(seen.page, 19)
    assert text.startswith("95 steps asleep")
    assert "Woken" not in text
    seen.page.evaluate("window.nextFrame()")
    seen.page.evaluate("window.nextFrame()")
    text = seen.page.locator(".bb-sleep p").first.inner_text()
    assert text.startswith("105 steps asleep")
    assert re.search(r"Woken at step 100: \d+ % right, before \d+ %", text)
    seen.page.get_by_text("in numbers").click()
    assert re.findall(r"weights now: -?\d", seen.page.locator(".bb-sleep ul").inner_text())


RASTER = """left => {
  const canvas = document.querySelector(".bb-sleep canvas");
  return Array.from(canvas.getContext("2d").getImageData(left, 0, 200, canvas.height).data);
}"""


def test_the_raster_moves_to_the_left_as_time_goes_on(open_page):
    seen = open_page()
    slept(seen.page, 40)
    before = seen.page.evaluate(RASTER, 90)
    assert any(before)
    seen.page.evaluate("window.nextFrame()")  # five steps
    assert seen.page.evaluate(RASTER, 85) == before
    assert seen.page.evaluate(RASTER, 90) != before


def test_the_axis_holds_every_weight(open_page):
    seen = open_page()
    ends = seen.page.locator(".bb-sleep svg").last.locator("text")
    before = float(ends.last.text_content())
    slept(seen.page, 40)
    after = float(ends.last.text_content())
    assert after > before
    heights = seen.page.locator(".bb-sleep polyline.is").get_attribute("points").split()
    top = min(float(point.split(",")[1]) for point in heights)
    # The tallest bin lies near zero, and not at an end, where what is beyond would be counted.
    assert [i for i, point in enumerate(heights) if float(point.split(",")[1]) == top] in (
        [24],
        [25],
    )


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


def test_every_control_changes_the_same_night(open_page):
    seen = open_page()
    night = slept(seen.page, 40)
    again = open_page()
    assert slept(again.page, 40) == night  # the spikes of the inputs are the same each time
    for name in ("thresholds, times", "rate (Hz)", "potentiation a", "depression b"):
        seen = open_page()
        handle = seen.page.get_by_role("slider", name=name)
        handle.focus()
        for _ in range(5):
            handle.press("ArrowRight")
        assert slept(seen.page, 40) != night, name
        assert seen.problems == []
    seen = open_page()
    rule = seen.page.get_by_label("rule", exact=True)
    rule.select_option(index=1 - rule.evaluate("list => list.selectedIndex"))
    assert slept(seen.page, 40) != night
    assert seen.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_used_by_everyone(open_page, barriers, width, scheme):
    seen = open_page(width=width, scheme=scheme)
    assert barriers(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
