"""Data-based normalisation: two layers worked by hand."""

import pytest
import torch

from helpers.sleep import SleepNetwork, data_based_gains

FIRST = [[1.0, 2.0], [-3.0, 0.5]]
SECOND = [[2.0, -1.0], [0.5, 8.0]]
IMAGES = [[1.0, 1.0], [0.0, 0.5]]


def new(*weights, **settings):
    sizes = (len(weights[0][0]), *(len(weight) for weight in weights))
    network = SleepNetwork(sizes, dropout=(0.0,) * (len(weights) - 1), **settings).double().eval()
    for layer, weight in zip(network.layers, weights, strict=True):
        layer.weight.data.copy_(torch.tensor(weight))
    return network


@pytest.fixture
def images():
    return torch.tensor(IMAGES, dtype=torch.float64)


def test_by_hand(images):
    # The cells of layer 1 reach 3 and 0.25; its largest weight is 2: scale 3, factor 1/3.
    # Those of layer 2 reach 6 and 3 on (3, 0) and (1, .25); its largest weight is 8: scale 8,
    # relative to 3 that is 8/3, factor 3/8.
    assert data_based_gains(new(FIRST, SECOND), images) == pytest.approx((1 / 3, 3 / 8))


def test_three_layers_remember_the_factor_that_was_applied(images):
    # A third layer gets (6, 3), reaches 6 and has weights up to 1: scale 6, but the layer before
    # was divided by 8/3 and not by 8: 6 / (8/3) = 9/4, factor 4/9.
    gains = data_based_gains(new(FIRST, SECOND, [[1.0, 0.0]]), images)
    assert gains == pytest.approx((1 / 3, 3 / 8, 4 / 9))


def test_weights_count_where_nothing_is_active(images):
    assert data_based_gains(new([[0.25, -1.0]]), images * torch.tensor([0.0, 1.0])) == (4.0,)


def test_outputs_below_zero_do_not_count(images):
    network = new([[-2.0, -3.0]], relu_output=False, bias=True)
    network.layers[0].bias.data.fill_(10.0)
    assert data_based_gains(network, images) == (1 / 8.5,)  # 10 - 1.5
    network.layers[0].bias.data.fill_(-1.0)
    with pytest.raises(ValueError, match="layer 0 has no weight and no activity above 0"):
        data_based_gains(network, images)


@pytest.mark.parametrize("batch", [1, 7, 50])
def test_the_batch_does_not_matter(batch):
    network = SleepNetwork((20, 30, 30, 4), small=False).double().eval()
    images = torch.rand(50, 20, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = data_based_gains(network, images, batch=batch)
    assert found == pytest.approx(data_based_gains(network, images))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda n, x: (n, x[:0]), "images are none; there may be one or more"),
        (lambda n, x: (n, x * 2), "images span"),
        (lambda n, x: (n.train(), x), "network is in training mode"),
        (lambda n, x: (n, torch.ones(1, 3).double()), "images have 3 pixels"),
        (lambda n, x: (new([[1.0, 1.0]], [[-1.0]]), x), "layer 1 has no weight and no activity"),
    ],
)
def test_bad_arguments(change, text, images):
    with pytest.raises(ValueError, match=text):
        data_based_gains(*change(new(FIRST, SECOND), images))
