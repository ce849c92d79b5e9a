import pytest
import torch
from matplotlib.colors import to_hex

from helpers.figures import BASELINE, NEURAL_SIMILARITY
from helpers.figures.reliability import repeated_responses, weight_curves

RESPONSES = torch.tensor([[1.0, 2.0], [5.0, 7.0], [0.0, 0.0]])


def test_the_image_with_the_strongest_mean_response_is_on_top():
    figure = repeated_responses({"w = 2": RESPONSES, "w = 1": -RESPONSES})
    strong, weak = (ax for ax in figure.axes if ax.get_title("left"))
    assert strong.images[0].get_array().tolist() == [[5, 7], [1, 2], [0, 0]]
    assert weak.images[0].get_array().tolist() == [[0, 0], [-1, -2], [-5, -7]]
    assert (strong.get_title("left"), weak.get_title("left")) == ("w = 2", "w = 1")
    assert (strong.get_xlabel(), strong.get_ylabel()) == ("time it was shown", "image (sorted)")
    assert [ax.get_xlabel() for ax in figure.axes if not ax.get_title("left")] == ["response"] * 2


def test_a_curve_says_which_share_of_a_scan_has_at_most_a_weight():
    figure = weight_curves({"a": torch.tensor([3.0, 1.0]), "b": torch.tensor([2.0, 2.5])}, 0.5)
    (ax,) = figure.axes
    first, second, chance = ax.lines
    assert first.get_xydata().tolist() == [[1, 50], [3, 100]]
    assert second.get_xydata().tolist() == [[2, 50], [2.5, 100]]
    assert to_hex(first.get_color()) == to_hex(NEURAL_SIMILARITY)
    assert list(chance.get_xdata()) == [0.5, 0.5]
    assert to_hex(chance.get_color()) == to_hex(BASELINE)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["a, 2 neurons", "b, 2 neurons", "noise alone"]


@pytest.mark.parametrize(
    ("neurons", "words"),
    [
        ({}, "neurons are 0; there may be 1 to 3"),
        (dict.fromkeys("abcd", RESPONSES), "neurons are 4; there may be 1 to 3"),
        ({"a": torch.ones(3)}, r"'a' has shape \(3,\); it may be \(images, repeats\)"),
        ({"a": torch.ones(0, 2)}, r"'a' has shape \(0, 2\)"),
    ],
)
def test_wrong_neurons_are_refused(neurons, words):
    with pytest.raises(ValueError, match=words):
        repeated_responses(neurons)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({}, "weights are of 0 scans; they may be of 1 to 3"),
        (dict.fromkeys("abcd", torch.ones(2)), "weights are of 4 scans"),
        ({"a": torch.ones(2, 2)}, r"'a' has shape \(2, 2\); it may be \(neurons,\)"),
        ({"a": torch.ones(0)}, r"'a' has shape \(0,\)"),
        ({"_a": torch.ones(2)}, "label is '_a'"),
    ],
)
def test_wrong_weights_are_refused(weights, words):
    with pytest.raises(ValueError, match=words):
        weight_curves(weights, 0.5)
