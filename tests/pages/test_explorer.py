"""The explorer answers to the keyboard on a page, without a kernel, a server or a network."""

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.book]


@pytest.fixture(scope="module")
def page(page_of, cells) -> Path:
    """A page with the explorer on the digits."""
    return page_of(cells["cerebellum_explorer"])


@pytest.fixture
def open_page(opened, page):
    return partial(opened, page, "inputs k")


def said(page):
    return page.locator(".bb-explorer .answer").inner_text()


def test_every_slider_moved_by_keyboard_changes_the_answer(open_page):
    seen = open_page()
    seen.page.get_by_text("more controls").click()
    moves = dict.fromkeys(("inputs k", "LTD β", "epsilon ε", "test image"), "ArrowRight")
    for name, key in {**moves, "PGD steps": "Home"}.items():
        handle = seen.page.get_by_role("slider", name=name)
        drawn = seen.page.locator(".bb-explorer svg").first.inner_html()
        handle.focus()
        handle.press(key)
        seen.page.wait_for_function(
            "before => document.querySelector('.bb-explorer svg').innerHTML !== before", arg=drawn
        )
    assert seen.problems == []


def test_a_screen_reader_hears_what_is_shown(open_page):
    seen = open_page()
    for name, heard in (("inputs k", "10"), ("LTD β", "0.999"), ("epsilon ε", "0.11")):
        handle = seen.page.get_by_role("slider", name=name)
        handle.focus()
        handle.press("ArrowRight")
        expect(handle).to_have_attribute("aria-valuetext", heard)
    lists = seen.page.locator(".bb-explorer details.values")
    assert lists.count() == 2
    lists.first.locator("summary").click()
    assert lists.first.get_by_role("listitem").count() == 10
    outputs = lists.first.inner_text()
    seen.page.get_by_label("loss", exact=True).select_option("margin")
    assert lists.first.inner_text() != outputs


def test_the_lists_choose_loss_attack_and_training(open_page):
    seen = open_page()
    seen.page.get_by_label("loss", exact=True).select_option("margin")
    assert "on the margin" in said(seen.page)
    seen.page.get_by_text("more controls").click()
    seen.page.get_by_label("attack", exact=True).select_option("FGSM")
    assert "one step of FGSM" in said(seen.page)
    drawn = seen.page.locator(".bb-explorer svg").first.inner_html()
    seen.page.get_by_label("trained on").select_option("1 image a step")
    assert seen.page.locator(".bb-explorer svg").first.inner_html() != drawn
    assert seen.problems == []


def test_without_a_perturbation_nothing_changes(open_page):
    seen = open_page()
    handle = seen.page.get_by_role("slider", name="epsilon ε")
    handle.focus()
    for _ in range(10):
        handle.press("ArrowLeft")
    seen.page.get_by_text("±0.00").wait_for()
    common = re.findall(r"-?\d\.\d\d", said(seen.page))
    assert common[0] == common[1]
    assert "Not fooled" in said(seen.page)


def test_a_digit_can_be_drawn(open_page):
    seen = open_page()
    seen.page.get_by_role("button", name="draw a digit").click()
    canvas = seen.page.locator(".bb-explorer canvas").first
    canvas.hover()  # waits until it stands still
    box = canvas.bounding_box()
    seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10, steps=8)
    seen.page.mouse.up()
    seen.page.get_by_text("your drawing; the model sees").wait_for()
    first = seen.page.locator(".bb-explorer svg").first.inner_html()
    seen.page.get_by_role("button", name="clear").click()
    assert seen.page.locator(".bb-explorer svg").first.inner_html() != first
    # Where nothing is drawn no gradient leads anywhere, and nothing has been withstood.
    assert "Draw a digit" in said(seen.page)
    assert "ooled" not in said(seen.page)
    seen.page.get_by_role("button", name="back to the images").click()
    seen.page.get_by_text(re.compile("^a .; the model sees")).wait_for()
    assert seen.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_used_by_everyone(open_page, barriers, width, scheme):
    seen = open_page(width=width, scheme=scheme)
    seen.page.get_by_text("more controls").click()
    assert barriers(seen.page) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
