import pytest
import torch

from helpers.neural_similarity import signal_to_noise


def test_equation_1_by_hand():
    # Neuron 0: means 1 and 3 (variance 1), trials 1 around them (variance 1). Neuron 1: means 0
    # and 4 (variance 4), trials .5 around them (variance .25). Neuron 2 never varies.
    recorded = torch.tensor(
        [[[0.0, -0.5, 2.0], [2.0, 0.5, 2.0]], [[2.0, 3.5, 2.0], [4.0, 4.5, 2.0]]]
    )
    torch.testing.assert_close(signal_to_noise(recorded), torch.tensor([1.0, 4.0, 0.0]))


@pytest.mark.parametrize(
    ("recorded", "text"),
    [
        (torch.zeros(3, 2), r"shape \(3, 2\)"),
        (torch.zeros(3, 1, 2), "at least two images and two trials"),
        (torch.full((2, 2, 1), float("nan")), "responses hold NaN"),
        (torch.tensor([[[1.0], [1.0]], [[2.0], [2.0]]]), "neuron 0 are the same in every trial"),
    ],
)
def test_bad_arguments(recorded, text):
    with pytest.raises(ValueError, match=text):
        signal_to_noise(recorded)
