import math

import pytest
import torch
from torch import nn

from helpers.evaluation.frequencies import (
    BANDS,
    band_noise,
    centre_of,
    gradient_spectrum,
    in_band,
    radial_frequency,
)


class Grating(nn.Module):
    """Scores that look at one frequency alone."""

    def __init__(self, cycles):
        super().__init__()
        x = torch.arange(32) / 32
        self.register_buffer("wave", torch.cos(2 * math.pi * cycles * x).expand(32, 32).clone())

    def forward(self, images):
        drive = (images[:, 0] * self.wave).sum((1, 2))
        return torch.stack([drive, -drive], 1)


def images(n=6):
    return torch.rand(n, 1, 32, 32, generator=torch.Generator().manual_seed(0)) * 0.2 + 0.4


def test_a_grating_has_its_frequency():
    x = torch.arange(32) / 32
    wave = torch.cos(2 * math.pi * 3 * x).expand(32, 32)
    peak = torch.fft.fft2(wave).abs().flatten().argmax()
    assert radial_frequency(32, 32).flatten()[peak] == 3


def test_the_octaves_share_all_frequencies_but_the_mean():
    masks = torch.stack([in_band(32, 32, low) for low in BANDS])
    assert int(masks.sum()) == 32 * 32 - 1
    assert int(masks.sum(0).max()) == 1


def test_noise_stays_in_its_octave_and_has_its_size():
    gray = torch.full((5, 1, 32, 32), 0.5, dtype=torch.float64)
    for low in BANDS:
        noise = band_noise(gray, low, 1.0, torch.Generator().manual_seed(0)) - gray
        power = torch.fft.fft2(noise).abs().square()[:, 0]
        torch.testing.assert_close(noise.flatten(1).norm(dim=1), torch.ones(5).double())
        share = power[:, in_band(32, 32, low)].sum(1) / power.sum((1, 2))
        torch.testing.assert_close(share, torch.ones(5).double())


@pytest.mark.parametrize(("cycles", "band"), [(1, 1), (3, 2), (7, 4), (12, 8)])
def test_the_gradient_of_a_grating_lies_in_its_octave(cycles, band):
    found = gradient_spectrum(Grating(cycles).eval(), images(), torch.zeros(6).long(), batch=4)
    assert found[band] == pytest.approx(100, abs=1e-3)
    assert centre_of(found) == pytest.approx(band * 2**0.5, rel=1e-3)


def test_noise_hurts_in_the_octave_that_a_model_uses():
    model, x = Grating(3).eval(), images(200)
    labels = model(x).argmax(1)
    right = {}
    for low in BANDS:
        noisy = band_noise(x, low, 2.0, torch.Generator().manual_seed(0))
        right[low] = (model(noisy).argmax(1) == labels).float().mean().item()
    assert min(right, key=right.get) == 2
    assert min(share for low, share in right.items() if low != 2) > 0.95


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: radial_frequency(1, 4), "height is 1"),
        (lambda: in_band(32, 32, 0), "low is 0"),
        (
            lambda: in_band(32, 32, 23),
            r"low is 23; it may be above 0\.5, .* and at most 22\.6, the",
        ),
        (lambda: in_band(32, 32, 0.3), r"low is 0\.3; it may be above 0\.5, half the lowest freq"),
        (lambda: in_band(8, 32, 0.1), r"low is 0\.1; it may be above 0\.125, .* of 8x32 pixels"),
        (lambda: band_noise(images()[:, 0], 1, 1, torch.Generator()), r"shape \(6, 32, 32\)"),
        (lambda: band_noise(images(), 1, 0, torch.Generator()), "size is 0"),
        (
            lambda: gradient_spectrum(
                lambda x: x.flatten(1)[:, :2], images()[:, 0], torch.zeros(6).long()
            ),
            r"images have shape \(6, 32, 32\); it may be \(n, channels, h, w\)",
        ),
        (lambda: gradient_spectrum(Grating(1), images(), torch.zeros(6).long()), "training mode"),
        (lambda: centre_of({1: 0.0}), "power of the spectrum is 0"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()


def test_a_model_without_any_gradient():
    class Flat(nn.Module):
        def forward(self, images):
            return torch.zeros(len(images), 2) + 0 * images.sum()

    with pytest.raises(ValueError, match="no gradient at any image"):
        gradient_spectrum(Flat().eval(), images(), torch.zeros(6).long())
