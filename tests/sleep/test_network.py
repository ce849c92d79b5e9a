"""The network: against NumPy, torch's own layers, and what dropout must be on average."""

import numpy as np
import pytest
import torch
from torch import nn

from helpers.sleep import SleepNetwork

SIZES = (6, 5, 4, 3)


def new(sizes=SIZES, **settings):
    settings = {"dropout": (0.0,) * (len(sizes) - 2), "small": False} | settings
    return SleepNetwork(sizes, **settings).double().eval()


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(0)
    return torch.rand(7, 1, 2, 3, generator=generator, dtype=torch.float64)


def by_hand(network, images, kept=(1.0, 1.0), relu_output=True):
    """The activities of each layer, hidden ones times the share that is kept."""
    x = images.flatten(1).numpy()
    found = []
    for number, layer in enumerate(network.layers):
        x = x @ layer.weight.detach().numpy().T
        if layer.bias is not None:
            x = x + layer.bias.detach().numpy()
        last = number == len(network.layers) - 1
        if relu_output or not last:
            x = np.maximum(x, 0)
        if not last:
            x = x * kept[number]
        found.append(x)
    return found


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("relu_output", [False, True])
def test_activations(bias, relu_output, images):
    network = new(bias=bias, relu_output=relu_output)
    expected = by_hand(network, images, relu_output=relu_output)
    found = network.activations(images)
    assert [layer.shape for layer in found] == [(7, 5), (7, 4), (7, 3)]
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours.detach(), theirs, atol=1e-14)
    np.testing.assert_allclose(network(images).detach(), expected[-1], atol=1e-14)
    assert (expected[-1].min() < 0) is not relu_output  # else the test would show nothing


def test_softmax(images):
    network = new(softmax=True, relu_output=False)
    scores = np.exp(by_hand(network, images, relu_output=False)[-1])
    expected = scores / scores.sum(1, keepdims=True)
    np.testing.assert_allclose(network(images).detach(), expected, atol=1e-14)
    assert network.activations(images)[-1].min() < 0  # before the softmax


def test_without_hidden_layers(images):
    network = new((6, 3), relu_output=False)
    expected = images.flatten(1) @ network.weights[0].T
    torch.testing.assert_close(network(images).detach(), expected)


def test_sizes_and_weights():
    network = new(bias=True)
    assert network.sizes == SIZES
    assert [tuple(weight.shape) for weight in network.weights] == [(5, 6), (4, 5), (3, 4)]
    assert not any(weight.requires_grad for weight in network.weights)
    assert [tuple(layer.bias.shape) for layer in network.layers] == [(5,), (4,), (3,)]
    assert all(layer.bias is None for layer in new().layers)


def test_the_defaults_are_the_original_s():
    network = SleepNetwork()
    assert network.sizes == (784, 1200, 1200, 10)
    assert all(layer.bias is None for layer in network.layers)
    assert network.dropout == (0.2, 0.2)
    assert (network.relu_output, network.softmax) == (True, False)
    assert (network.inverted, network.always_drop) == (False, False)


@pytest.mark.parametrize("small", [False, True])
def test_initial_weights_are_uniform(small):
    network = SleepNetwork((400, 300, 10), dropout=(0.0,), small=small, bias=True)
    torch.manual_seed(0)
    for layer, sending in zip(network.layers, (400, 300), strict=True):
        span = 0.01 if small else nn.Linear(sending, 5000).weight.abs().max().item()
        assert layer.weight.abs().max().item() == pytest.approx(span, rel=0.01)
        assert layer.weight.abs().max() <= span * 1.001
        assert layer.weight.std().item() == pytest.approx(span / 3**0.5, rel=0.03)
        assert layer.bias.abs().max() <= span * 1.001
    assert network.layers[0].bias.std().item() == pytest.approx(
        network.layers[0].weight.std().item(), rel=0.1
    )


def test_a_seed_is_a_network():
    one, same, other = (SleepNetwork(SIZES, seed=seed) for seed in (1, 1, 2))
    for a, b, c in zip(one.weights, same.weights, other.weights, strict=True):
        assert torch.equal(a, b)
        assert not torch.equal(a, c)


@pytest.mark.parametrize(
    ("inverted", "values"), [(True, (0.0, 1.0, 1.0 / 0.6)), (False, (0.0, 0.6, 1.0))]
)
def test_dropout(inverted, values):
    """One image whose hidden cells are all at 1, so that each shows how it is scaled."""
    absent, awake, present = values
    network = new((1, 1000, 1), dropout=(0.4,), inverted=inverted)
    network.layers[0].weight.data.fill_(1.0)
    torch.manual_seed(0)
    image = torch.ones(1, 1, dtype=torch.float64)
    rests = network.activations(image)[0]
    torch.testing.assert_close(rests, torch.full_like(rests, awake))
    trains = network.train().activations(image)[0]
    assert sorted(trains.unique().tolist()) == pytest.approx([absent, present])
    assert (trains > 0).double().mean().item() == pytest.approx(0.6, abs=0.05)
    assert trains.mean().item() == pytest.approx(awake, abs=0.06)  # what evaluation does


@pytest.mark.parametrize("inverted", [False, True])
def test_dropout_keeps_the_expected_value(inverted, images):
    # Without hidden cells behind the dropout all is linear, so averages can be compared.
    network = new((6, 50, 3), dropout=(0.2,), inverted=inverted, relu_output=False)
    expected = by_hand(network, images, kept=(1.0 if inverted else 0.8,), relu_output=False)[-1]
    np.testing.assert_allclose(network(images).detach(), expected, atol=1e-14)
    torch.manual_seed(0)
    with torch.no_grad():
        mean = network.train()(images.repeat(4000, 1, 1, 1)).view(4000, 7, 3).mean(0)
    np.testing.assert_allclose(mean, expected, atol=0.02)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("always_drop", [False, True])
def test_dropout_in_evaluation(inverted, always_drop, images):
    network = new(dropout=(0.5, 0.5), inverted=inverted, always_drop=always_drop)
    torch.manual_seed(1)
    one, two = network(images), network(images)
    assert torch.equal(one, two) is not always_drop
    torch.manual_seed(1)
    assert torch.equal(network.train()(images), one) is always_drop


def test_only_the_named_layers_drop(images):
    network = new(dropout=(0.0, 0.5)).train()
    torch.manual_seed(0)
    first, second, _ = network.activations(images)
    np.testing.assert_allclose(first.detach(), by_hand(network, images)[0], atol=1e-14)
    assert (second == 0).sum() > (torch.tensor(by_hand(network, images)[1]) == 0).sum()


@pytest.mark.parametrize(
    ("sizes", "settings", "text"),
    [
        ((6,), {}, r"sizes are \(6,\); there may be two layers or more"),
        ((6, 0, 3), {}, "size of a layer is 0"),
        ((6, 2.5, 3), {}, "size of a layer is 2.5"),
        (SIZES, {"dropout": (0.2,)}, r"dropout is \(0.2,\); it may have 2 shares"),
        (SIZES, {"dropout": (0.2, 1.0)}, "dropout is 1.0"),
        (SIZES, {"dropout": (-0.1, 0.2)}, "dropout is -0.1"),
        ((6, 3), {"dropout": (0.2,)}, "it may have 0 shares"),
    ],
)
def test_bad_settings(sizes, settings, text):
    with pytest.raises(ValueError, match=text):
        new(sizes, **settings)


@pytest.mark.parametrize("pixels", [5, 7])
def test_bad_images(pixels):
    with pytest.raises(ValueError, match=f"images have {pixels} pixels; they may have 6"):
        new()(torch.rand(2, pixels, dtype=torch.float64))
