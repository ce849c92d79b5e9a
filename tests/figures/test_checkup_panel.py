import pytest

from helpers.evaluation.checkup import Checkup, Line
from helpers.figures import to_svg
from helpers.figures.checkup_panel import checkup_panel, verdict_matrix

LEFT = {"claim": (40.0, 10), "margin": (0.0, 10), "black box": (100.0, 5)}
LINES = [("scores", "pass"), ("another loss", "fail"), ("another library", "not applicable")]


@pytest.fixture
def found():
    """A check-up of ten images that one line contradicts; fields can be changed."""

    def make(**change):
        lines = tuple(Line(name, verdict, "seen", "meant") for name, verdict in LINES)
        fields = {"lines": lines, "eps": 0.1, "norm": "linf", "loss": "mse", "n": 10}
        return Checkup(**(fields | {"seconds": 1.0, "left": LEFT} | change))

    return make


def test_dots_with_their_wilson_intervals_and_the_claim_as_a_line(found):
    ax = checkup_panel(found()).axes[0]
    dashed, *drawn = ax.lines
    assert dashed.get_linestyle() == "--"
    assert list(dashed.get_xdata()) == [40, 40]
    bars, dots = drawn[::2], drawn[1::2]
    assert [list(dot.get_xdata()) for dot in dots] == [[40], [0], [100]]
    # With z = 1.96 and n = 10: (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    assert list(bars[0].get_xdata()) == pytest.approx([16.82, 68.73], abs=0.01)
    assert list(bars[1].get_xdata()) == pytest.approx([0, 27.75], abs=0.01)
    assert list(bars[2].get_xdata()) == pytest.approx([56.55, 100], abs=0.01)
    assert list(bars[2].get_ydata()) == [2, 2]


def test_the_axis_is_in_percent_and_names_its_images(found):
    ax = checkup_panel(found()).axes[0]
    assert ax.get_xlim() == (0, 100)
    assert ax.get_xlabel() == "still right (%), n = 10"
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["claim", "margin", "black box (n = 5)"]


def test_a_verdict_has_a_mark_of_its_own(found):
    _, verdicts = checkup_panel(found()).axes
    texts = [(text.get_text(), text.get_fontweight()) for text in verdicts.texts]
    assert texts[::2] == [("●", "normal"), ("▲", "normal"), ("·", "normal")]
    assert texts[1::2] == [
        ("scores", "normal"),
        ("another loss", "bold"),
        ("another library", "normal"),
    ]
    assert verdicts.get_title(loc="left") == "● pass, ▲ fail, · not applicable"


def test_text_stays_text(found):
    svg = to_svg(checkup_panel(found()))
    assert "another loss</text>" in svg
    assert "▲" in svg


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"lines": ()}, "checkup has no lines; it may have one or more"),
        ({"left": {"margin": (1.0, 5)}}, r"checkup.left has \['margin'\]; it may hold the claim"),
        ({"left": {"claim": (101.0, 5)}}, r"checkup.left\['claim'\] holds 101.0; it may be from 0"),
        ({"left": {"claim": (float("nan"), 5)}}, "holds nan"),
        ({"left": {"claim": (1.0, 0)}}, "stands on 0 images; it may be 1 or more"),
    ],
)
def test_bad_checkups(change, text, found):
    with pytest.raises(ValueError, match=text):
        checkup_panel(found(**change))


def test_something_else():
    with pytest.raises(ValueError, match="checkup is a dict; it may be a Checkup"):
        checkup_panel({})


@pytest.fixture
def records(record):
    """Two seeds of one model that disagree, one seed of another."""
    first = {"line_scores": 0.0, "line_no_bound": 1.0, "line_another_library": -1.0}
    return [
        record(0, {"model": "cnn"}, **first),
        record(123, {"model": "cnn"}, **(first | {"line_no_bound": 0.0})),
        record(0, {"model": "cerebellum"}, line_scores=0.0, line_no_bound=1.0),
    ]


MODELS = {"CNN": {"model": "cnn"}, "cells": {"model": "cerebellum"}, "none": {"model": "none"}}
SOME = ("scores", "no bound", "another library")


def test_a_cell_has_the_verdict_on_which_the_seeds_agree(records):
    cells = verdict_matrix(records, MODELS, SOME).data
    assert cells["CNN"].tolist() == ["● pass", "▲ 1 of 2 fail", "not applicable", "2"]
    assert cells["cells"].tolist() == ["● pass", "▲ fail", "·", "1"]
    assert cells["none"].tolist() == ["·", "·", "·", "·"]
    assert cells.index.tolist() == [*SOME, "seeds"]


def test_passing_where_it_applies(record):
    pair = [record(0, {}, line_scores=0.0), record(123, {}, line_scores=-1.0)]
    assert verdict_matrix(pair, {"a": {}}, ["scores"]).data["a"].tolist() == ["● 1 of 2 pass", "2"]


def test_what_fails_is_bold(records):
    html = verdict_matrix(records, MODELS, SOME).to_html()
    assert "font-weight: 700" in html
    assert 'class="dataframe ledger"' in html
    assert "font-weight" not in verdict_matrix(records, MODELS, ["scores"]).to_html()


def test_without_records_nothing_has_run():
    cells = verdict_matrix([], MODELS).data
    assert len(cells) == 16  # fifteen lines and the seeds
    assert set(cells.stack()) == {"·"}


@pytest.mark.parametrize(
    ("models", "lines", "text"),
    [
        ({}, SOME, "models and lines are empty; there may be one or more"),
        (MODELS, [], "models and lines are empty"),
        ({"all": {}}, SOME, r"seed 0 has two runs with \{\}; it may have one"),
    ],
)
def test_bad_requests(models, lines, text, records):
    with pytest.raises(ValueError, match=text):
        verdict_matrix(records, models, lines)


def test_a_verdict_that_is_none(record):
    with pytest.raises(ValueError, match="'scores' has the verdict 2; it may be one of"):
        verdict_matrix([record(0, {}, line_scores=2.0)], {"a": {}}, ["scores"])
