import pytest

from helpers.figures import new_figure
from helpers.figures.spread import seed_curve

LABELS = {"label": "PGD", "xlabel": "batch", "ylabel": "accuracy (%)"}


def axes():
    return new_figure().subplots()


def test_means_and_ranges():
    ax = axes()
    line = seed_curve(ax, {50: [1.0], 1: [10.0, 40.0], 5: []}, **LABELS)
    assert line.get_xydata().tolist() == [[1, 25], [50, 1]]
    (bars,) = ax.containers[0].lines[2]
    assert [segment[:, 1].tolist() for segment in bars.get_segments()] == [[10, 40], [1, 1]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("batch", "accuracy (%)")


def test_single_seeds_have_no_bars():
    ax = axes()
    seed_curve(ax, {1: [2.0], 2: [3.0]}, **LABELS)
    assert not ax.containers


def test_a_logarithmic_axis_names_every_setting_of_every_curve():
    ax = axes()
    seed_curve(ax, {1: [2.0], 50: [3.0]}, **LABELS, log=True)
    seed_curve(ax, {10: [2.0]}, **LABELS, log=True, baseline=True)
    assert ax.get_xticks().tolist() == [1, 10, 50]
    assert ax.get_xscale() == "log"
    assert ax.lines[-1].get_linestyle() == "--"


@pytest.mark.parametrize(
    ("found", "change", "text"),
    [
        ({}, {}, "found holds no values for 'PGD'"),
        ({1: []}, {}, "found holds no values"),
        ({0: [1.0]}, {"log": True}, "a setting of 0; it may be above 0"),
        ({1: [1.0]}, {"label": ""}, "label is ''"),
    ],
)
def test_bad_arguments(found, change, text):
    with pytest.raises(ValueError, match=text):
        seed_curve(axes(), found, **(LABELS | change))
