"""Which spatial frequencies a model uses: noise in one band, and the spectrum of its gradient.

Frequencies are in cycles per image side; an octave band holds those from f to below 2 f.

Sources: Li et al. (2023) on the frequencies that regularised networks rely on; Yin et al. (2019)
on accuracy under perturbations of one frequency.
"""

import math

import torch
from torch import Tensor

from helpers.attacks.losses import cross_entropy, input_gradient
from helpers.attacks.result import Model, check_request
from helpers.checks import check_count, check_images, check_positive

#: Lower ends of the octave bands, in cycles per image side.
BANDS = (1, 2, 4, 8, 16)


def radial_frequency(height: int, width: int) -> Tensor:
    """The frequency of each entry of ``torch.fft.fft2``, in cycles per image: (height, width).

    Of an image that is not square, cycles per its shorter side.
    """
    check_count("height", height, 2)
    check_count("width", width, 2)
    side = min(height, width)
    y, x = torch.fft.fftfreq(height) * side, torch.fft.fftfreq(width) * side
    return (y[:, None] ** 2 + x[None] ** 2).sqrt()


def in_band(height: int, width: int, low: float) -> Tensor:
    """Which entries of ``torch.fft.fft2`` lie in the octave from `low`: (height, width) bool.

    Raises:
        ValueError: `low` is not above 0, or no frequency of such images lies in its band.
    """
    check_positive("low", low)
    frequency = radial_frequency(height, width)
    found = (frequency >= low) & (frequency < 2 * low)
    if not bool(found.any()):
        lowest, highest = frequency[frequency > 0].min().item(), frequency.max().item()
        raise ValueError(
            f"low is {low}; it may be above {lowest / 2:.3g}, half the lowest frequency of images "
            f"of {height}x{width} pixels, and at most {highest:.3g}, the highest"
        )
    return found


def band_noise(images: Tensor, low: float, size: float, generator: torch.Generator) -> Tensor:
    """Images with normal noise that has frequencies of one octave only, clipped to [0, 1].

    Args:
        images: (n, channels, h, w) in [0, 1].
        low: lower end of the octave, in cycles per image.
        size: L2 norm of the noise of each image before clipping, in pixel values.
        generator: a CPU generator, so that a seed means the same on every device.

    Raises:
        ValueError: the images are not that, `size` is not above 0, or see :func:`in_band`.
    """
    check_images(images)
    check_positive("size", size)
    _check_shape(images)
    height, width = images.shape[2:]
    mask = in_band(height, width, low)
    noise = torch.randn(images.shape, generator=generator, dtype=images.dtype)
    noise = torch.fft.ifft2(torch.fft.fft2(noise) * mask).real
    noise = noise * (size / noise.flatten(1).norm(dim=1).view(-1, 1, 1, 1))
    return (images + noise.to(images.device)).clamp(0, 1)


def _check_shape(images: Tensor) -> None:
    if images.ndim != 4:
        raise ValueError(f"images have shape {tuple(images.shape)}; it may be (n, channels, h, w)")


def gradient_spectrum(
    model: Model, images: Tensor, labels: Tensor, *, batch: int = 250
) -> dict[float, float]:
    """Percent of the power of the loss gradient in each octave of :data:`BANDS`.

    The gradient of the cross-entropy to the pixels says which changes of an image matter to the
    model. Each image counts alike, whatever the length of its gradient. What is left to 100 lies in
    the mean of the image, and beyond the last octave where the image is larger than 32 pixels.

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
        images: (n, channels, h, w) in [0, 1].
        labels: (n,).
        batch: images at a time.

    Raises:
        ValueError: see :func:`helpers.attacks.check_request`; the images have another shape; no
            image has a gradient; images are too small to have all octaves, see :func:`in_band`.
    """
    check_count("batch", batch, 1)
    check_request(model, images, labels)
    _check_shape(images)
    height, width = images.shape[2:]
    masks = [in_band(height, width, low) for low in BANDS]
    total, counted = torch.zeros(len(BANDS), dtype=torch.float64), 0
    for x, y in zip(images.split(batch), labels.split(batch), strict=True):
        gradient, _ = input_gradient(model, cross_entropy, x, y)
        power = torch.fft.fft2(gradient.double().cpu()).abs().square().sum(1)
        whole = power.sum((1, 2))
        power, whole = power[whole > 0], whole[whole > 0]
        shares = [power[:, mask].sum(1) / whole for mask in masks]
        total += torch.stack([share.sum() for share in shares])
        counted += len(whole)
    if not counted:
        raise ValueError("the model has no gradient at any image; it may have one at some")
    return {low: 100 * share / counted for low, share in zip(BANDS, total.tolist(), strict=True)}


def centre_of(spectrum: dict[float, float]) -> float:
    """The mean frequency of a spectrum, on a logarithmic scale: each band counts at its middle."""
    whole = sum(spectrum.values())
    check_positive("power of the spectrum", whole)
    return math.exp(sum(share * math.log(low * 2**0.5) for low, share in spectrum.items()) / whole)
