import math

import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum import Cerebellum, GranuleLayer


def test_equation_2_by_hand():
    layer = GranuleLayer(torch.tensor([[1.0, 2.0]]), d=1)
    model = Cerebellum(layer, beta=0.9, classes=2, generator=torch.Generator())
    model.mu.copy_(torch.tensor([0.5, 1.0]))
    model.W.copy_(torch.tensor([[1.0, 0.0], [2.0, -1.0]]))
    # h = (3, 6), z = (2.5, 5), W^T z = (2.5 + 10, -5)
    assert model(torch.tensor([[3.0]])).tolist() == [[12.5, -5.0]]


def test_images_are_flattened():
    model = cerebellum.build(d=784, m=20, k=None, beta=None)
    x = torch.rand(3, 1, 28, 28)
    torch.testing.assert_close(model(x), model(x.flatten(1)))


def test_initial_readout_has_variance_one_over_m():
    W = cerebellum.build(d=4, m=5000, k=1, beta=None).W
    assert W.var().item() == pytest.approx(1 / 5000, rel=4 * math.sqrt(2 / W.numel()))


def test_only_the_readout_is_a_parameter():
    model = cerebellum.build(d=16, m=5, k=2, beta=0.99)
    assert [name for name, _ in model.named_parameters()] == ["W"]
    assert model.mu.tolist() == [0.0] * 5
    assert not model.training


def test_depression_changes_nothing_else_about_a_seed():
    without, with_it = (cerebellum.build(d=16, m=5, k=2, beta=b, seed=3) for b in (None, 0.9))
    assert torch.equal(without.W, with_it.W)
    assert torch.equal(without.granule.weights, with_it.granule.weights)


@pytest.mark.parametrize("beta", [1.0, -0.1, float("nan"), 2.0])
def test_bad_beta(beta):
    with pytest.raises(ValueError, match=rf"beta is {beta}; it may be in \[0, 1\)"):
        cerebellum.build(d=4, m=5, k=None, beta=beta)


@pytest.mark.parametrize(
    ("change", "text"), [({"classes": 1}, "classes is 1"), ({"k": 5}, "k is 5"), ({"m": 0}, "m is")]
)
def test_bad_sizes(change, text):
    with pytest.raises(ValueError, match=text):
        cerebellum.build(**({"d": 4, "m": 5, "k": 2, "beta": None} | change))
