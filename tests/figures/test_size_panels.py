import math

import pytest

from helpers.figures import ATTACK, BASELINE, CEREBELLUM, Comparison, SizeCurve, size_panels, to_svg

SIZES = (1000, 10_000, 100_000)
FC = SizeCurve(
    "FC",
    SIZES,
    [
        Comparison("a", paper=20.0, ours=21.0, low=19.5, high=22.5),
        Comparison("b", paper=30.0),
        Comparison("c", paper=40.0, ours=41.0),
    ],
)
MARGIN = SizeCurve("FC, margin", SIZES, [Comparison("a", ours=1.0)] * 3, color=ATTACK)
CLEAN = SizeCurve("FC", SIZES, [Comparison("a", paper=94.2, ours=96.0)] * 3)
TICKS = SIZES


def draw(panels, **more):
    return size_panels(panels, xlabel="m, granule cells", ticks=TICKS, **more)


def test_ours_are_filled_and_joined_and_the_papers_open_and_alone():
    ax = draw({"PGD, ε = 0.1": [FC, MARGIN]}).axes[0]
    ours, bar, paper, margin, no_paper = ax.lines
    assert ours.get_xdata().tolist() == list(SIZES)
    values = ours.get_ydata().tolist()
    assert (values[0], math.isnan(values[1]), values[2]) == (21.0, True, 41.0)
    assert ours.get_linestyle() == "-"
    assert ours.get_markerfacecolor() == CEREBELLUM
    assert (list(bar.get_xdata()), list(bar.get_ydata())) == ([1000, 1000], [19.5, 22.5])
    assert paper.get_ydata().tolist() == [20.0, 30.0, 40.0]
    assert paper.get_linestyle() == "None"
    assert paper.get_markerfacecolor() == "none"
    assert margin.get_color() == ATTACK
    assert all(math.isnan(value) for value in no_paper.get_ydata())


def test_baselines_are_grey_the_papers_dashed_ours_dotted():
    baselines = {"PGD": Comparison("CNN", paper=48.2, ours=50.0)}
    paper, ours, *_ = draw({"PGD": [FC]}, baselines=baselines).axes[0].lines
    assert [line.get_color() for line in (paper, ours)] == [BASELINE] * 2
    assert [line.get_linestyle() for line in (paper, ours)] == ["--", ":"]
    assert [set(line.get_ydata()) for line in (paper, ours)] == [{48.2}, {50.0}]


def test_only_clean_accuracy_leaves_out_zero():
    figure = draw({"test accuracy": [CLEAN], "PGD": [FC]})
    clean, legend, attacked = (ax for ax in figure.axes[:3])
    assert clean.get_ylim() == (90, 100)
    assert attacked.get_ylim()[0] == 0
    assert attacked.get_ylim()[1] > 41
    assert not legend.axison


def test_the_legend_names_each_mark_that_is_drawn_and_no_other():
    def names(panels, **more):
        figure = draw(panels, **more)
        return [text.get_text() for text in figure.axes[1].get_legend().get_texts()]

    assert names({"a": [FC], "b": [FC, MARGIN]}) == [
        "FC: ours",
        "FC: paper",
        "FC, margin: ours",
        "range over seeds",
    ]
    waiting = SizeCurve("FC", SIZES, [Comparison("a", paper=20.0)] * 3)
    assert names({"a": [waiting]}) == ["FC: paper"]
    assert names({"a": [waiting]}, baselines={"a": Comparison("CNN", paper=1.0)}) == [
        "FC: paper",
        "CNN: paper",
    ]


def test_axes_are_labelled():
    svg = to_svg(draw({"PGD, ε = 0.1": [FC]}))
    for words in ("m, granule cells", "accuracy (%)", "PGD, ε = 0.1", "100,000"):
        assert words in svg


@pytest.mark.parametrize(
    ("panels", "more", "words"),
    [
        ({}, {}, "panels are {}"),
        ({"PGD": []}, {}, "each with a curve"),
        ({"PGD": [FC]}, {"baselines": {"FGSM": Comparison("a")}}, "baselines are for \\['FGSM'\\]"),
    ],
)
def test_wrong_panels_are_refused(panels, more, words):
    with pytest.raises(ValueError, match=words):
        draw(panels, **more)


@pytest.mark.parametrize(
    ("label", "sizes", "rows", "words"),
    [
        ("FC", (), [], "sizes are \\[\\]"),
        ("FC", (0, 1), [Comparison("a")] * 2, "from 1 on"),
        ("FC", (2, 2), [Comparison("a")] * 2, "increasing"),
        ("FC", (1, 2), [Comparison("a")], "rows are 1; they may be 2"),
        ("_FC", (1,), [Comparison("a")], "label is '_FC'"),
    ],
)
def test_a_wrong_curve_is_refused(label, sizes, rows, words):
    with pytest.raises(ValueError, match=words):
        SizeCurve(label, sizes, rows)
