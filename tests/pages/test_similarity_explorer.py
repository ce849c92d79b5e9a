"""Pairs of images on a page, without a kernel, a server or a network."""

import re
from functools import partial
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.book]


@pytest.fixture(scope="module")
def page(page_of, cells) -> Path:
    return page_of(cells["similarity_explorer"])


@pytest.fixture
def open_page(opened, page):
    return partial(opened, page, "first image")


def numbers(page):
    text = page.locator(".bb-similar [role=status]").inner_text()
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_the_keyboard_chooses_a_pair(open_page):
    seen = open_page()
    first, second, pixels, opposite = numbers(seen.page)
    assert (first, second) == (0, 1)
    assert pixels == pytest.approx(-opposite, abs=0.011)
    handle = seen.page.get_by_role("slider", name="second image")
    handle.focus()
    handle.press("ArrowRight")
    seen.page.get_by_text("images 0 and 2").wait_for()
    handle = seen.page.get_by_role("slider", name="first image")
    handle.focus()
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    seen.page.get_by_text("images 2 and 2").wait_for()
    assert numbers(seen.page)[2] == 1
    seen.page.get_by_label("matrix of", exact=True).select_option("opposite")
    seen.page.get_by_text("as opposite finds them").wait_for()
    assert seen.problems == []


def test_a_click_on_the_matrix_chooses_a_pair(open_page):
    seen = open_page()
    chosen = []
    # Below the diagonal stand the pairs above it, the other way round.
    for x, y in ((0.97, 0.54), (0.54, 0.97), (0.03, 0.54)):
        matrix = seen.page.locator(".bb-similar canvas.matrix")
        box = matrix.bounding_box()
        matrix.click(position={"x": box["width"] * x, "y": box["height"] * y})
        chosen.append(numbers(seen.page)[:2])
    assert chosen[0] == chosen[1][::-1]
    assert chosen[0][0] == chosen[2][0]
    assert chosen[0] != chosen[2]
    assert seen.problems == []


def test_the_strength_moves_the_curve(open_page):
    seen = open_page()
    handle = seen.page.get_by_role("slider", name="strength α")
    curves = seen.page.locator(".bb-similar svg").last
    plain = curves.locator(".mean").get_attribute("points")
    assert curves.locator(".other").get_attribute("points") == ""
    handle.focus()
    handle.press("End")
    seen.page.get_by_text("strength α = 8, under noise (grey, dashed: held to nothing)").wait_for()
    assert curves.locator(".mean").get_attribute("points") != plain
    assert curves.locator(".other").get_attribute("points") == plain
    assert seen.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_used_by_everyone(open_page, barriers, width, scheme):
    seen = open_page(width=width, scheme=scheme)
    assert barriers(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
