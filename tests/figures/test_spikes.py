import math

import pytest
import torch

from helpers.figures import BASELINE, SLEEP, to_svg
from helpers.figures.spikes import (
    pictures,
    raster,
    rates_against_threshold,
    rates_of_activity,
    voltage_traces,
)

SPIKES = torch.tensor([[True, False, False], [False, False, False], [True, False, True]])
TRACE = torch.tensor([0.5, 1.2, 0.3, 0.8, 1.0])
FACTORS = [0.1, 0.5, 1.0]
LAYERS = {"first hidden": [20, 2, 0.1], "outputs": [5, 0, 0]}


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_a_raster_has_a_dot_for_each_spike_and_the_first_cell_on_top():
    (ax,) = raster(SPIKES, ylabel="pixel").axes
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [2, 0], [2, 2]]
    assert ax.lines[0].get_color() == SLEEP
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (ms)", "pixel")
    bottom, top = ax.get_ylim()
    assert top < 0 < bottom


def test_wide_pictures_leave_no_empty_band():
    width, height = pictures(dict.fromkeys("ab", torch.zeros(36, 64))).get_size_inches()
    assert height < 0.35 + width * 36 / 64 / 2 + 0.1


def test_pictures_are_grey_and_titled():
    figure = pictures({"the image": torch.eye(4), "1 ms": torch.zeros(4, 4)})
    assert [ax.get_title() for ax in figure.axes] == ["the image", "1 ms"]
    (shown,) = figure.axes[0].images
    assert (shown.norm.vmin, shown.norm.vmax, shown.get_cmap().name) == (0, 1, "gray")


def test_a_voltage_falls_to_zero_where_the_cell_fires():
    figure = voltage_traces({"low": (TRACE, 1.0), "high": (TRACE, 3.0)})
    low, high = figure.axes
    threshold, voltage, fired = low.lines
    assert (threshold.get_linestyle(), threshold.get_color()) == ("--", BASELINE)
    points = [tuple(point) for point in voltage.get_xydata().round(3).tolist()]
    assert points == [(0, 0.5), (1, 1.2), (1, 0), (2, 0.3), (3, 0.8), (4, 1), (4, 0)]
    assert fired.get_xdata().tolist() == [1, 4]
    assert len(high.lines[2].get_xdata()) == 0
    assert high.get_ylim()[1] > 3
    assert legend(figure) == ["threshold", "voltage", "spike"]
    assert "time (ms)</text>" in to_svg(figure)


def test_rates_are_drawn_on_two_logarithmic_axes_beside_the_inputs():
    (ax,) = rates_against_threshold(FACTORS, LAYERS, inputs=1.5).axes
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    inputs, first, outputs, mark = ax.lines
    assert (set(inputs.get_ydata()), inputs.get_linestyle()) == ({1.5}, "--")
    assert first.get_ydata().tolist() == [20, 2, 0.1]
    assert set(mark.get_xdata()) == {1}
    shown = outputs.get_ydata().tolist()  # a layer that is silent has no mark
    assert shown[0] == 5
    assert all(math.isnan(value) for value in shown[1:])
    assert first.get_color() != outputs.get_color()
    assert ax.get_ylabel() == "cells that fire in a step (%)"


def test_the_legend_of_the_rates_stands_above_the_frame():
    figure = rates_against_threshold(FACTORS, LAYERS, inputs=1.5)
    figure.draw_without_rendering()
    (ax,) = figure.axes
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["input cells", "first hidden", "outputs"]


def test_rates_of_activity_draws_no_more_points_than_asked_for():
    values = torch.arange(100.0)
    figure = rates_of_activity({"hidden": (values, 2 * values), "outputs": (values,) * 2}, most=10)
    hidden, outputs = figure.axes
    points = hidden.lines[0].get_xydata()
    assert len(points) == 10
    assert (points[:, 1] == 2 * points[:, 0]).all()
    assert points[0, 0] == 0
    assert points[-1, 0] == 99
    assert [hidden.get_title("left"), outputs.get_title("left")] == ["hidden", "outputs"]
    assert (hidden.get_xlabel(), hidden.get_ylabel()) == ("activity awake", "spikes per second")


def test_a_few_points_are_all_drawn():
    (ax,) = rates_of_activity({"outputs": (torch.arange(3.0), torch.ones(3))}).axes
    assert ax.lines[0].get_xdata().tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("spikes", "words"),
    [
        (SPIKES.float(), "spikes are torch.float32; they may be bool"),
        (SPIKES[0], "shape \\(3,\\); it may be \\(steps, cells\\)"),
        (SPIKES[:0], "shape \\(0, 3\\)"),
    ],
)
def test_wrong_spikes_are_refused(spikes, words):
    with pytest.raises(ValueError, match=words):
        raster(spikes)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        ({}, "images are 0; there may be 1 to 6"),
        ({str(n): torch.eye(2) for n in range(7)}, "images are 7"),
        ({"a": torch.zeros(1, 2, 2)}, "'a' has shape \\(1, 2, 2\\)"),
        ({"a": 2 * torch.eye(2)}, "images"),
    ],
)
def test_wrong_pictures_are_refused(images, words):
    with pytest.raises(ValueError, match=words):
        pictures(images)


@pytest.mark.parametrize(
    ("traces", "words"),
    [
        ({}, "traces are empty"),
        ({"a": (TRACE[:0], 1.0)}, "'a' has shape \\(0,\\)"),
        ({"a": (TRACE[None], 1.0)}, "'a' has shape \\(1, 5\\)"),
        ({"a": (TRACE, 0.0)}, "threshold is 0.0; it may be a finite number above 0"),
    ],
)
def test_wrong_traces_are_refused(traces, words):
    with pytest.raises(ValueError, match=words):
        voltage_traces(traces)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"factors": [1.0]}, "factors are \\[1.0\\]"),
        ({"factors": [0.0, 0.5, 1.0]}, "above 0, rising"),
        ({"factors": [0.5, 0.1, 1.0]}, "above 0, rising"),
        ({"rates": {}}, "rates are of 0 layers; there may be 1 to 3"),
        ({"rates": {name: [1, 2, 3] for name in "abcd"}}, "rates are of 4 layers"),
        ({"rates": {"a": [1]}}, "'a' has 1 rates; it may have 3"),
        ({"rates": {"a": [1, 2, 101]}}, "'a' holds 101; it may be from 0 to 100"),
        ({"rates": {"a": [1, 2, math.nan]}}, "'a' holds nan"),
        ({"rates": {"": [1, 2, 3]}}, "label is ''"),
        ({"inputs": 0.0}, "inputs is 0.0"),
    ],
)
def test_wrong_rates_are_refused(change, words):
    call = {"factors": FACTORS, "rates": LAYERS, "inputs": 1.5} | change
    with pytest.raises(ValueError, match=words):
        rates_against_threshold(call["factors"], call["rates"], inputs=call["inputs"])


@pytest.mark.parametrize(
    ("panels", "most", "words"),
    [
        ({}, 10, "panels are 0; there may be 1 to 3"),
        (dict.fromkeys("abcd", (TRACE, TRACE)), 10, "panels are 4"),
        ({"a": (TRACE, TRACE[:2])}, 10, "'a' has activities \\(5,\\) and rates \\(2,\\)"),
        ({"a": (TRACE[:0], TRACE[:0])}, 10, "'a' has activities \\(0,\\)"),
        ({"a": (TRACE, TRACE)}, 0, "most is 0"),
    ],
)
def test_wrong_activities_are_refused(panels, most, words):
    with pytest.raises(ValueError, match=words):
        rates_of_activity(panels, most=most)
