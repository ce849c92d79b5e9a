"""Similarities of models that are fitted to scans, averaged over scans (Li et al. 2019, 2.2)."""

from collections.abc import Iterable

from torch import Tensor

from helpers.data.recordings.recording import Recording
from helpers.neural_similarity.predictive import Fitted
from helpers.neural_similarity.reliability import signal_to_noise
from helpers.neural_similarity.similarity import similarity_matrix


def scaled_predictions(recording: Recording, fitted: Fitted, images: Tensor) -> Tensor:
    """r-hat of section 2.2: predicted responses, scaled by w of equation 1 and by v.

    Both weights come from the repeated images, as in the paper: w says how reliable a neuron is, v
    how well it is predicted. A neuron that is predicted worse than not at all counts for nothing.

    Args:
        recording: the scan that the model was fitted to, with repeated images of the tier "test".
        fitted: the model.
        images: (n, 1, h, w) uint8; the repeated images are not to be among them.

    Returns:
        (n, neurons), with the animal in its mean state.

    Raises:
        ValueError: the scan has no repeated images; see
            :func:`helpers.neural_similarity.reliability.signal_to_noise`.
    """
    _, responses = recording.oracle()
    predicted_well = fitted.correlation(recording, "test").clamp(min=0)
    return fitted.to_images(images) * (signal_to_noise(responses) * predicted_well)


def mean_similarity(populations: Iterable[Tensor]) -> Tensor:
    """The mean over scans of S of equation 6, what the paper holds its networks to.

    Args:
        populations: of each scan the scaled predictions (images, neurons) of the same images.

    Returns:
        (images, images), 1 on the diagonal.

    Raises:
        ValueError: there is no scan, or two have other numbers of images; see
            :func:`helpers.neural_similarity.similarity.similarity_matrix`.
    """
    total: Tensor | None = None
    scans = 0
    for responses in populations:
        found = similarity_matrix(responses)
        if total is not None and found.shape != total.shape:
            raise ValueError(
                f"populations have {len(total)} and {len(found)} images; they may have the same"
            )
        total = found if total is None else total.add_(found)
        scans += 1
    if total is None:
        raise ValueError("populations are none; they may be one or more")
    return (total / scans).clamp(-1, 1)
