import pytest

from helpers.figures import Comparison, against_paper, to_svg

ROWS = [
    Comparison("FC 1000", paper=94.1, ours=93.8, low=93.5, high=94.0),
    Comparison("RC 784", paper=96.5),
    Comparison("RC, ours alone", ours=50.0),
]


def dots(ax, size):
    return [
        (float(line.get_xdata()[0]), int(line.get_ydata()[0]))
        for line in ax.lines
        if line.get_marker() == "o" and line.get_markersize() == size and len(line.get_xdata())
    ]


def test_open_dots_are_the_papers_and_filled_ones_ours():
    figure = against_paper({"test": ROWS})
    (ax,) = figure.axes
    assert dots(ax, 10) == [(94.1, 0), (96.5, 1)]
    assert dots(ax, 6.5) == [(93.8, 0), (50.0, 2)]
    assert {line.get_markerfacecolor() for line in ax.lines if line.get_markersize() == 10} == {
        "none"
    }
    bars = [line for line in ax.lines if line.get_linewidth() == 4 and len(line.get_xdata())]
    assert [list(bar.get_xdata()) for bar in bars] == [[93.5, 94.0]]


def test_rows_legend_and_axis_are_named():
    svg = to_svg(against_paper({"PGD": ROWS}, spread="min to max of 2 seeds"))
    for words in ("FC 1000", "RC 784", "PGD", "paper", "ours", "min to max", "accuracy (%)"):
        assert words in svg


def test_without_a_spread_the_legend_does_not_name_one():
    assert "range over seeds" not in to_svg(against_paper({"test": ROWS[1:]}))


@pytest.mark.parametrize(("panels", "shown"), [(1, (1, 1)), (2, (1, 2)), (5, (2, 3))])
def test_panels_wrap_after_three(panels, shown):
    figure = against_paper({f"panel {i}": ROWS for i in range(panels)})
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == shown
    assert sum(ax.axison for ax in figure.axes) == panels


def test_no_text_of_the_panels_overlaps():
    figure = against_paper({f"PGD, ε = 0.{i}": ROWS for i in range(5)})
    figure.draw_without_rendering()
    for ax in figure.axes:
        ticks = [t.get_window_extent() for t in ax.get_xticklabels() if t.get_text()]
        assert not any(a.overlaps(b) for i, a in enumerate(ticks) for b in ticks[:i])


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"label": ""}, "label is ''"),
        ({"paper": 101.0}, "paper holds 101.0"),
        ({"ours": NAN}, "ours holds nan"),
        ({"ours": 5.0, "low": 4.0}, "only one of low and high"),
        ({"low": 4.0, "high": 6.0}, "ours is None"),
        ({"ours": 7.0, "low": 4.0, "high": 6.0}, "low 4 and high 6 may hold ours, 7"),
    ],
)
def test_wrong_rows_are_refused(values, words):
    with pytest.raises(ValueError, match=words):
        Comparison(**({"label": "FC"} | values))


@pytest.mark.parametrize(
    ("panels", "options", "words"),
    [
        ({}, {}, "panels is empty"),
        ({"a": []}, {}, "one or more"),
        ({"a": [ROWS[0], ROWS[0]]}, {}, "each name once"),
        ({"a": ROWS, "b": ROWS[:2]}, {}, "panel 'b' has other rows"),
        ({"a": [Comparison("FC")]}, {}, "panels hold no number"),
        ({"a": ROWS}, {"columns": 2}, "columns is 2; it may be from 1 to 1"),
    ],
)
def test_wrong_panels_are_refused(panels, options, words):
    with pytest.raises(ValueError, match=words):
        against_paper(panels, **options)
