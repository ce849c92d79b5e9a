"""What a live figure says of its marks, against figures drawn by hand."""

import math
import re

import pytest
from matplotlib.figure import Figure

from helpers.figures import accuracy_curve, curve_legend, new_figure, paper_points
from helpers.widgets.live_figure import live_figure


@pytest.fixture
def figure():
    figure = new_figure(height=3)
    ax = figure.subplots()
    accuracy_curve(ax, [0, 0.1], [97, 60], label="ours")
    paper_points(ax, [0.1], [55], label="paper")
    ax.set_title("FGSM")
    curve_legend(ax)
    return figure


def test_every_mark_has_its_text_and_its_series(figure):
    live = live_figure(figure)
    assert [each["name"] for each in live.series] == ["ours", "paper"]
    assert [place for *_, place, _ in live.points] == [0, 0, 1]
    texts = [text for *_, text in live.points]
    label = figure.axes[0].get_xlabel()
    assert texts[0] == f"ours, FGSM: {label} 0, accuracy (%) 97"
    assert texts[2] == f"paper, FGSM: {label} 0.1, accuracy (%) 55"


def test_a_mark_lies_where_the_picture_draws_it(figure):
    live = live_figure(figure)
    (artist,) = live.series[1]["artists"]
    group = re.search(f'<g id="{artist}">(.*?)</g>\\s*</g>', live.svg, re.DOTALL)[1]
    use = re.search(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', group)
    x, y = live.points[2][:2]
    assert float(use[1]) == pytest.approx(x, abs=0.1)
    assert float(use[2]) == pytest.approx(y, abs=0.1)
    width, height = live.size
    assert f'viewBox="0 0 {width:g} ' in live.svg
    assert 0 < x < width
    assert 0 < y < height


def test_names_of_rows_and_gaps():
    figure = Figure()
    ax = figure.subplots()
    ax.plot([5_000, math.nan, 20], [0, 1, 2], "o")
    ax.set_yticks([0, 1, 2], ["base", "gap", "whole"])
    figure.supxlabel("cells")
    texts = [text for *_, text in live_figure(figure).points]
    assert texts == ["cells 5,000, base", "cells 20, whole"]


def test_a_line_without_marks_can_be_hidden_but_has_no_values(figure):
    figure.axes[0].axhline(80, color="#777777", linestyle="--", label="CNN")
    curve_legend(figure.axes[0])
    live = live_figure(figure)
    assert [bool(each["artists"]) for each in live.series] == [True, True, True]
    assert len(live.points) == 3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [("picture", "figure is a str; it may be a matplotlib Figure"), (Figure(), "no marker")],
)
def test_wrong_figures(wrong, message):
    with pytest.raises(ValueError, match=message):
        live_figure(wrong)
