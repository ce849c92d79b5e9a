import numpy as np
import pytest
import torch

from helpers.data.recordings.recording import Recording
from helpers.neural_similarity.fitted_scans import mean_similarity, scaled_predictions


def cosines(responses):
    """Equation 2 in NumPy."""
    centred = np.float64(responses) - np.float64(responses).mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return unit @ unit.T


class Known:
    """A model whose predictions and their correlations with the responses are given."""

    def __init__(self, v, predicted):
        self.v, self.predicted = torch.tensor(v), predicted

    def correlation(self, recording, tier):
        assert tier == "test"
        return self.v

    def to_images(self, images):
        return self.predicted[: len(images)]


def test_predictions_are_scaled_by_signal_to_noise_and_by_how_well_a_neuron_is_predicted():
    # Two images, two trials each, three neurons. Means 1 and 5, 2 and 2, 3 and 6; variances over
    # trials 1, 4 and 1.
    trials = torch.tensor([[0.0, 0, 2], [2, 4, 4], [4, 0, 5], [6, 4, 7]])
    recording = Recording(
        name="by hand",
        source="by hand",
        images=torch.zeros(2, 1, 4, 4, dtype=torch.uint8),
        shown=torch.tensor([0, 0, 1, 1]),
        responses=trials,
        tier=("test",) * 4,
    )
    predicted = torch.tensor([[1.0, 1, 1], [2, 3, 4], [5, 6, 7]])
    fitted = Known([0.5, 0.9, -0.2], predicted)
    images = torch.zeros(3, 1, 4, 4, dtype=torch.uint8)
    # w is 2 / 1, 0 / 2 and 1.5 / 1.
    expected = predicted * torch.tensor([2 * 0.5, 0, 0])
    torch.testing.assert_close(scaled_predictions(recording, fitted, images), expected)


def test_the_mean_over_scans_of_different_sizes():
    rng = np.random.default_rng(0)
    scans = [torch.from_numpy(rng.normal(size=(6, neurons))).float() for neurons in (4, 9, 5)]
    expected = np.mean([cosines(scan.numpy()) for scan in scans], 0)
    found = mean_similarity(iter(scans))
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-5)
    np.testing.assert_allclose(mean_similarity(scans[:1]).numpy(), cosines(scans[0]), atol=1e-5)


def test_bad_populations():
    with pytest.raises(ValueError, match="populations are none"):
        mean_similarity([])
    with pytest.raises(ValueError, match="populations have 3 and 4 images"):
        mean_similarity([torch.rand(3, 5), torch.rand(4, 5)])


def test_a_scan_without_repeats():
    recording = Recording(
        name="once",
        source="by hand",
        images=torch.zeros(2, 1, 4, 4, dtype=torch.uint8),
        shown=torch.tensor([0, 1]),
        responses=torch.rand(2, 3),
        tier=("test",) * 2,
    )
    with pytest.raises(ValueError, match="was shown once"):
        scaled_predictions(recording, Known([1.0], torch.rand(2, 3)), recording.images)
