"""Each fast path against its plain-torch twin."""

import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum import PlainLearner, fused
from helpers.cerebellum.learners import BatchLearner, OnlineLearner, fastest_learner

SIZES = [(1, 2001), (2, 2500), (4, 2003), (10, 2002), (50, 2048)]


def model(k, m, *, beta=0.9, dtype=torch.float64):
    new = cerebellum.build(d=784, m=m, k=k, beta=beta, seed=1).to(dtype)
    new.mu.copy_(torch.rand(m, generator=torch.Generator().manual_seed(2)))
    return new


def plain_outputs(cells, x):
    return (cells.granule(x) - cells.mu) @ cells.W


def data(n, dtype=torch.float64):
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(n, 784, generator=generator, dtype=dtype)
    return x, torch.randint(10, (n,), generator=generator)


@pytest.mark.parametrize(("k", "m"), SIZES)
@pytest.mark.parametrize("n", [0, 1, 63, 64, 130])
def test_outputs_and_input_gradient(k, m, n):
    cells, (x, _) = model(k, m), data(n)
    assert fused.suits(cells.granule.indices, x)
    upstream = torch.randn(n, 10, generator=torch.Generator().manual_seed(3), dtype=x.dtype)
    found, expected = (
        (y := f(given), torch.autograd.grad((y * upstream).sum(), given)[0])
        for f, given in (
            (cells, x.clone().requires_grad_()),
            (lambda given: plain_outputs(cells, given), x.clone().requires_grad_()),
        )
    )
    torch.testing.assert_close(found, expected)


def test_gradient_against_finite_differences():
    cells, (x, _) = model(2, 2001), data(2)
    x = x[:, :784].requires_grad_()
    assert torch.autograd.gradcheck(lambda given: cells(given), x, fast_mode=True)


def test_non_contiguous_images():
    cells, (x, _) = model(4, 2003), data(8)
    sideways = x.T.contiguous().T
    assert not sideways.is_contiguous()
    torch.testing.assert_close(cells(sideways), cells(x))


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_answer_with_any_number_of_threads(threads):
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        cells, (x, _) = model(4, 2003), data(5)
        torch.testing.assert_close(cells(x), plain_outputs(cells, x))
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("k", "m"), SIZES)
@pytest.mark.parametrize("beta", [None, 0.9])
@pytest.mark.parametrize(("learner", "batch"), [(BatchLearner, 50), (OnlineLearner, 1)])
def test_learners(k, m, beta, learner, batch):
    x, labels = data(120)
    order = torch.randperm(120, generator=torch.Generator().manual_seed(4))
    fast, plain = model(k, m, beta=beta), model(k, m, beta=beta)
    fast_learner, plain_learner = learner(fast, 0.5 / m), PlainLearner(plain, 0.5 / m)
    for epoch in order.split([70, 50]):  # twice, so that state is carried over
        fast_learner.learn(x, labels, epoch, batch)
        plain_learner.learn(x, labels, epoch, batch)
    torch.testing.assert_close(fast.W, plain.W)
    torch.testing.assert_close(fast.mu, plain.mu)
    torch.testing.assert_close(fast_learner.mean_square, plain_learner.mean_square)


@pytest.mark.parametrize(("learner", "batch"), [(BatchLearner, 50), (OnlineLearner, 1)])
@pytest.mark.parametrize("learns_bias", [False, True])
def test_learners_with_a_bias(learner, batch, learns_bias):
    x, labels = data(60)
    order = torch.arange(60)
    fast, plain = (
        cerebellum.build(d=784, m=2003, k=4, beta=0.9, bias=0.1, learns_bias=learns_bias).double()
        for _ in range(2)
    )
    learner(fast, 0.01).learn(x, labels, order, batch)
    PlainLearner(plain, 0.01).learn(x, labels, order, batch)
    torch.testing.assert_close(fast.W, plain.W)
    torch.testing.assert_close(fast.bias, plain.bias)
    assert torch.equal(fast.bias, torch.full((10,), 0.1).double()) is not learns_bias
    torch.testing.assert_close(fast(x), plain_outputs(fast, x) + fast.bias)


def test_online_learner_of_a_dense_layer():
    x, labels = data(30)
    order = torch.arange(30)
    fast, plain = (cerebellum.build(d=784, m=1000, k=None, beta=0.9).double() for _ in range(2))
    OnlineLearner(fast, 1e-3).learn(x, labels, order, 1)
    PlainLearner(plain, 1e-3).learn(x, labels, order, 1)
    torch.testing.assert_close(fast.W, plain.W)


def test_single_precision_stays_close():
    x, labels = data(100, torch.float32)
    fast, plain = (model(4, 2003, dtype=torch.float32) for _ in range(2))
    BatchLearner(fast, 1e-3).learn(x, labels, torch.arange(100), 50)
    PlainLearner(plain, 1e-3).learn(x, labels, torch.arange(100), 50)
    torch.testing.assert_close(fast.W, plain.W, rtol=1e-3, atol=1e-5)


def test_the_fast_way_is_chosen_where_it_exists():
    assert fastest_learner(model(4, 2003), 50) is BatchLearner
    assert fastest_learner(model(4, 2003), 1) is OnlineLearner
    assert fastest_learner(model(4, 2003), 65) is PlainLearner
    assert fastest_learner(cerebellum.build(d=784, m=2000, k=None, beta=None), 50) is PlainLearner
    for batch in (1, 50):
        assert fastest_learner(model(4, 2003).bfloat16(), batch) is PlainLearner
    assert fastest_learner(cerebellum.build(d=784, m=50, k=4, beta=None), 1) is PlainLearner


@pytest.mark.parametrize("pixels", [700, 800])
def test_the_fast_way_refuses_other_inputs_too(pixels):
    cells = model(4, 2003)
    with pytest.raises(ValueError, match=rf"x has shape \(3, {pixels}\); it may be \(n, 784\)"):
        cells(torch.rand(3, pixels, dtype=torch.float64))
    with pytest.raises(ValueError, match=r"x is torch.float32; it may be torch.float64"):
        cells(torch.rand(3, 784))


def test_bad_batches():
    x, labels = data(70)
    with pytest.raises(ValueError, match="batch is 65; it may be at most 64"):
        BatchLearner(model(4, 2003), 1e-3).learn(x, labels, torch.arange(70), 65)
    with pytest.raises(ValueError, match="batch is 2; it may be 1"):
        OnlineLearner(model(4, 2003), 1e-3).learn(x, labels, torch.arange(70), 2)
    dense = cerebellum.build(d=784, m=2000, k=None, beta=None).double()
    with pytest.raises(ValueError, match="granule is fully connected"):
        BatchLearner(dense, 1e-3).learn(x, labels, torch.arange(70), 50)
