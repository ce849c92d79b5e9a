"""The waterfall: where its marks stand."""

import pytest

from helpers.figures.waterfall import Step, waterfall

STEPS = [
    Step("as it ran", [8.92, 9.0], before=[80.0]),
    Step("time", [10.0], alone=[50.0]),
    Step("gate"),
]


def test_marks_stand_in_their_rows():
    (ax,) = waterfall(STEPS).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["as it ran", "time", "gate"]
    at = {
        line.get_marker(): line.get_xydata().tolist()
        for line in ax.lines
        if len(line.get_xdata()) == 1
    }
    assert at["|"] == [[80, 0]]
    assert at["D"] == [[50, 1]]
    dots = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert dots[:2] == [[[pytest.approx(8.96), 0]], [[10, 1]]]
    path = next(line for line in ax.lines if len(line.get_xdata()) == 3)
    assert path.get_xydata().tolist() == [
        [pytest.approx(8.96), 0],
        [pytest.approx(8.96), 1],
        [10, 1],
    ]
    (span,) = [line for line in ax.lines if line.get_linewidth() == 5 and line.get_ydata()[0] == 0]
    assert span.get_xdata().tolist() == [8.92, 9.0]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row is on top


@pytest.mark.parametrize("steps", [[], [Step("a"), Step("b", alone=[1.0])]])
def test_nothing_to_draw(steps):
    with pytest.raises(ValueError, match="steps hold no value"):
        waterfall(steps)


def test_bad_steps():
    with pytest.raises(ValueError, match="alone holds 101"):
        Step("a", [1.0], alone=[101.0])
    with pytest.raises(ValueError, match="label is ''"):
        Step("", [1.0])
