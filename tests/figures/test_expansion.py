import pytest

from helpers.figures import BASELINE, dimension_panels, to_svg

K = [1, 4, 50]
CURVES = {"as in the model": [[10, 20, 15], [12, 22, 15]], "with a threshold": [[11, 40, 60]]}


def test_lines_are_means_and_bands_ranges():
    (ax,) = dimension_panels(K, {"images": CURVES}, {"images": 25.0}).axes
    model, threshold, inputs = ax.lines
    assert model.get_ydata().tolist() == [11, 21, 15]
    assert threshold.get_ydata().tolist() == [11, 40, 60]
    assert (inputs.get_linestyle(), inputs.get_color()) == ("--", BASELINE)
    assert set(inputs.get_ydata()) == {25.0}
    corners = {tuple(corner) for corner in ax.collections[0].get_paths()[0].vertices}
    assert {(4, 20), (4, 22)} <= corners


def test_axes_and_curves_are_named():
    panels = {"images": CURVES, "noise": CURVES}
    svg = to_svg(dimension_panels(K, panels, {"images": 9, "noise": 8}))
    for words in ("images", "noise", "as in the model", "the inputs themselves", "dimension of"):
        assert words in svg
    assert "k, inputs per granule cell</text>" in svg


def test_title_legend_and_frame_do_not_overlap():
    panels = {"images": CURVES, "noise": {"as in the model": [[1, 2, 3]]}}
    figure = dimension_panels(K, panels, {"images": 9, "noise": 8})
    figure.draw_without_rendering()
    for ax in figure.axes:
        legend = ax.get_legend().get_window_extent()
        assert legend.y0 >= ax.get_window_extent().y1 - 1
        assert ax._left_title.get_window_extent().y0 >= legend.y1 - 1
        assert legend.x1 <= figure.bbox.x1


NAN = float("nan")


@pytest.mark.parametrize(
    ("k", "panels", "inputs", "words"),
    [
        ([1], {"a": CURVES}, {"a": 1}, "k is \\[1\\]"),
        ([4, 1, 50], {"a": CURVES}, {"a": 1}, "increasing"),
        ([0, 4, 50], {"a": CURVES}, {"a": 1}, "from 1 on"),
        (K, {}, {}, "inputs are for"),
        (K, {"a": CURVES}, {"b": 1}, "inputs are for \\['b'\\]; they may be for the panels"),
        (K, {"a": CURVES}, {"a": NAN}, "dimension nan"),
        (K, {"a": {}}, {"a": 1}, "has 0 curves"),
        (K, {"a": {"c": []}}, {"a": 1}, "curve 'c' is empty"),
        (K, {"a": {"c": [[1, 2]]}}, {"a": 1}, "curve 'c' has 2 values; it may have 3"),
        (K, {"a": {"c": [[1, 2, 0]]}}, {"a": 1}, "'c' has the dimension 0"),
        (K, {"a": {"_c": [[1, 2, 3]]}}, {"a": 1}, "label is '_c'"),
    ],
)
def test_wrong_input_is_refused(k, panels, inputs, words):
    with pytest.raises(ValueError, match=words):
        dimension_panels(k, panels, inputs)
