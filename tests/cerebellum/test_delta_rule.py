import pytest
import torch

from helpers import cerebellum
from helpers.cerebellum import PlainLearner, depress_, error, gradient, rmsprop_


def test_equation_4_is_the_gradient_of_equation_3():
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(6, 5, generator=generator, dtype=torch.float64)
    W = torch.randn(5, 3, generator=generator, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 1, 2, 2, 1, 0])
    y = torch.eye(3, dtype=torch.float64)[labels]
    ((z @ W - y) ** 2).mean().backward()
    torch.testing.assert_close(gradient(z, error(z @ W.detach(), labels)), W.grad)


def test_error_by_hand():
    e = error(torch.tensor([[0.25, 0.5, 0.25]]), torch.tensor([1]))
    assert e.tolist() == [[0.25, -0.5, 0.25]]


def test_rmsprop_is_torch_rmsprop():
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(4, 3, generator=generator, dtype=torch.float64)
    theirs = start.clone().requires_grad_()
    optimizer = torch.optim.RMSprop([theirs], lr=0.01, alpha=0.99, eps=1e-8)
    ours, mean_square = start.clone(), torch.zeros_like(start)
    for _ in range(5):
        g = torch.randn(4, 3, generator=generator, dtype=torch.float64)
        theirs.grad = g.clone()
        optimizer.step()
        rmsprop_(ours, mean_square, g, 0.01)
    torch.testing.assert_close(ours, theirs.detach())


def test_epsilon_stands_outside_the_root():
    # g = 1e-7: the running square is 1e-16, its root 1e-8, so the step is lr * 1e-7 / 2e-8.
    W, mean_square = torch.zeros(1, 1).double(), torch.zeros(1, 1).double()
    rmsprop_(W, mean_square, torch.full((1, 1), 1e-7).double(), 0.1)
    assert W.item() == pytest.approx(-0.5)


def test_the_average_moves_by_the_batch_mean():
    mu = torch.tensor([1.0, 0.0])
    depress_(mu, torch.tensor([[2.0, 4.0], [4.0, 0.0]]), 0.75)
    assert mu.tolist() == [0.75 * 1 + 0.25 * 3, 0.25 * 2]


def test_the_average_moves_before_it_is_subtracted():
    model = cerebellum.build(d=3, m=4, k=None, beta=0.5, classes=2).double()
    W = model.W.clone()
    images, labels = torch.rand(2, 3).double(), torch.tensor([0, 1])
    h = model.granule(images)
    PlainLearner(model, 0.1).learn(images, labels, torch.tensor([0, 1]), 2)
    z = h - 0.5 * h.mean(0)
    g = gradient(z, error(z @ W, labels))
    torch.testing.assert_close(model.W, W - 0.1 * g / ((0.01 * g**2).sqrt() + 1e-8))
    torch.testing.assert_close(model.mu, 0.5 * h.mean(0))


def test_a_fixed_bias_shifts_the_targets():
    # W^T z + b - y = W^T z - (y - b): a bias of .1 asks for targets of .9 and -.1.
    z, W = torch.randn(4, 3).double(), torch.randn(3, 2).double()
    labels = torch.tensor([0, 1, 1, 0])
    shifted = torch.eye(2).double()[labels] - 0.1
    torch.testing.assert_close(error(z @ W + 0.1, labels), z @ W - shifted)


def test_a_bias_that_learns_takes_the_step_of_rmsprop():
    model = cerebellum.build(d=3, m=4, k=None, beta=None, classes=2, learns_bias=True).double()
    images, labels = torch.rand(2, 3).double(), torch.tensor([0, 1])
    g = error(model(images), labels).sum(0) * 2 / 4
    PlainLearner(model, 0.1).learn(images, labels, torch.tensor([0, 1]), 2)
    torch.testing.assert_close(model.bias, -0.1 * g / ((0.01 * g**2).sqrt() + 1e-8))


def test_evaluation_leaves_the_average_alone():
    model = cerebellum.build(d=3, m=4, k=None, beta=0.5)
    model(torch.rand(5, 3))
    assert model.mu.tolist() == [0.0] * 4


def test_bad_arguments():
    with pytest.raises(ValueError, match="learning_rate is 0"):
        PlainLearner(cerebellum.build(d=3, m=4, k=None, beta=None), 0)
    with pytest.raises(ValueError, match="beta is 1"):
        depress_(torch.zeros(2), torch.ones(1, 2), 1.0)
    with pytest.raises(ValueError, match="bias is nan; it may be a finite number"):
        cerebellum.build(d=3, m=4, k=None, beta=None, bias=float("nan"))
