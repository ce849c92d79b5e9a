import pytest

from helpers.figures import ATTACK, CEREBELLUM
from helpers.figures.panels import quantile_ranges, seed_panels, seed_quantities

COLORS = {"margin": ATTACK, "squared error": CEREBELLUM}
LABELS = {"xlabel": "steps", "ylabel": "right (%)", "ticks": [5, 40]}
CURVES = {"squared error": {5: [60.0, 80.0], 40: [20.0]}, "margin": {5: [], 40: []}}


def test_a_panel_for_each_model():
    panels = {"FC": CURVES, "RC": CURVES, "CNN": {}, "other": CURVES}
    figure = seed_panels(panels, colors=COLORS, columns=3, **LABELS)
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title(loc="left") for ax in shown] == ["FC", "RC", "CNN", "other"]
    assert len(figure.axes) == 6
    assert shown[0].lines[0].get_ydata().tolist() == [70, 20]
    assert shown[0].get_xticks().tolist() == [5, 40]
    assert not shown[2].lines
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["squared error"]


def test_the_look_is_the_books_whatever_matplotlib_is_set_to():
    figure = seed_panels(
        {"a": {"one": {1: [50.0]}}},
        colors={"one": CEREBELLUM},
        xlabel="m",
        ylabel="accuracy (%)",
        ticks=[1],
    )
    ax = figure.axes[0]
    assert not ax.spines["top"].get_visible()
    assert ax.xaxis.get_gridlines()[0].get_color() == "#E3E3E3"


def test_a_panel_for_each_quantity():
    styles = {name: (color, "s") for name, color in COLORS.items()}
    shown = {"share (%)": CURVES, "right (%)": {"margin": {1: [4.0, 6.0]}}}
    figure = seed_quantities(shown, styles=styles, xlabel="epochs")
    left, right = figure.axes
    assert (left.get_ylabel(), right.get_ylabel()) == ("share (%)", "right (%)")
    assert right.lines[0].get_ydata().tolist() == [5]
    assert right.lines[0].get_marker() == "s"
    assert left.get_ylim() == (0, 100)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["squared error", "margin"]


def test_ranges_of_percentiles():
    at = {5: 1.0, 25: 2.0, 50: 4.0, 75: 8.0, 95: 16.0}
    figure = quantile_ranges(
        {"mse": {"FC": at, "RC": {}}, "margin": {"FC": {}, "RC": at}}, color="k"
    )
    left, right = figure.axes
    assert [line.get_xdata().tolist() for line in left.lines[:2]] == [[1, 16], [2, 8]]
    assert left.lines[2].get_ydata().tolist() == [0]
    assert right.lines[2].get_ydata().tolist() == [1]
    assert [tick.get_text() for tick in left.get_yticklabels()] == ["FC", "RC"]


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda: seed_panels({}, colors=COLORS, **LABELS), "panels are empty"),
        (
            lambda: seed_panels({"FC": CURVES}, colors={}, **LABELS),
            "colors lack .'margin', 'squared",
        ),
        (lambda: seed_panels({"FC": CURVES}, colors=COLORS, columns=0, **LABELS), "columns is 0"),
        (lambda: seed_quantities({}, styles={}, xlabel="x"), "quantities are empty"),
        (lambda: seed_quantities({"a": CURVES}, styles={}, xlabel="x"), "styles lack .'margin'"),
        (lambda: quantile_ranges({}, color="k"), r"rows \[\]"),
        (lambda: quantile_ranges({"a": {"FC": {}}, "b": {"RC": {}}}, color="k"), "the same"),
    ],
)
def test_bad_arguments(act, text):
    with pytest.raises(ValueError, match=text):
        act()
