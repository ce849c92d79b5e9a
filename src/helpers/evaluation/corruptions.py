"""Blurred and noisy images, as the papers corrupt them, and the accuracy on them.

Sources: Tadros et al. 2020 and its reproduction, Sritharan et al. 2021 (blur; noise given by its
variance; in the reproduction noise that wraps); Li et al. 2019, figure 4 (noise on an axis from 0
to .1 that the paper does not explain; that it is the standard deviation is inferred).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from helpers.attacks.result import Model, check_request, check_scores
from helpers.checks import check_choice, check_count, check_images, check_not_negative
from helpers.evaluation.metric_numbers import NUMBER, read_number, write_number

# The axes of the papers.
#: Tadros et al.: standard deviation of the blur, in pixels, and variance of the noise on [0, 1].
SLEEP_BLUR = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
SLEEP_NOISE_VAR = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
#: Sritharan et al.: the blur stops earlier; the axis of the wrapped noise is that of their figure.
REPRODUCTION_BLUR = SLEEP_BLUR[:6]
REPRODUCTION_NOISE_UINT8 = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
#: Li et al.: standard deviation of the noise on [0, 1].
NEURAL_NOISE_STD = tuple(percent / 100 for percent in range(11))


def blur(images: Tensor, sigma: float) -> Tensor:
    """Gaussian blur over the last two axes, images mirrored at their borders, the last pixel twice.

    Args:
        images: (n, ..., height, width) in [0, 1].
        sigma: standard deviation of the Gaussian, in pixels.

    Raises:
        ValueError: images are not (n, ..., height, width) in [0, 1]; `sigma` is negative, NaN or
            infinite.
    """
    check_not_negative("sigma", sigma)
    check_images(images)
    if images.ndim < 3:
        raise ValueError(f"images have shape {tuple(images.shape)}; they may be (n, ..., h, w)")
    # SciPy's kernel follows from sigma. Torchvision's has a size of its own that cuts the Gaussian
    # off where it is chosen too small, and may not be wider than twice the image.
    from scipy.ndimage import gaussian_filter

    blurred = gaussian_filter(images.detach().cpu().numpy(), sigma, axes=(-2, -1))
    return torch.from_numpy(blurred).to(images).clamp_(0, 1)


def gaussian_noise(images: Tensor, std: float, generator: torch.Generator) -> Tensor:
    """Independent normal noise on every pixel value, clipped to [0, 1].

    Args:
        images: (n, ...) in [0, 1].
        std: standard deviation of the noise, in pixel values.
        generator: a CPU generator, so that a seed means the same noise on every device.

    Raises:
        ValueError: images are not in [0, 1]; `std` is negative, NaN or infinite.
    """
    check_not_negative("std", std)
    check_images(images)
    return (images + std * _normal(images, generator)).clamp_(0, 1)


def wrapped_noise(images: Tensor, variance: float, generator: torch.Generator) -> Tensor:
    """The reproduction's noise: added to gray levels from 0 to 255, then cast to 8 bits.

    The cast cuts off decimals and counts past 0 and 255 in a circle: noise below -1 turns a black
    pixel white, for a variance of 1 that is every sixth, and nearly nothing else changes. That the
    levels of their axis are variances of gray levels is inferred from their accuracies: as standard
    deviations the lowest ones would change no digit.

    Args:
        images: (n, ...) in [0, 1].
        variance: variance of the noise, in squared gray levels of 255.
        generator: a CPU generator.

    Raises:
        ValueError: images are not in [0, 1]; `variance` is negative, NaN or infinite.
    """
    check_not_negative("variance", variance)
    check_images(images)
    gray = (255 * images).round() + variance**0.5 * _normal(images, generator)
    return gray.trunc_().remainder_(256).div_(255)


def _variance_noise(images: Tensor, variance: float, generator: torch.Generator) -> Tensor:
    return gaussian_noise(images, variance**0.5, generator)


#: Images, level and random numbers to corrupted images, by the name that metrics have.
CORRUPTIONS: dict[str, Callable[[Tensor, float, torch.Generator], Tensor]] = {
    "blur": lambda images, sigma, generator: blur(images, sigma),
    "noise_var": _variance_noise,
    "noise_std": gaussian_noise,
    "noise_uint8": wrapped_noise,
}


@dataclass(frozen=True)
class Corruption:
    """A corruption as the name of a metric has it, such as ``blur_2.5`` or ``noise_var_0.9``.

    Attributes:
        kind: "blur", "noise_var", "noise_std" or "noise_uint8".
        level: standard deviation of the blur in pixels; variance or standard deviation of the noise
            on [0, 1]; variance of the wrapped noise in squared gray levels.
    """

    kind: str
    level: float

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, tuple(CORRUPTIONS))
        check_not_negative("level", self.level)

    @classmethod
    def parse(cls, metric: str) -> "Corruption":
        """Read a metric's name.

        Raises:
            ValueError: `metric` is not the name of an accuracy on corrupted images.
        """
        found = re.fullmatch(rf"({'|'.join(CORRUPTIONS)})_({NUMBER})", metric)
        if found is None:
            raise ValueError(
                f"metric is {metric!r}; it may be {', '.join(CORRUPTIONS)}, each followed by "
                "_level, for instance blur_2.5 or noise_std_8/255"
            )
        return cls(found[1], read_number(found[2]))

    @property
    def metric(self) -> str:
        """The name of the accuracy on images with this corruption."""
        return f"{self.kind}_{write_number(self.level)}"

    def __call__(self, images: Tensor, *, seed: int = 0) -> Tensor:
        """Corrupt `images` (n, ...) in [0, 1]; the same request gives the same images.

        Raises:
            ValueError: images are not in [0, 1], or for blur not (n, ..., height, width).
        """
        check_count("seed", seed, 0)
        generator = torch.Generator().manual_seed(seed)
        return CORRUPTIONS[self.kind](images, self.level, generator)


@torch.no_grad()
def accuracy_corrupted(
    corruption: Corruption,
    model: Model,
    images: Tensor,
    labels: Tensor,
    *,
    batch: int = 250,
    seed: int = 0,
) -> float:
    """Percent of the corrupted images that are classified correctly.

    Args:
        model: maps images to scores; an ``nn.Module`` has to be in evaluation mode.
        images: (n, ...) in [0, 1].
        labels: (n,).
        batch: images classified at a time; the noise does not depend on it.
        seed: decides the noise.

    Raises:
        ValueError: no images; `batch` below 1; see :func:`helpers.attacks.check_request`; a score
            is NaN or infinite.
    """
    check_count("batch", batch, 1)
    check_request(model, images, labels)
    corrupted = corruption(images, seed=seed)
    right = 0
    for x, y in zip(corrupted.split(batch), labels.split(batch), strict=True):
        right += int((check_scores(model(x)).argmax(1) == y).sum())
    return 100 * right / len(images)


def _normal(images: Tensor, generator: torch.Generator) -> Tensor:
    """Standard normal numbers shaped like `images`, the same ones on every device."""
    return torch.randn(images.shape, generator=generator, dtype=images.dtype).to(images.device)
