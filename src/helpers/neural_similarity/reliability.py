"""How much of a neuron's response is signal (Li et al. 2019, equation 1)."""

import torch
from torch import Tensor


def signal_to_noise(responses: Tensor) -> Tensor:
    """w of equation 1: signal strength over noise strength of every neuron.

    The signal is the standard deviation over images of the mean over trials, the noise the root of
    the mean over images of the variance over trials. Both variances divide by n, the expectations
    of the equation.

    Args:
        responses: (images, trials, neurons).

    Returns:
        (neurons,), 0 or above. A neuron that never varies carries nothing: 0.

    Raises:
        ValueError: not three axes, or fewer than two images or trials; NaN; a neuron without noise
            whose signal varies, for which the ratio is infinite.
    """
    if responses.ndim != 3 or min(responses.shape[:2]) < 2:
        raise ValueError(
            f"responses have shape {tuple(responses.shape)}; it may be (images, trials, neurons) "
            "with at least two images and two trials"
        )
    if not bool(responses.isfinite().all()):
        raise ValueError("responses hold NaN or infinite numbers; they may be finite")
    signal = responses.mean(1).var(0, correction=0)
    noise = responses.var(1, correction=0).mean(0)
    sure = ((noise == 0) & (signal > 0)).nonzero()[:, 0].tolist()
    if sure:
        raise ValueError(
            f"responses of neuron {sure[0]} are the same in every trial; they may vary, as a "
            "neuron without noise has an infinite weight"
        )
    return torch.where(noise > 0, (signal / noise.where(noise > 0, 1)).sqrt(), 0)
