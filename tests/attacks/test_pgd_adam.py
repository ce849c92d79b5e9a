"""PGD with Adam: against torch's Adam, and by hand in the L2 ball."""

import pytest
import torch

from helpers.attacks import LOSSES, pgd_adam


@pytest.mark.parametrize("loss", LOSSES)
def test_the_steps_are_those_of_torch(loss, model, images, labels):
    settings = {"step": 0.01, "steps": 12, "loss": loss, "random_start": False}
    found = pgd_adam(model, images, labels, 1.0, **settings).images
    x = images.clone().requires_grad_()
    optimizer = torch.optim.Adam([x], lr=0.01, maximize=True)
    for _ in range(12):
        (x.grad,) = torch.autograd.grad(LOSSES[loss](model(x), labels).sum(), x)
        optimizer.step()
        with torch.no_grad():
            x.clamp_(0, 1)
    torch.testing.assert_close(found, x.detach(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("random_start", [False, True])
def test_the_l2_ball(random_start, model, images, labels):
    eps = 0.4
    found = pgd_adam(
        model, images, labels, eps, norm="l2", loss="margin", random_start=random_start
    )
    length = (found.images - images).flatten(1).norm(dim=1)
    assert length.max() <= eps * (1 + 1e-12)
    assert length.median() > 0.99 * eps  # the loss climbs outwards
    torch.testing.assert_close(found.norms, length)
    assert torch.equal(found.success, model(found.images).argmax(1) != labels)
    before, after = (LOSSES["margin"](model(x), labels) for x in (images, found.images))
    assert (after > before).all()


def test_the_first_steps_by_hand():
    def model(x):  # scores (x0, 2 x1): the margin of label 0 climbs along (-1, 2)
        return x * torch.tensor([1.0, 2.0], dtype=x.dtype)

    x, label = torch.tensor([[0.5, 0.5]], dtype=torch.float64), torch.tensor([0])
    one, many = (
        pgd_adam(model, x, label, 0.1, norm="l2", step=0.05, steps=n, loss="margin",
                 random_start=False)
        for n in (1, 5)
    )  # fmt: skip
    # Adam's first step is the gradient's sign, and so are all of a constant gradient.
    assert one.images.tolist() == [[pytest.approx(0.45), pytest.approx(0.55)]]
    assert many.images.tolist() == [
        [pytest.approx(0.5 - 0.1 / 2**0.5), pytest.approx(0.5 + 0.1 / 2**0.5)]
    ]


def test_the_random_start_fills_the_l2_ball(model):
    images = torch.full((4000, 1, 2, 1), 0.5, dtype=torch.float64)
    starts = pgd_adam(
        lambda x: x.flatten(1) * 0.0 + torch.tensor([1.0, 0.0], dtype=x.dtype),
        images,
        torch.zeros(4000, dtype=torch.int64),
        0.2,
        norm="l2",
        steps=1,
    ).images
    radius = (starts - images).flatten(1).norm(dim=1)
    # Half of a disc's area is within 1 / sqrt(2) of its radius.
    assert (radius < 0.2 / 2**0.5).double().mean().item() == pytest.approx(0.5, abs=0.03)
    assert radius.max() <= 0.2
    assert (starts - images).mean().abs() < 0.005


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"step": 0.0}, "step is 0"),
        ({"norm": "l1"}, "norm is 'l1'; it may be one of l2, linf"),
    ],
)
def test_bad_settings(setting, text, model, images, labels):
    with pytest.raises(ValueError, match=text):
        pgd_adam(model, images, labels, 0.1, **setting)
