import pytest

from helpers.cerebellum import Epoch
from helpers.figures import training_curves

HISTORY = [Epoch(1, 80.0, 79.0), Epoch(2, 90.0, 88.5)]


def test_a_solid_and_a_dashed_line_for_each_model():
    ax = training_curves({"FC": HISTORY, "RC": HISTORY}).axes[0]
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "-", "--"]
    assert [line.get_marker() for line in ax.lines] == ["o", "o", "s", "s"]
    assert list(ax.lines[0].get_ydata()) == [79.0, 88.5]
    assert list(ax.lines[1].get_ydata()) == [80.0, 90.0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "accuracy (%)")
    assert [text.get_text() for text in ax.get_legend().texts][:2] == ["FC, test", "FC, training"]


@pytest.mark.parametrize(
    ("histories", "text"),
    [
        ({}, "histories holds 0 models"),
        ({str(i): HISTORY for i in range(5)}, "histories holds 5 models"),
        ({"FC": []}, "history of 'FC' is empty"),
    ],
)
def test_bad_histories(histories, text):
    with pytest.raises(ValueError, match=text):
        training_curves(histories)
