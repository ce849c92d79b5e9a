import numpy as np
import pytest
import torch

from helpers.figures import to_svg
from helpers.figures.second_order import second_order_matrix

VALUES = torch.tensor([[1.0, 0.5, 0.2], [0.5, 1, -0.1], [0.2, -0.1, 1]])
NAMES = {"areas": ["V1", "V1", "LM"], "layers": ["L4", "L5", "L4"]}
CEILINGS = [0.9, 0.8, 0.1]


def test_every_two_populations_and_their_ceilings():
    figure = second_order_matrix(VALUES, **NAMES, ceilings=CEILINGS)
    ax, beside, bar = figure.axes
    shown = ax.images[0].get_array().filled(np.nan)
    assert np.isnan(shown.diagonal()).all()
    off = ~np.eye(3, dtype=bool)
    assert shown[off] == pytest.approx(VALUES.numpy()[off])
    # The largest sets the scale, not the diagonal.
    assert ax.images[0].get_clim() == (-0.5, 0.5)
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [label.get_text() for label in labels] == ["V1 L4", "V1 L5", "LM L4"]
    (dots,) = [line for line in beside.lines if line.get_marker() == "o"]
    assert list(dots.get_xdata()) == CEILINGS
    assert list(dots.get_ydata()) == [0, 1, 2]
    assert beside.get_xlabel() == "noise\nceiling"
    assert bar.get_xlabel() == "rank correlation of two matrices"
    assert "LM L4" in to_svg(figure)


def test_lines_part_the_areas():
    ax, beside, _ = second_order_matrix(VALUES, **NAMES, ceilings=CEILINGS).axes
    lines = [line for line in ax.lines if line.get_marker() != "x"]
    ends = [(list(line.get_xdata()), list(line.get_ydata())) for line in lines]
    assert ends == [([0, 1], [1.5, 1.5]), ([1.5, 1.5], [0, 1])]
    assert beside.lines[0].get_ydata() == [1.5, 1.5]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"areas": ["V1"]}, "number of areas is 1"),
        ({"values": torch.eye(2)}, r"values have shape \(2, 2\)"),
        ({"layers": ["L4"]}, "layers are 1"),
        ({"ceilings": [0.5]}, "ceilings 1"),
        ({"values": 2 * VALUES}, "values hold numbers"),
        ({"values": VALUES * torch.nan}, "values hold numbers"),
        ({"ceilings": [0.5, 1.5, 0]}, "ceilings are"),
    ],
)
def test_bad_arguments(changed, text):
    arguments = {"values": VALUES, **NAMES, "ceilings": CEILINGS, **changed}
    with pytest.raises(ValueError, match=text):
        second_order_matrix(arguments.pop("values"), **arguments)
