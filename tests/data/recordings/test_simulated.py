import math
from dataclasses import replace

import pytest
import torch

from helpers.data.recordings import Population, simulate
from helpers.data.recordings.simulated import _shifted, cells, rates

SMALL = Population(neurons=40)


def grating(angle, frequency, phase, size=(36, 64)):
    y, x = torch.meshgrid(torch.arange(size[0]), torch.arange(size[1]), indexing="ij")
    across = x * math.cos(angle) + y * math.sin(angle)
    return (0.5 + 0.4 * torch.cos(2 * math.pi * frequency * across / 64 + phase))[None, None]


def pictures(n=30):
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(n, 1, 9, 16, generator=generator)
    fine = torch.nn.functional.interpolate(coarse, (36, 64), mode="bilinear")
    return (255 * fine).to(torch.uint8)


def test_a_complex_cell_does_not_care_for_the_phase_and_a_simple_one_does():
    drawn = cells(replace(SMALL, neurons=400), 36, 64, seed=0)
    phases = torch.cat([grating(0.3, 3, 2 * math.pi * p / 16) for p in range(16)])
    # The contrast differs a little from phase to phase; without its division only the drive is left
    answers = rates(replace(SMALL, sparseness=1.0), drawn, phases)
    # A receptive field that is cut by the border has no filters in quadrature.
    x, y = drawn.centre.T
    inside = (x > 16) & (x < 48) & (y > 12) & (y < 24)
    strong = inside & (answers.mean(0) > answers.mean(0).median())
    modulation = answers.std(0) / answers.mean(0)
    assert modulation[drawn.is_complex & strong].max() < 0.3
    assert modulation[~drawn.is_complex & strong].min() > 0.5


def test_nothing_answers_to_gray_and_filters_have_length_one():
    drawn = cells(SMALL, 36, 64, seed=0)
    gray = torch.full((1, 1, 36, 64), 0.5)
    assert rates(SMALL, drawn, gray).max() < 1e-3
    torch.testing.assert_close(drawn.even.norm(dim=1), torch.ones(40))
    torch.testing.assert_close(drawn.odd.sum(1), torch.zeros(40), atol=1e-4, rtol=0)


def test_the_scan():
    found = simulate(pictures(), SMALL, repeats=4, repeated=10)
    numbers, responses = found.oracle()
    assert numbers.tolist() == list(range(20, 30))
    assert responses.shape == (10, 4, 40)
    assert found.tier.count("train") == 18
    assert found.tier.count("validation") == 2
    assert found.behaviour.shape == (60, 3)
    assert torch.equal(found.responses, found.responses.round())
    assert 0.7 < found.responses.mean() < 2.5  # running raises the mean rate of 1
    assert "simulated" in found.note


def test_seeds_and_scans():
    one, same = simulate(pictures(), SMALL, repeated=5), simulate(pictures(), SMALL, repeated=5)
    assert torch.equal(one.responses, same.responses)
    assert not torch.equal(one.responses, simulate(pictures(), SMALL, repeated=5, seed=1).responses)
    assert not torch.equal(cells(SMALL, 36, 64, seed=1).even, cells(SMALL, 36, 64, seed=0).even)


def test_an_eye_that_looks_to_the_right_sees_what_is_there():
    images = torch.rand(2, 1, 8, 12)
    found = _shifted(images, torch.tensor([[2.0, 0.0], [0.0, -1.0]]))
    torch.testing.assert_close(found[0, :, :, :10], images[0, :, :, 2:], atol=1e-5, rtol=0)
    torch.testing.assert_close(found[1, :, 1:], images[1, :, :-1], atol=1e-5, rtol=0)


def test_running_and_a_still_eye():
    quiet = Population(neurons=40, shared=0, running=0, gaze=0)
    found = simulate(pictures(), quiet, repeats=30, repeated=10)
    _, responses = found.oracle()
    # Poisson spikes at a rate that only the pupil still changes: variance a little above the mean.
    fano = responses.var(1).sum() / responses.mean(1).sum()
    assert 0.9 < fano < 1.3


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Population(neurons=0), "neurons is 0"),
        (lambda: Population(complex=2), "complex is 2"),
        (lambda: Population(frequency=(3, 1)), r"frequency is \(3, 1\)"),
        (lambda: Population(rate=0), "rate is 0"),
        (lambda: Population(gaze=-1), "gaze is -1"),
        (lambda: cells(SMALL, 3, 64, seed=0), "height is 3"),
        (lambda: rates(SMALL, cells(SMALL, 8, 8, seed=0), torch.rand(1, 1, 9, 9)), "81 pixels"),
        (lambda: simulate(torch.rand(9, 1, 8, 8)), r"images are torch\.float32"),
        (lambda: simulate(pictures(), repeated=29), "images are 30; they may be at least 31"),
        (lambda: simulate(pictures(), repeats=0), "repeats is 0"),
        (lambda: simulate(pictures(), repeated=5, validation=1.5), "validation is 1.5"),
        (lambda: simulate(pictures(), repeated=5, validation=math.nan), "validation is nan"),
        (lambda: simulate(pictures(), repeated=5, scan=-1), "scan is -1; it may be at least 0"),
        (lambda: simulate(pictures(), repeated=5, seed=-1), "seed is -1; it may be at least 0"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
