import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum.common_mode import centred, common_mode, common_share, mean_activity


def test_by_hand():
    W = torch.tensor([[1.0, 3.0], [2.0, -2.0]])
    assert common_mode(W).tolist() == [2.0, 0.0]
    # 2 * (4 + 0) of 1 + 9 + 4 + 4.
    assert common_share(W) == pytest.approx(100 * 8 / 18)


def test_the_ends_of_the_share():
    same = torch.randn(50, 1).expand(50, 10)
    assert common_share(same) == pytest.approx(100, abs=1e-4)
    W = torch.randn(20_000, 10, generator=torch.Generator().manual_seed(0))
    assert common_share(W) == pytest.approx(10, abs=0.5)
    assert common_share(W - W.mean(1, keepdim=True)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("k", [None, 4])
def test_no_decision_depends_on_the_common_mode(k):
    model = cerebellum.build(d=784, m=2003, k=k, beta=0.9, bias=0.1).double()
    model.mu.copy_(model.granule(torch.rand(3, 784).double()).mean(0))
    model.W.add_(torch.randn(2003, 1))
    W, x = model.W.clone(), torch.rand(40, 784).double()
    without = centred(model)
    assert torch.equal(model.W, W)
    torch.testing.assert_close(without.W, W - W.mean(1, keepdim=True))
    moved = model(x) - without(x)
    torch.testing.assert_close(moved, moved[:, :1].expand(40, 10))
    assert moved.abs().min() > 1e-3
    assert torch.equal(model(x).argmax(1), without(x).argmax(1))


@pytest.mark.parametrize(("k", "m"), [(None, 30), (4, 60), (4, 2003), (300, 50)])
def test_mean_activity(k, m):
    granule = cerebellum.build(d=784, m=m, k=k, beta=None).granule
    x = torch.rand(23, 784, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(mean_activity(granule, x, batch=10), granule(x).mean(0))


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (lambda: common_mode(torch.ones(4)), r"W has shape \(4,\)"),
        (lambda: common_mode(torch.ones(4, 1)), r"W has shape \(4, 1\)"),
        (lambda: common_share(torch.zeros(4, 2)), "W is all zero"),
        (lambda: mean_activity(granule(), torch.rand(0, 9)), "number of images is 0"),
        (lambda: mean_activity(granule(), torch.rand(2, 8)), r"x has shape \(2, 8\)"),
        (lambda: mean_activity(granule(), torch.rand(2, 9), batch=0), "batch is 0"),
    ],
)
def test_bad_arguments(act, text):
    with pytest.raises(ValueError, match=text):
        act()


def granule():
    return cerebellum.build(d=9, m=5, k=2, beta=None).granule
