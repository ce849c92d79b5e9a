"""A reader reads values off a figure and hides its series, by keyboard and by pointer."""

from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.book]

NOTEBOOK = """# %% [markdown]
# # Figure

# %% tags=["parameters"]
profile = "smoke"

# %%
from helpers.figures import (
    accuracy_curve,
    curve_legend,
    new_figure,
    paper_points,
    use_book_style,
)
from helpers.widgets import show_live

use_book_style()
figure = new_figure(height=3)
ax = figure.subplots()
accuracy_curve(ax, [0, 0.1], [97, 60], label="ours")
paper_points(ax, [0.1], [30], label="paper")
curve_legend(ax)
show_live(figure)
"""


@pytest.fixture(scope="module")
def page(page_of) -> Path:
    return page_of(NOTEBOOK)


@pytest.fixture
def open_page(opened, page):
    return partial(opened, page, "Figure", role="application")


def test_the_arrow_keys_go_from_value_to_value(open_page):
    seen = open_page()
    said = seen.page.get_by_role("status")
    figure = seen.page.get_by_role("application")
    figure.focus()
    figure.press("ArrowRight")
    expect(said).to_contain_text("accuracy (%) 97")
    figure.press("ArrowRight")
    expect(said).to_contain_text("accuracy (%) 60")
    figure.press("ArrowLeft")
    figure.press("ArrowLeft")
    expect(said).to_contain_text("paper")
    assert seen.problems == []


def place_of_ring(page):
    """Where the ring is in the figure, wherever the figure is while the page settles."""
    x, y = page.locator(".ring").evaluate(
        """ring => {
            const at = ring.getBoundingClientRect();
            const figure = ring.closest(".picture").getBoundingClientRect();
            return [at.x + at.width / 2 - figure.x, at.y + at.height / 2 - figure.y];
        }"""
    )
    return {"x": x, "y": y}


def test_the_pointer_reads_the_mark_below_it(open_page):
    seen = open_page()
    figure = seen.page.get_by_role("application")
    figure.focus()
    figure.press("ArrowLeft")
    place = place_of_ring(seen.page)
    figure.press("ArrowLeft")
    figure.hover(position={"x": place["x"] + 2, "y": place["y"]})  # waits until it stands still
    expect(seen.page.get_by_role("status")).to_contain_text("paper")


def test_a_finger_reads_the_mark_below_it(open_page):
    seen = open_page(width=390, touch=True)
    figure = seen.page.get_by_role("application")
    figure.focus()
    figure.press("ArrowRight")
    status = seen.page.get_by_role("status")
    said = status.inner_text()
    place = place_of_ring(seen.page)
    figure.tap(position={"x": place["x"], "y": 3})  # at the edge, where no mark is
    expect(status).not_to_have_text(said)
    figure.tap(position=place)
    expect(status).to_have_text(said)


def test_a_series_is_hidden_and_comes_back(open_page):
    seen = open_page()
    button = seen.page.get_by_role("button", name="ours")
    artist = seen.page.locator("[id=bb-0]").first
    seen.page.get_by_text("all values").click()
    values = seen.page.get_by_role("list", name="all values").get_by_role("listitem")
    assert values.count() == 3
    button.focus()
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(artist).to_be_hidden()
    assert values.count() == 1
    button.press("Enter")
    expect(artist).to_be_visible()
    assert values.count() == 3


def test_the_still_picture_is_for_print(open_page):
    seen = open_page()
    still = seen.page.locator(".cell_output img")
    expect(still).to_be_hidden()
    seen.page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(seen.page.get_by_role("application")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_used_by_everyone(open_page, barriers, width, scheme):
    seen = open_page(width=width, scheme=scheme)
    seen.page.get_by_text("all values").click()
    assert barriers(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
