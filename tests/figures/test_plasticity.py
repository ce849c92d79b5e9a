import pytest
import torch
from matplotlib.colors import to_hex

from helpers.figures import BASELINE, SLEEP, to_svg
from helpers.figures.plasticity import (
    drift_against_rate,
    gate_curve,
    synapse_traces,
    weight_histograms,
)

WEIGHTS = torch.linspace(-1, 1, 5)
TRACES = {"0": torch.tensor([0.0, 0.1]), "1": torch.tensor([1.0, 0.9])}
BEFORE = torch.tensor([[0.0, 0.1], [0.1, -0.1]])


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_the_gate_stands_beside_the_rule_without_one():
    (ax,) = gate_curve(WEIGHTS, 1 - WEIGHTS).axes
    gated, additive = ax.lines
    assert gated.get_ydata().tolist() == [2, 1.5, 1, 0.5, 0]
    assert gated.get_color() == SLEEP
    assert (additive.get_linestyle(), additive.get_color()) == ("--", BASELINE)
    assert set(additive.get_ydata()) == {1}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("weight W", "factor on a change")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["gated", "additive"]


def test_synapses_look_the_same_in_every_panel():
    figure = synapse_traces({"additive": TRACES, "gated": TRACES})
    looks = [[(line.get_color(), line._dash_pattern) for line in ax.lines] for ax in figure.axes]
    assert looks[0] == looks[1]
    assert looks[0][0] != looks[0][1]
    assert [ax.get_title("left") for ax in figure.axes] == ["additive", "gated"]
    assert legend(figure) == ["0", "1"]
    svg = to_svg(figure)
    for words in ("time (ms)", "weight W", "weight at the start"):
        assert f"{words}</text>" in svg


def test_histograms_count_all_weights_in_the_same_bins():
    after = BEFORE - 1
    figure = weight_histograms(BEFORE, {"additive": after, "gated": BEFORE}, bins=11)
    moved, _still = figure.axes
    bars = moved.patches[:11]
    assert sum(bar.get_height() for bar in bars) == 4
    assert bars[0].get_x() == pytest.approx(-1.1)
    assert moved.get_yscale() == "log"
    outline = moved.patches[11]
    assert to_hex(outline.get_edgecolor()) == BASELINE.lower()
    assert outline.get_linestyle() != "-"
    assert legend(figure) == ["after sleep", "before"]
    assert (moved.get_xlabel(), moved.get_ylabel()) == ("weight W", "synapses")


def test_drift_is_drawn_beside_what_chance_expects():
    rates, measured = torch.tensor([0.0, 50.0]), torch.tensor([-0.2, 0.0])
    (ax,) = drift_against_rate(rates, measured, potentiation=0.1, depression=0.2).axes
    dots, line = ax.lines
    assert dots.get_xydata().tolist() == [[0, pytest.approx(-0.2)], [50, 0]]
    assert line.get_xydata().tolist() == [[0, pytest.approx(-0.2)], [50, pytest.approx(-0.05)]]
    assert (line.get_linestyle(), line.get_color()) == ("--", BASELINE)
    assert ax.get_ylabel() == "mean change per spike"


@pytest.mark.parametrize(
    ("weights", "gates", "words"),
    [
        (WEIGHTS, WEIGHTS[:2], "gates have shape \\(2,\\); it may be \\(5,\\)"),
        (WEIGHTS.flip(0), WEIGHTS, "weights do not increase"),
        (WEIGHTS[:1], WEIGHTS[:1], "weights do not increase"),
        (WEIGHTS[None], WEIGHTS, "weights has shape \\(1, 5\\)"),
    ],
)
def test_wrong_gates_are_refused(weights, gates, words):
    with pytest.raises(ValueError, match=words):
        gate_curve(weights, gates)


@pytest.mark.parametrize(
    ("panels", "words"),
    [
        ({}, "panels have the synapses \\[\\]"),
        ({"a": TRACES, "b": {"0": TRACES["0"]}}, "they may have the same"),
        ({"a": {}}, "synapses are 0; there may be 1 to 6"),
        ({"a": {str(n): WEIGHTS for n in range(7)}}, "synapses are 7"),
        ({"a": {"_": WEIGHTS}}, "label is '_'"),
        ({"a": {"0": WEIGHTS[None]}}, "0 has shape \\(1, 5\\)"),
    ],
)
def test_wrong_synapses_are_refused(panels, words):
    with pytest.raises(ValueError, match=words):
        synapse_traces(panels)


@pytest.mark.parametrize(
    ("before", "after", "bins", "words"),
    [
        (BEFORE, {}, 5, "after is empty"),
        (BEFORE, {"a": BEFORE[:1]}, 5, "'a' has shape \\(1, 2\\); it may be \\(2, 2\\)"),
        (BEFORE[:0], {"a": BEFORE[:0]}, 5, "'before' has shape \\(0, 2\\)"),
        (BEFORE, {"a": BEFORE / 0}, 5, "'a' holds weights that are not finite"),
        (BEFORE, {"a": BEFORE}, 0, "bins is 0"),
    ],
)
def test_wrong_weights_are_refused(before, after, bins, words):
    with pytest.raises(ValueError, match=words):
        weight_histograms(before, after, bins=bins)


@pytest.mark.parametrize(
    ("rates", "measured", "words"),
    [
        (WEIGHTS, WEIGHTS, "outside 0 to 100"),
        (WEIGHTS.abs(), WEIGHTS[:2], "measured has shape \\(2,\\); it may be \\(5,\\)"),
        (WEIGHTS[:0], WEIGHTS[:0], "rates has shape \\(0,\\)"),
    ],
)
def test_wrong_drifts_are_refused(rates, measured, words):
    with pytest.raises(ValueError, match=words):
        drift_against_rate(rates, measured, potentiation=0.1, depression=0.2)
