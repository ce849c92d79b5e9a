"""Both sleepers: against a loop in NumPy, and each other's twin."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from helpers.sleep import EventSleeper, PlainSleeper, SleepParameters, sleepers, stdp
from helpers.sleep.kernels import events
from helpers.sleep.sleepers import fastest_sleeper

SLEEPERS = [PlainSleeper, EventSleeper]
TILE = events.TILE
SIZES = {
    "three layers": (37, TILE + 5, 2 * TILE + 18, 5),
    "one layer": (9, TILE + 2),
    "whole tiles": (TILE, 2 * TILE, TILE),
}


def rand(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def case(sizes, **settings):
    """What makes a sleeper whose cells are neither silent nor always on."""
    layers = len(sizes) - 1
    weights = [
        (0.6 * rand(after, before, seed=number) - 0.2) * 30 / before
        for number, (before, after) in enumerate(pairwise(sizes))
    ]
    biases = [0.2 * rand(after, seed=10 + number) for number, after in enumerate(sizes[1:])]
    gains = (0.7, 1.3, 0.9)[:layers]
    settings = {
        "thresholds": (3.1, 2.7, 2.3)[:layers],
        "leak": 0.97,
        "potentiation": 0.004,
        "depression": 0.003,
        "gated": False,
    } | settings
    return weights, biases, gains, SleepParameters(**settings)


def check(sleeper, loops, found):
    spikes, weights = loops
    for ours, theirs in zip(found, spikes, strict=True):
        assert ours.dtype == torch.bool
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(sleeper.weights, weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_a_loop_in_numpy(sleeper, gated, sizes, in_loops):
    given = case(sizes, gated=gated)
    spikes = rand(200, sizes[0], seed=20) < 0.4
    expected = in_loops(*given, spikes)
    for layer in expected[0]:
        assert 0.02 < layer.mean() < 0.9
    for start, end in zip(given[0], expected[1], strict=True):
        assert (start.numpy() != end).mean() > 0.2  # also with the gate something changed
    asleep = sleeper(*given)
    check(asleep, expected, asleep.run(spikes))


def test_both_follow_the_width_of_the_gate(monkeypatch):
    given, spikes = case((37, TILE + 5, 18), gated=True), rand(200, 37, seed=20) < 0.4
    found = {}
    for width in (stdp.GATE_WIDTH, 0.02):
        for module in (stdp, sleepers):
            monkeypatch.setattr(module, "GATE_WIDTH", width)
        plain, fast = (kind(*given) for kind in SLEEPERS)
        for one, other in zip(plain.run(spikes), fast.run(spikes), strict=True):
            assert torch.equal(one, other)
        for one, other in zip(plain.weights, fast.weights, strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
        found[width] = fast.weights[0]
    assert (found[0.02] - found[0.001]).abs().max() > 1e-3


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize("gated", [False, True])
def test_in_parts_and_with_a_restart(sleeper, gated, in_loops):
    given, spikes = case((37, TILE + 5, 18), gated=gated), rand(200, 37, seed=20) < 0.4
    expected = in_loops(*given, spikes, restarts={130})
    assert any(
        (a != b).any() for a, b in zip(expected[0], in_loops(*given, spikes)[0], strict=True)
    )
    asleep = sleeper(*given)
    parts = [asleep.run(spikes[:90]), asleep.run(spikes[90:90]), asleep.run(spikes[90:130])]
    assert [layer.shape for layer in parts[1]] == [(0, TILE + 5), (0, 18)]
    asleep.restart()
    parts.append(asleep.run(spikes[130:]))
    check(asleep, expected, [torch.cat(layer) for layer in zip(*parts, strict=True)])


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize("gated", [False, True])
def test_cells_that_fire_in_every_step(sleeper, gated, in_loops):
    """More than twice the spikes after which the event-driven sleeper tidies up."""
    weights, biases, gains, parameters = case((7, 19, 3), gated=gated)
    biases[0][::3] = 1e6
    spikes = rand(600, 7, seed=20) < 0.4
    expected = in_loops(weights, biases, gains, parameters, spikes)
    counts = expected[0][0].sum(0)
    assert (counts[::3] == 600).all()
    assert events.FOLD < 300
    assert (counts[1::3] < 600).all()
    asleep = sleeper(weights, biases, gains, parameters)
    found = [torch.cat(x) for x in zip(*map(asleep.run, spikes.split([255, 1, 344])), strict=True)]
    check(asleep, expected, found)


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("always", [False, True])
def test_inputs_that_never_or_always_fire(sleeper, gated, always, in_loops):
    given = case((7, 19, 3), gated=gated)
    spikes = torch.full((100, 7), always)
    expected = in_loops(*given, spikes)
    assert expected[0][0].any()
    asleep = sleeper(*given)
    check(asleep, expected, asleep.run(spikes))


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    ("gated", "unit", "up", "down"), [(False, 1 / 64, 5, 3), (True, 1 / 16, 1, 1)]
)
def test_numbers_that_are_exact_in_both_precisions(sleeper, dtype, gated, unit, up, down, in_loops):
    """All numbers are multiples of a unit, also those behind the gate: 0, 1 or 2 of them."""
    weights, biases, _, _ = case((37, TILE + 5, 18, 5))
    weights = [unit * (weight / unit).round().to(dtype) for weight in weights]
    biases = [unit * (bias / unit).round().to(dtype) for bias in biases]
    parameters = SleepParameters(
        thresholds=(3.0, 2.5, 2.0),
        leak=1.0,
        potentiation=up * unit,
        depression=down * unit,
        gated=gated,
    )
    spikes = rand(200, 37, seed=20) < 0.4
    expected = in_loops(weights, biases, (0.5, 1.0, 2.0), parameters, spikes)
    assert all(0.01 < layer.mean() < 0.98 for layer in expected[0])
    asleep = sleeper(weights, biases, (0.5, 1.0, 2.0), parameters)
    found = asleep.run(spikes)
    assert all(weight.dtype == dtype for weight in asleep.weights)
    check(asleep, expected, found)


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize("gated", [False, True])
def test_single_precision_stays_close(sleeper, gated, in_loops):
    weights, biases, gains, parameters = case((37, 21), gated=gated, potentiation=0.06)
    weights, biases = [0.02 * (weights[0] - 0.1)], [biases[0] + 10]  # everybody fires
    spikes = rand(2, 37, seed=20) < 0.4
    expected = in_loops(weights, biases, gains, parameters, spikes)
    assert expected[0][0].all()
    asleep = sleeper([weights[0].float()], [biases[0].float()], gains, parameters)
    asleep.run(spikes)
    np.testing.assert_allclose(asleep.weights[0], expected[1][0], rtol=0, atol=2e-6)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_night_with_any_number_of_threads(threads, in_loops):
    given, spikes = case((37, 3 * TILE, 5)), rand(100, 37, seed=20) < 0.4
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        asleep = EventSleeper(*given)
        check(asleep, in_loops(*given, spikes), asleep.run(spikes))
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("sleeper", SLEEPERS)
def test_the_weights_given_are_not_changed(sleeper):
    given = case((37, 21))
    before = given[0][0].clone()
    asleep = sleeper(*given)
    assert torch.equal(asleep.weights[0], before)
    asleep.run(rand(100, 37) < 0.4)
    assert not torch.equal(asleep.weights[0], before)
    assert torch.equal(given[0][0], before)


@pytest.mark.parametrize("shape", [(0, 4), (50, 7), (3, 40)])
def test_listed(shape):
    spikes = (rand(*shape) < 0.3).numpy()
    numbers, first = events.listed(spikes)
    step, cell = np.nonzero(spikes)
    np.testing.assert_array_equal(numbers, cell)
    np.testing.assert_array_equal(first, np.searchsorted(step, np.arange(shape[0] + 1)))


def test_the_fast_one_is_chosen_where_it_exists():
    weights = [torch.zeros(2, 3)]
    assert fastest_sleeper(weights) is EventSleeper
    assert fastest_sleeper([weight.to("meta") for weight in weights]) is PlainSleeper


def test_both_have_the_same_voltages_after_some_steps():
    given = case((7, 19, 3))
    plain, events = (kind(*given) for kind in SLEEPERS)
    spikes = torch.rand(9, 7, generator=torch.Generator().manual_seed(1)) < 0.4
    plain.run(spikes)
    events.run(spikes)
    for one, other in zip(plain.voltages, events.voltages, strict=True):
        assert one.abs().sum() > 0
        assert torch.allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda w, b, g, p: (w[:1], b[:1], g[:1], p), "thresholds are 2; there may be 1, one for"),
        (lambda w, b, g, p: (w, b, g[:1], p), "gains are 1; there may be 2"),
        (lambda w, b, g, p: (w, b[:1], g, p), "biases are 1; there may be 2"),
        (lambda w, b, g, p: ([w[0], w[1][:, :5]], b, g, p), r"layer 1 have shape \(3, 5\)"),
        (lambda w, b, g, p: (w, [b[0][:4], b[1]], g, p), r"layer 0 have shape \(19, 7\)"),
    ],
)
def test_bad_counts(sleeper, change, text):
    with pytest.raises(ValueError, match=text):
        sleeper(*change(*case((7, 19, 3))))


@pytest.mark.parametrize("sleeper", SLEEPERS)
@pytest.mark.parametrize(
    ("spikes", "text"),
    [
        (torch.zeros(5, 7), "spikes are torch.float32; they may be bool"),
        (torch.zeros(5, 7, dtype=torch.uint8), "spikes are torch.uint8"),
        (torch.zeros(5, 6) > 0, r"spikes have shape \(5, 6\); it may be \(steps, 7\)"),
        (torch.zeros(5, 8) > 0, r"spikes have shape \(5, 8\)"),
        (torch.zeros(7) > 0, r"spikes have shape \(7,\)"),
    ],
)
def test_bad_spikes(sleeper, spikes, text):
    with pytest.raises(ValueError, match=text):
        sleeper(*case((7, 19, 3))).run(spikes)
