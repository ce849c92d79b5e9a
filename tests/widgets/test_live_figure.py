"""What a live figure says of its marks, against figures drawn by hand."""

import math
import re

import pytest
from matplotlib.figure import Figure

from helpers.figures import (
    Comparison,
    SizeCurve,
    accuracy_curve,
    against_paper,
    curve_legend,
    new_figure,
    paper_points,
    size_panels,
)
from helpers.figures.levels import LevelAxis, Series, level_curves
from helpers.figures.style import ATTACK, BASELINE, SLEEP
from helpers.records import Record
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


def levels(paper):
    """Two networks, two seeds each, under two levels of blur."""
    records = [
        Record("sleep/mnist", {"network": name, "seed": seed}, {"a": right, "b": right / 2}, {}, {})
        for name, right in (("control", 80.0), ("sleep", 60.0))
        for seed, right in enumerate((right, right + 2))
    ]
    series = [
        Series("control", {"network": "control"}),
        Series("sleep", {"network": "sleep"}, SLEEP, "o", "-"),
        Series("later", {"network": "other"}, SLEEP, "s", "-"),
    ]
    return level_curves(records, series, [LevelAxis("Blur", "sigma", {0: "a", 1: "b"}, paper)])


def test_of_curves_with_spreads_only_the_means_are_read():
    live = live_figure(levels({}))
    assert [(place, text.partition(":")[0]) for *_, place, text in live.points] == [
        (0, "control, Blur"),
        (0, "control, Blur"),
        (1, "sleep, Blur"),
        (1, "sleep, Blur"),
    ]
    assert live.points[0][3].endswith("sigma 0, accuracy (%) 81")
    # What has not run stands for nothing.
    assert [each["name"] for each in live.series] == ["control", "sleep"]
    # Curve, lower and upper caps, bars.
    assert [len(each["artists"]) for each in live.series] == [4, 4]
    assert [each["color"].upper() for each in live.series] == [BASELINE, SLEEP]


def test_a_papers_marks_are_read_by_network_and_hidden_together():
    live = live_figure(levels({"control": {0: 90.0}, "sleep": {0: 70.0, 1: 50.0}}))
    assert [each["name"] for each in live.series] == ["control", "sleep", "paper (open)"]
    texts = [text for *_, place, text in live.points if place == 2]
    assert [text.partition(":")[0] for text in texts] == [
        "control, paper, Blur",
        "sleep, paper, Blur",
        "sleep, paper, Blur",
    ]
    assert texts[2].endswith("sigma 1, accuracy (%) 50")
    assert len(live.series[2]["artists"]) == 2


def test_a_band_belongs_to_its_curve():
    figure = new_figure(height=3)
    ax = figure.subplots()
    accuracy_curve(ax, [0, 0.1], [97, 60], [95, 50], [99, 70], label="ours")
    curve_legend(ax)
    live = live_figure(figure)
    assert len(live.series[0]["artists"]) == 2
    assert len(live.points) == 2


def test_entries_may_look_alike_where_every_artist_has_a_label():
    figure = Figure()
    ax = figure.subplots()
    ax.plot([0], [1], "o", color="k", label="apples")
    ax.plot([1], [5], "o", color="k", label="pears")
    ax.legend()
    assert [len(each["artists"]) for each in live_figure(figure).series] == [1, 1]
    ax.plot([2], [3], "o", color="k")
    with pytest.raises(ValueError, match=r"looks like \['apples', 'pears'\]; it may look like one"):
        live_figure(figure)


def test_a_bar_of_a_spread_goes_with_its_curve_and_with_all_spreads():
    """Bars in the colour of another curve than the legend's bar, as under attack."""
    row = Comparison("a", paper=20.0, ours=21.0, low=19.0, high=23.0)
    curves = [SizeCurve("FC", [1_000], [row]), SizeCurve("margin", [1_000], [row], ATTACK)]
    live = live_figure(size_panels({"PGD": curves}, xlabel="m", ticks=[1_000]))
    series = {each["name"]: set(each["artists"]) for each in live.series}
    assert len(series["range over seeds"]) == 2
    for name in ("FC: ours", "margin: ours"):
        assert len(series[name]) == 2
        assert len(series[name] & series["range over seeds"]) == 1


def test_the_line_between_two_dots_goes_with_either():
    row = Comparison("a", paper=20.0, ours=21.0, low=19.0, high=23.0)
    live = live_figure(against_paper({"PGD": [row]}))
    paper, ours, spread = (set(each["artists"]) for each in live.series)
    assert len(paper) == 2
    assert len(paper & ours) == 1
    assert len(ours) == 3
    assert spread < ours


@pytest.mark.parametrize(
    ("wrong", "message"),
    [("picture", "figure is a str; it may be a matplotlib Figure"), (Figure(), "no marker")],
)
def test_wrong_figures(wrong, message):
    with pytest.raises(ValueError, match=message):
        live_figure(wrong)
