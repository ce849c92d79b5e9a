import math

import pytest
from matplotlib.colors import to_hex

from helpers.figures import BASELINE, NEURAL_SIMILARITY
from helpers.figures.two_losses import two_losses
from helpers.neural_similarity.joint import Epoch


def epochs(*losses):
    return [
        Epoch(number, task, apart, 0.0, (0.2,) * 5)
        for number, (task, apart) in enumerate(losses, start=1)
    ]


def test_each_network_is_drawn_for_what_it_is_there_for():
    alone = epochs((2.0, math.nan), (1.0, math.nan))
    held = epochs((2.2, 0.5), (1.5, 0.1))
    watched = epochs((9.0, 0.6), (9.0, 0.7))
    task, similarity = two_losses(alone, held, watched).axes
    assert [line.get_ydata().tolist() for line in task.lines] == [[2.0, 1.0], [2.2, 1.5]]
    assert [line.get_ydata().tolist() for line in similarity.lines] == [[0.6, 0.7], [0.5, 0.1]]
    for ax, title in ((task, "cross-entropy"), (similarity, "similarity loss")):
        assert [to_hex(line.get_color()) for line in ax.lines] == [
            to_hex(BASELINE),
            to_hex(NEURAL_SIMILARITY),
        ]
        assert all(line.get_xdata().tolist() == [1, 2] for line in ax.lines)
        assert (ax.get_title("left"), ax.get_xlabel(), ax.get_ylim()[0]) == (title, "epoch", 0)


@pytest.mark.parametrize(("alone", "held"), [(0, 0), (1, 2), (2, 1)])
def test_epochs_that_do_not_match_are_refused(alone, held):
    one = epochs((1.0, 1.0))
    with pytest.raises(ValueError, match=f"epochs are {alone}, {held} and 1; they may be equally"):
        two_losses(one * alone, one * held, one)
