"""A night in panels."""

import pytest
from matplotlib.colors import to_rgb

from helpers.figures.night import NightPanel, night_panels
from helpers.figures.style import SLEEP

ACCURACY = NightPanel(
    "test images (%)",
    {"right": {0: 90.0, 10: 9.0}, "most common": {0: 12.0, 10: 100.0}},
    ["most common"],
    percent=True,
)
CELLS = NightPanel("cells changed", {"cells": {0: 0.0, 10: 71.0}})


def test_curves_axes_and_legends():
    left, right = night_panels([ACCURACY, CELLS]).axes
    assert left.get_ylim() == (0, 100)
    assert right.get_ylim()[0] == 0
    assert [line.get_xydata().tolist() for line in right.lines] == [[[0, 0], [10, 71]]]
    assert [text.get_text() for text in left.get_legend().texts] == ["right", "most common"]
    assert right.get_legend() is None
    assert [line.get_linestyle() for line in left.lines] == ["-", "--"]
    assert left.get_xlabel() == "images slept through"


@pytest.mark.parametrize(
    ("panels", "text"),
    [
        ([], "panels are empty"),
        ([NightPanel("a", {})], "panel 'a' has 0 curves; it may have 1 to 5"),
        ([NightPanel("a", {name: {0: 1.0} for name in "abcdef"})], "panel 'a' has 6 curves"),
        ([NightPanel("a", {"b": {0: 1.0}}, ["c"])], r"baselines name \['c'\]"),
    ],
)
def test_bad_panels(panels, text):
    with pytest.raises(ValueError, match=text):
        night_panels(panels)


def test_curves_get_darker():
    (ax,) = night_panels([NightPanel("a", {"b": {0: 1.0}, "c": {0: 2.0}})]).axes
    first, second = (to_rgb(line.get_color()) for line in ax.lines)
    assert first == to_rgb(SLEEP)
    assert list(second) == pytest.approx([0.6 * part for part in first], abs=1 / 255)
