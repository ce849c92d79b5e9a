"""Networks against levels of distortion: what is drawn, from hand-made records."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.figures.levels import LevelAxis, Series, level_curves, network_series
from helpers.records import Record


def record(network, seed, **metrics):
    config = {"recipe": "original", "network": network, "seed": seed}
    return Record("sleep/mnist", config, metrics, dict.fromkeys(metrics, 10), {"created": "now"})


RECORDS = [
    record("control", 0, blur_0=90.0, blur_2=50.0, noise=10.0),
    record("control", 1, blur_0=94.0, blur_2=60.0, noise=20.0),
    record("sleep", 0, blur_0=80.0, blur_2=70.0),
]
BLUR = LevelAxis("Blur", "sigma (pixels)", {0: "blur_0", 2: "blur_2"}, {"control": {0: 93.9}})
BLUR_ALONE = LevelAxis("Blur", "sigma (pixels)", {0: "blur_0"})
NOISE = LevelAxis("Noise", "variance", {0.5: "noise"})


def test_means_over_seeds_paper_marks_and_one_legend():
    series = network_series("original", ["control", "sleep"])
    figure = level_curves(RECORDS, series, [BLUR, NOISE])
    blur, noise = figure.axes
    curves = {line.get_label(): line.get_xydata().tolist() for line in blur.lines}
    assert curves["control"] == [[0, 92], [2, 55]]
    assert curves["sleep"] == [[0, 80], [2, 70]]
    lines = {line.get_label(): line.get_linestyle() for line in blur.lines}
    assert (lines["control"], lines["sleep"]) == ("--", "-")
    (paper,) = [line for line in blur.lines if line.get_markerfacecolor() == "none"]
    assert paper.get_xydata().tolist() == [[0, 93.9]]
    assert next(line.get_label() for line in noise.lines) == "control"
    assert (blur.get_xlabel(), blur.get_ylabel(), noise.get_ylabel()) == (
        "sigma (pixels)",
        "accuracy (%)",
        "",
    )
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.texts] == ["control", "sleep", "paper (open)"]


def test_what_is_no_percentage_has_a_scale_of_its_own_in_each_panel():
    series = network_series("original", ["control"])
    small = [record("control", 0, fine=0.004, coarse=7.0)]
    axes = [LevelAxis("", "steps", {10: name}) for name in ("fine", "coarse")]
    fine, coarse = level_curves(small, series, axes, percent=False).axes
    assert fine.get_ylim()[0] == coarse.get_ylim()[0] == 0
    assert 0.004 <= fine.get_ylim()[1] < 0.01
    assert 7 <= coarse.get_ylim()[1] < 10
    fine, coarse = level_curves(small, series, axes).axes
    assert fine.get_ylim() == coarse.get_ylim() == (0, 100)


def test_what_has_not_run_is_named_in_the_legend():
    series = network_series("original", ["control", "distilled"])
    (legend,) = level_curves(RECORDS, series, [BLUR]).legends
    assert "distilled (not run)" in [text.get_text() for text in legend.texts]


@pytest.mark.parametrize(
    "names", [("a", "b", "c"), ("pretrained features", "pixels, thresholded", "neural (data)")]
)
def test_the_legend_stays_within_the_figure(names):
    series = [
        Series(name, {"network": name}, marker=mark)
        for name, mark in zip(names, "os^", strict=True)
    ]
    figure = level_curves(RECORDS, series, [BLUR_ALONE])
    FigureCanvasAgg(figure).draw()
    (legend,) = figure.legends
    box = legend.get_window_extent()
    assert box.x1 <= figure.bbox.x1
    assert box.y0 >= figure.axes[0].get_window_extent().y1


def test_a_panel_can_ask_for_more_of_its_records():
    one = LevelAxis("first seed", "sigma", {0: "blur_0"}, where={"seed": 1})
    (ax,) = level_curves(RECORDS, network_series("original", ["control"]), [one]).axes
    assert ax.lines[0].get_xydata().tolist() == [[0, 94]]


@pytest.mark.parametrize(
    ("series", "axes", "options", "text"),
    [
        ([], [BLUR], {}, "series and axes are empty"),
        ([Series("a", {})], [], {}, "series and axes are empty"),
        ([Series("a", {}), Series("a", {})], [BLUR], {}, "each name may be there once"),
        (network_series("original", ["control"]), [BLUR], {"columns": 0}, "columns is 0"),
        (network_series("original", ["pruned", "shifted"]), [NOISE], {}, "have the looks"),
        ([Series("a", {})], [BLUR], {}, r"paper names \['control'\]; it may name one of"),
    ],
)
def test_bad_requests(series, axes, options, text):
    with pytest.raises(ValueError, match=text):
        level_curves(RECORDS, series, axes, **options)


def test_an_unknown_network_and_an_empty_label():
    with pytest.raises(ValueError, match="network is 'awake'; it may be one of control"):
        network_series("original", ["awake"])
    with pytest.raises(ValueError, match="label is ''"):
        Series("", {})
