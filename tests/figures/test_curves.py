import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures import (
    ATTACK,
    BASELINE,
    CEREBELLUM,
    accuracy_curve,
    curve_legend,
    new_figure,
    paper_points,
    to_svg,
)

EPS = [0.0, 0.1, 0.3]


@pytest.fixture
def ax():
    return new_figure().subplots()


def test_curve_has_filled_marks_a_band_and_labelled_axes(ax):
    line = accuracy_curve(ax, EPS, [96, 20, 1], [95, 18, 0], [97, 22, 2], label="FC")
    assert line.get_xdata().tolist() == EPS
    assert line.get_ydata().tolist() == [96, 20, 1]
    assert to_hex(line.get_markerfacecolor()) == CEREBELLUM.lower()
    (band,) = ax.collections
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices}
    assert {(0.1, 18), (0.1, 22), (0.3, 0), (0.3, 2)} <= corners
    assert ax.get_ylabel() == "accuracy (%)"
    assert ax.get_xlabel() == "perturbation ε (L∞, pixel range 0 to 1)"
    assert ax.get_ylim() == (0, 100)


def test_curve_without_spread_has_no_band(ax):
    accuracy_curve(ax, EPS, [96, 20, 1], label="FC", color=ATTACK)
    assert not ax.collections


def test_curve_takes_arrays(ax):
    line = accuracy_curve(ax, np.array(EPS), np.array([96.0, 20.0, 1.0]), label="FC")
    assert line.get_ydata().tolist() == [96, 20, 1]


def test_baseline_is_grey_and_dashed(ax):
    line = accuracy_curve(ax, EPS, [99, 48, 0], label="CNN", baseline=True, color=ATTACK)
    assert line.get_linestyle() == "--"
    assert line.get_color() == BASELINE


def test_the_papers_marks_are_open_and_unconnected(ax):
    points = paper_points(ax, [0.1, 0.3], [16, 1], label="paper")
    assert points.get_markerfacecolor() == "none"
    assert points.get_linestyle() == "None"


def test_legend_stands_above_the_frame_and_names_every_curve(ax):
    accuracy_curve(ax, EPS, [96, 20, 1], label="ours")
    paper_points(ax, [0.1, 0.3], [16, 1], label="the paper's")
    curve_legend(ax)
    ax.figure.draw_without_rendering()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["ours", "the paper's"]
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1
    svg = to_svg(ax.figure)
    assert "ours</text>" in svg
    assert "accuracy (%)</text>" in svg


NAN = float("nan")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"eps": []}, "eps is empty"),
        ({"eps": [0, 0.1, NAN]}, "eps holds nan"),
        ({"eps": [0, 0.1, 1.5]}, "eps holds 1.5; it may be from 0 to 1"),
        ({"eps": [0, 0.3, 0.1]}, "may only increase"),
        ({"accuracy": [96, 20]}, "accuracy has 2 values; it may have 3"),
        ({"accuracy": [96, 20, 101]}, "accuracy holds 101; it may be from 0 to 100"),
        ({"accuracy": [96, 20, NAN]}, "accuracy holds nan"),
        ({"low": [95, 18, 0]}, "only one of low and high"),
        ({"low": [95, 18], "high": [97, 22, 2]}, "low has 2 values"),
        ({"low": [97, 18, 0], "high": [98, 22, 2]}, "low 97 and high 98 may hold the accuracy 96"),
        ({"label": ""}, "label is ''"),
        ({"label": "_hidden"}, "label is '_hidden'"),
        ({"ax": None}, "ax is a NoneType; it may be a matplotlib Axes"),
    ],
)
def test_wrong_curves_are_refused(ax, arguments, words):
    call = {"ax": ax, "eps": EPS, "accuracy": [96, 20, 1], "label": "FC"} | arguments
    with pytest.raises(ValueError, match=words):
        accuracy_curve(**call)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"eps": [-0.1, 0.3]}, "eps holds -0.1"),
        ({"values": [1]}, "values has 1 values; it may have 2"),
        ({"values": [1, -1]}, "values holds -1"),
        ({"label": "_"}, "label is '_'"),
        ({"ax": "ax"}, "ax is a str"),
    ],
)
def test_wrong_points_are_refused(ax, arguments, words):
    call = {"ax": ax, "eps": [0.1, 0.3], "values": [16, 1], "label": "paper"} | arguments
    with pytest.raises(ValueError, match=words):
        paper_points(**call)


def test_a_legend_of_nothing_is_refused(ax):
    with pytest.raises(ValueError, match="nothing with a label"):
        curve_legend(ax)


def test_a_legend_without_columns_is_refused(ax):
    with pytest.raises(ValueError, match="columns is 0"):
        curve_legend(ax, columns=0)
