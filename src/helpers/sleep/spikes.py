"""Images as trains of spikes."""

import torch
from torch import Tensor

from helpers.checks import check_count, check_images


def poisson_spikes(
    images: Tensor, probability: float, generator: torch.Generator, *, steps: int = 1
) -> Tensor:
    """Spikes (n * steps, pixels) bool of images (n, ...), each shown for `steps` steps in turn.

    In every step an input cell fires with `probability` times its pixel, whatever happened before:
    a Poisson process in steps of a millisecond. Only pixels above 0 draw random numbers.

    Args:
        images: (n, ...) in [0, 1].
        probability: of a spike where the pixel is 1.
        generator: a CPU generator.
        steps: for each image.

    Raises:
        ValueError: images are not in [0, 1]; `probability` is not from 0 to 1; `steps` is below 1.
    """
    check_images(images)
    check_count("steps", steps, 1)
    if not 0 <= probability <= 1:  # also catches NaN
        raise ValueError(f"probability is {probability}; it may be from 0 to 1")
    rates = probability * images.detach().cpu().flatten(1)
    spikes = torch.zeros(len(rates), steps, rates.shape[1], dtype=torch.bool)
    image, pixel = rates.nonzero(as_tuple=True)
    # Image by image, so that a batch draws the same numbers as its parts one after the other.
    drawn = torch.rand(len(image), steps, generator=generator)
    spikes[image, :, pixel] = drawn < rates[image, pixel, None]
    return spikes.flatten(0, 1)
