"""Spikes of images: what a Poisson process in steps must look like."""

import pytest
import torch

from helpers.sleep import poisson_spikes


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_rates_are_the_pixels_times_the_probability():
    image = torch.tensor([[0.0, 0.25, 0.5, 1.0]])
    spikes = poisson_spikes(image, 0.4, seeded(), steps=40_000)
    assert spikes.shape == (40_000, 4)
    assert spikes.dtype == torch.bool
    assert not spikes[:, 0].any()
    # Four standard errors of 40,000 throws are at most .01.
    assert spikes.double().mean(0).tolist() == pytest.approx([0.0, 0.1, 0.2, 0.4], abs=0.01)


def test_steps_and_pixels_are_independent():
    spikes = poisson_spikes(torch.full((1, 3), 0.5), 1.0, seeded(), steps=40_000).double()
    across = torch.corrcoef(spikes.T) - torch.eye(3).double()
    in_time = torch.corrcoef(torch.stack([spikes[:-1, 0], spikes[1:, 0]]))[0, 1]
    assert across.abs().max() < 0.02
    assert in_time.abs() < 0.02


def test_images_come_in_turn_each_for_its_steps():
    # With certain spikes, each image is its own mask.
    images = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]).view(3, 1, 1, 2)
    spikes = poisson_spikes(images, 1.0, seeded(), steps=2)
    assert spikes.int().tolist() == [[1, 0], [1, 0], [0, 1], [0, 1], [1, 1], [1, 1]]


def test_no_probability_no_spikes():
    assert not poisson_spikes(torch.ones(5, 4), 0.0, seeded(), steps=3).any()
    assert poisson_spikes(torch.ones(0, 4), 0.5, seeded(), steps=3).shape == (0, 4)


def test_seeds():
    images = torch.rand(20, 30, generator=seeded(9))
    one, same, other = (poisson_spikes(images, 0.5, seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


@pytest.mark.parametrize("steps", [1, 4])
def test_images_may_be_cut_anywhere(steps):
    images = torch.rand(20, 30, generator=seeded(9))
    whole = poisson_spikes(images, 0.5, seeded(), steps=steps)
    generator = seeded()
    parts = [poisson_spikes(part, 0.5, generator, steps=steps) for part in images.split([3, 1, 16])]
    assert torch.equal(torch.cat(parts), whole)


@pytest.mark.parametrize(
    ("images", "probability", "steps", "text"),
    [
        (torch.ones(2, 3) * 2, 0.5, 1, "images span"),
        (torch.ones(2, 3, dtype=torch.uint8), 0.5, 1, "images are torch.uint8"),
        (torch.ones(2, 3), -0.1, 1, "probability is -0.1; it may be from 0 to 1"),
        (torch.ones(2, 3), 1.1, 1, "probability is 1.1"),
        (torch.ones(2, 3), float("nan"), 1, "probability is nan"),
        (torch.ones(2, 3), 0.5, 0, "steps is 0"),
    ],
)
def test_bad_arguments(images, probability, steps, text):
    with pytest.raises(ValueError, match=text):
        poisson_spikes(images, probability, seeded(), steps=steps)
