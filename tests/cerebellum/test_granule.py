import math

import pytest
import torch

from helpers.cerebellum import GranuleLayer


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_equation_1_by_hand():
    J = torch.tensor([[1.0, -1.0, 2.0], [0.5, 3.0, -4.0]])
    layer = GranuleLayer(J, d=2)
    # x^T J = (1 + .5*2, -1 + 3*2, 2 - 4*2) = (2, 5, -6)
    assert layer(torch.tensor([[1.0, 2.0]])).tolist() == [[2.0, 5.0, 0.0]]


def test_a_repeated_input_counts_twice():
    layer = GranuleLayer(torch.tensor([[0.5, 0.25]]), torch.tensor([[1, 1]]), d=16)
    x = torch.zeros(1, 16)
    x[0, 1] = 2.0
    assert layer.J is None  # the sparse way
    assert layer(x).item() == pytest.approx(1.5)
    assert layer.matrix()[1, 0].item() == pytest.approx(0.75)


@pytest.mark.parametrize("k", [1, 2, 4, 50, 784])
def test_gathering_equals_the_dense_product(k):
    layer = GranuleLayer.random(784, 300, k, seeded()).double()
    x = torch.rand(7, 784, dtype=torch.float64)
    torch.testing.assert_close(layer(x), torch.relu(x @ layer.matrix()))


@pytest.mark.parametrize(("k", "variance"), [(None, 1 / 784), (4, 1 / 4), (784, 1 / 784)])
def test_weights_have_the_variance_of_the_paper(k, variance):
    layer = (
        GranuleLayer.full(784, 2000, seeded())
        if k is None
        else GranuleLayer.random(784, 2000, k, seeded())
    )
    n = layer.weights.numel()
    # Four standard errors of a sample variance.
    assert layer.weights.var().item() == pytest.approx(variance, rel=4 * math.sqrt(2 / n))
    assert abs(layer.weights.mean().item()) < 4 * math.sqrt(variance / n)


def test_inputs_are_drawn_with_replacement():
    indices = GranuleLayer.random(784, 50, 784, seeded()).indices
    distinct = sum(len(set(row)) for row in indices.tolist()) / 50
    # Of 784 draws out of 784 about 1 - 1/e are distinct.
    assert distinct / 784 == pytest.approx(1 - 1 / math.e, abs=0.01)


def test_a_seed_is_a_layer():
    one, two, other = (GranuleLayer.random(784, 30, 4, seeded(s)) for s in (1, 1, 2))
    assert torch.equal(one.weights, two.weights)
    assert torch.equal(one.indices, two.indices)
    assert not torch.equal(one.weights, other.weights)


@pytest.mark.parametrize("k", [4, 784])
def test_weights_that_are_loaded_are_used(k):
    saved, other = (GranuleLayer.random(784, 20, k, seeded(s)) for s in (0, 1))
    other.load_state_dict(saved.state_dict())
    x = torch.rand(5, 784)
    assert torch.equal(other(x), saved(x))


@pytest.mark.parametrize("k", [None, 784])
def test_another_precision(k):
    layer = (
        GranuleLayer.full(784, 20, seeded())
        if k is None
        else GranuleLayer.random(784, 20, k, seeded())
    )
    x = torch.rand(5, 784)
    expected = layer(x)
    torch.testing.assert_close(layer.double()(x.double()).float(), expected)


def test_a_large_batch_is_gathered_in_pieces(monkeypatch):
    layer, x = GranuleLayer.random(784, 30, 4, seeded()), torch.rand(6, 784)
    whole = layer(x)
    monkeypatch.setattr("helpers.cerebellum.granule._PIECE", 6 * 4 * 7)
    assert torch.equal(layer(x), whole)


def test_nothing_in_it_learns():
    assert not list(GranuleLayer.full(4, 3, seeded()).parameters())


@pytest.mark.parametrize(("k", "text"), [(0, "k is 0"), (785, "k is 785"), (1.5, "k is 1.5")])
def test_bad_k(k, text):
    with pytest.raises(ValueError, match=text):
        GranuleLayer.random(784, 10, k, seeded())


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: GranuleLayer.full(0, 5, seeded()), "d is 0"),
        (lambda: GranuleLayer.full(5, 0, seeded()), "m is 0"),
        (lambda: GranuleLayer(torch.ones(3), d=3), "weights have shape"),
        (lambda: GranuleLayer(torch.ones(3, 2), d=4), "weights have 3 rows"),
        (
            lambda: GranuleLayer(torch.ones(3, 2), torch.zeros(3, 1).long(), d=4),
            "indices have shape",
        ),
        (
            lambda: GranuleLayer(torch.ones(1, 2), torch.tensor([[0, 4]]), d=4),
            "indices span 0 to 4",
        ),
        (
            lambda: GranuleLayer(torch.ones(1, 2), torch.zeros(1, 2, device="meta").long(), d=4),
            "different devices",
        ),
        (lambda: GranuleLayer.full(5, 2, seeded())(torch.ones(1, 6)), "x has shape"),
        (
            lambda: GranuleLayer.full(5, 2, seeded())(torch.ones(1, 5, device="meta")),
            "different devices",
        ),
        (
            lambda: GranuleLayer.full(5, 2, seeded())(torch.ones(1, 5).double()),
            "x is torch.float64",
        ),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
