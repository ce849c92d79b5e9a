import math

import pytest
import torch

from helpers.attacks import LOSSES, input_gradient
from helpers.attacks.losses import named_loss

SCORES = torch.tensor([[1.0, 3.0, 0.0], [0.5, 0.25, 2.0]], dtype=torch.float64)
LABELS = torch.tensor([0, 2])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mse", [0.0 + 9.0 + 0.0, 0.25 + 0.0625 + 1.0]),
        ("margin", [3.0 - 1.0, 0.5 - 2.0]),
        (
            "cross_entropy",
            [
                math.log(math.e + math.e**3 + 1) - 1,
                math.log(math.exp(0.5) + math.exp(0.25) + math.e**2) - 2,
            ],
        ),
    ],
)
def test_values_by_hand(name, expected):
    assert LOSSES[name](SCORES, LABELS).tolist() == pytest.approx(expected)


def test_margin_is_positive_exactly_when_misclassified():
    scores = torch.randn(200, 10, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(200) % 10
    assert torch.equal(LOSSES["margin"](scores, labels) > 0, scores.argmax(1) != labels)


@pytest.mark.parametrize("name", LOSSES)
def test_gradient_is_for_the_images_alone(name, model, images, labels):
    gradient, each = input_gradient(model, LOSSES[name], images, labels)
    assert all(p.grad is None for p in model.parameters())
    assert not images.requires_grad
    torch.testing.assert_close(each, LOSSES[name](model(images), labels).detach())
    nudge = 1e-6
    for place in [(0, 0, 2, 3), (7, 0, 5, 5)]:
        moved = images.clone()
        moved[place] += nudge
        slope = (LOSSES[name](model(moved), labels) - each)[place[0]] / nudge
        assert gradient[place].item() == pytest.approx(slope.item(), rel=1e-4, abs=1e-7)


def test_a_gradient_that_is_no_number_is_refused():
    def masked(x):  # the root's slope at 0 is infinite
        return torch.stack([x.sum(1).sqrt(), x.sum(1)], 1)

    with pytest.raises(ValueError, match="gradient holds NaN or infinity"):
        input_gradient(masked, LOSSES["mse"], torch.zeros(1, 3), torch.tensor([0]))


def test_unknown_loss():
    with pytest.raises(ValueError, match="loss is 'hinge'; it may be one of mse, cross_entropy"):
        named_loss("hinge")
