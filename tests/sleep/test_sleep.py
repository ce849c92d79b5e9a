"""A whole sleep: against a loop in NumPy over images whose spikes are certain."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from helpers.sleep import (
    EventSleeper,
    PlainSleeper,
    SleepNetwork,
    SleepParameters,
    data_based_gains,
    sleep,
)

SIZES = (12, 19, 7, 3)
NIGHT = SleepParameters(
    images=10,
    steps_per_image=5,
    spike_probability=1.0,
    thresholds=(0.9, 0.6, 0.4),
    gain=1.5,
    normalised=False,
    gated=False,
    potentiation=0.02,
    depression=0.01,
)
SILENT = (float("inf"),) * 3


def new(**settings):
    network = SleepNetwork(SIZES, dropout=(0.0, 0.0), small=False, seed=3, **settings)
    return network.double().eval()


@pytest.fixture
def images():
    """Black and white, so that with a spike probability of 1 nothing is left to chance."""
    grey = torch.rand(12, 1, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return (grey < 0.4).double()


def zeros(network):
    return [torch.zeros(cells, dtype=torch.float64) for cells in network.sizes[1:]]


def percent(spikes):
    return [100 * float(layer.mean()) for layer in spikes]


def assert_same(network, weights):
    for ours, theirs in zip(network.weights, weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


CASES = {
    "additive": {},
    "gated": {"gated": True, "potentiation": 0.06, "depression": 0.07},
    "leaky": {"leak": 0.5},
    "one step": {"steps_per_image": 1},
    "normalised": {"normalised": True},
    "restarts": {"restart_every": 3},
    "scaled": {"weight_scale": 2.19},
    "scaled and divided again": {"weight_scale": 2.19, "divided_again": True, "restart_every": 4},
    "several parts": {"steps_per_image": 150, "restart_every": 4, "leak": 0.9},
}


@pytest.mark.parametrize("sleeper", [PlainSleeper, EventSleeper])
@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_a_night_in_numpy(change, sleeper, images, in_loops):
    parameters, network = replace(NIGHT, **change), new()
    spikes = images[:10].flatten(1).repeat_interleave(parameters.steps_per_image, 0) > 0
    gains = (1.5, 1.5, 1.5)
    if parameters.normalised:
        gains = [1.5 * gain for gain in data_based_gains(network, images)]
    every = parameters.restart_every or 10
    found, weights = in_loops(
        [parameters.weight_scale * weight for weight in network.weights],
        zeros(network),
        gains,
        parameters,
        spikes,
        restarts=range(0, len(spikes), every * parameters.steps_per_image),
    )
    scale = parameters.weight_scale ** (2 if parameters.divided_again else 1)
    slept = sleep(network, images, parameters, sleeper=sleeper)
    assert_same(slept.network, [weight / scale for weight in weights])
    assert slept.fired == pytest.approx(percent([spikes.double(), *found]))
    assert all(0 < share < 100 for share in slept.fired)
    assert slept.steps == len(spikes)
    assert not slept.network.training


def test_restarts_make_a_difference(images):
    one, other = (sleep(new(), images, replace(NIGHT, restart_every=n)) for n in (None, 1))
    assert one.fired != other.fired


@pytest.mark.parametrize("share", [0.5, 0.01])
def test_reference_images_decide_the_normalisation(share, images, in_loops):
    parameters, network = replace(NIGHT, normalised=True), new()
    reference = share * images
    gains = [1.5 * gain for gain in data_based_gains(network, reference)]
    spikes = images[:10].flatten(1).repeat_interleave(5, 0) > 0
    _, weights = in_loops(network.weights, zeros(network), gains, parameters, spikes)
    assert_same(sleep(network, images, parameters, reference=reference).network, weights)


@pytest.mark.parametrize(
    ("scale", "divided_again", "divisor"), [(1.0, True, 1), (2.0, False, 1), (2.0, True, 2)]
)
@pytest.mark.parametrize("restart_every", [None, 2])
def test_nobody_fires_and_nothing_changes_but_the_division(
    scale, divided_again, divisor, restart_every, images
):
    network = new().float()
    parameters = replace(
        NIGHT,
        thresholds=SILENT,
        weight_scale=scale,
        divided_again=divided_again,
        restart_every=restart_every,
    )
    slept = sleep(network, images, parameters)
    for before, after in zip(network.weights, slept.network.weights, strict=True):
        assert after.dtype == torch.float32
        assert torch.equal(after, before / divisor)
    assert slept.fired[1:] == (0.0, 0.0, 0.0)
    assert slept.fired[0] == pytest.approx(100 * images[:10].mean().item())


def test_the_network_is_not_changed(images):
    network = new(bias=True)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    slept = sleep(network, images, replace(NIGHT, biases="fresh"))
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])
        assert not torch.equal(slept.network.state_dict()[name], value)


@pytest.mark.parametrize("biases", ["none", "kept", "fresh"])
def test_biases(biases, images, in_loops):
    network = new(bias=True)
    parameters = replace(NIGHT, biases=biases, thresholds=(0.9, 0.9, 0.9))
    slept = sleep(network, images, parameters)
    left = [layer.bias.detach() for layer in slept.network.layers]
    own = [layer.bias.detach() for layer in network.layers]
    for layer, bias, theirs in zip(network.layers, left, own, strict=True):
        if biases == "none":
            assert not bias.any()
        elif biases == "kept":
            assert torch.equal(bias, theirs)
        else:  # as torch.nn.Linear draws them
            assert not (bias == theirs).any()
            assert len(bias.unique()) == len(bias)
            assert bias.abs().max() <= layer.in_features**-0.5
    # They are what the cells had in their sleep, too.
    spikes = images[:10].flatten(1).repeat_interleave(5, 0) > 0
    found, weights = in_loops(network.weights, left, (1.5,) * 3, parameters, spikes)
    assert_same(slept.network, weights)
    assert slept.fired == pytest.approx(percent([spikes.double(), *found]))


def test_fresh_biases_are_uniform_and_from_the_seed(images):
    network = SleepNetwork((12, 4000), dropout=(), bias=True).double().eval()
    parameters = replace(NIGHT, biases="fresh", thresholds=(float("inf"),), images=1)
    one, same, other = (
        sleep(network, images, parameters, seed=seed).network.layers[0].bias.detach()
        for seed in (0, 0, 1)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.mean().item() == pytest.approx(0, abs=0.02)
    assert one.std().item() == pytest.approx((12 * 3) ** -0.5, rel=0.05)


@pytest.mark.parametrize("sleeper", [PlainSleeper, EventSleeper])
def test_a_seed_is_a_night(sleeper, images):
    parameters = replace(NIGHT, spike_probability=0.5)
    one, same, other = (
        sleep(new(), images, parameters, seed=seed, sleeper=sleeper) for seed in (0, 0, 1)
    )
    assert one.fired == same.fired != other.fired
    assert_same(one.network, same.network.weights)
    assert not torch.equal(one.network.weights[0], other.network.weights[0])


@pytest.mark.parametrize("change", CASES.values(), ids=CASES)
def test_both_sleepers_have_the_same_night(change, images):
    network, parameters = new(bias=True), replace(NIGHT, **change)
    parameters = replace(parameters, spike_probability=0.6, biases="fresh")
    plain, fast = (
        sleep(network, 0.9 * images, parameters, seed=2, sleeper=sleeper)
        for sleeper in (PlainSleeper, EventSleeper)
    )
    assert_same(fast.network, plain.network.weights)
    assert fast.fired == pytest.approx(plain.fired)


def test_looking(images):
    parameters = replace(NIGHT, spike_probability=0.6, weight_scale=2.0, divided_again=True)
    seen = []
    whole = sleep(
        new(),
        images,
        parameters,
        every=4,
        look=lambda number, network, fired: seen.append((number, network, fired)),
    )
    assert [number for number, _, _ in seen] == [4, 8, 10]
    # A shorter night ends where the longer one was looked at.
    previous = np.zeros(4)
    for (number, network, fired), since in zip(seen, (4, 4, 2), strict=True):
        shorter = sleep(new(), images, replace(parameters, images=number))
        assert_same(network, shorter.network.weights)
        so_far = number * np.array(shorter.fired)
        np.testing.assert_allclose(fired, (so_far - previous) / since)
        previous = so_far
        assert not network.training
    undisturbed = sleep(new(), images, parameters)
    assert_same(whole.network, undisturbed.network.weights)
    assert whole.fired == pytest.approx(undisturbed.fired)


def test_looking_at_nothing_but_the_end(images):
    seen = []
    sleep(new(), images, NIGHT, every=50, look=lambda number, *_: seen.append(number))
    assert seen == [10]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda n, x, p: (n.train(), x, p), "network is in training mode"),
        (lambda n, x, p: (n, x[:9], p), "images are 9; the parameters ask for 10 of them"),
        (lambda n, x, p: (n, x * 2, p), "images span"),
        (lambda n, x, p: (n, x.long(), p), "images are torch.int64"),
        (lambda n, x, p: (n, x[..., :3], p), r"spikes have shape \(50, 9\)"),
        (lambda n, x, p: (n, x, replace(p, biases="kept")), "biases is 'kept' and the network has"),
        (lambda n, x, p: (n, x, replace(p, thresholds=(1.0, 1.0))), "thresholds are 2; there may"),
    ],
)
def test_bad_arguments(change, text, images):
    with pytest.raises(ValueError, match=text):
        sleep(*change(new(), images, NIGHT))


def _nothing(number, network, fired):
    pass


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"every": 0, "look": _nothing}, "every is 0"),
        ({"every": 5}, "only one of every and look"),
        ({"look": _nothing}, "only one of every and look"),
    ],
)
def test_bad_looking(images, given, text):
    with pytest.raises(ValueError, match=text):
        sleep(new(), images, NIGHT, **given)
