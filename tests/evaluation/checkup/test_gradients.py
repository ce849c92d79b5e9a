"""What a check-up sees of the gradients, where numbers are small."""

import math

import pytest
import torch

from helpers.attacks import LOSSES
from helpers.evaluation.checkup.gradients import look, resolved


@pytest.mark.parametrize("loss", LOSSES)
def test_in_the_usual_range_it_is_the_loss_itself(loss):
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(20, 5, generator=generator, dtype=torch.float64)
    labels = torch.randint(5, (20,), generator=generator)
    expected = LOSSES[loss](scores, labels)
    assert torch.allclose(resolved(loss)(scores, labels), expected, rtol=1e-12)


def test_a_confident_answer_has_a_small_loss_and_not_none():
    scores = torch.tensor([[90.0, 0.0], [0.0, 90.0]])
    found = resolved("cross_entropy")(scores, torch.tensor([0, 0]))
    assert found[0].item() == pytest.approx(math.exp(-90), rel=1e-6)
    assert found[1].item() == pytest.approx(90)
    assert LOSSES["cross_entropy"](scores, torch.tensor([0, 0]))[0] == 0


def test_the_loss_of_a_confident_model_rises():
    def confident(images):
        ink = images.flatten(1).sum(1, keepdim=True)
        return torch.cat([torch.full_like(ink, 30), ink], 1)

    images, labels = torch.full((4, 1, 2, 2), 0.5), torch.zeros(4, dtype=torch.int64)
    assert look(confident, images, labels, 0.1, "cross_entropy", "linf").rises == 100


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32])
def test_labels_of_other_whole_numbers(loss, dtype):
    scores = torch.randn(20, 5, generator=torch.Generator().manual_seed(0))
    labels = torch.randint(5, (20,), generator=torch.Generator().manual_seed(1))
    assert torch.equal(resolved(loss)(scores, labels), resolved(loss)(scores, labels.to(dtype)))


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_it_looks_a_hundredth_of_eps_away(norm):
    seen = []

    def model(x):
        seen.append(x.detach())
        return x.flatten(1)[:, :2]

    images, eps = torch.full((50, 1, 8, 8), 0.5, dtype=torch.float64), 0.8
    look(model, images, torch.zeros(50, dtype=torch.int64), eps, "mse", norm)
    order = {"linf": torch.inf, "l2": 2}[norm]
    away = [(x - images).flatten(1).norm(order, dim=1) / (eps / 100) for x in seen]
    same, again, near, before, step = away
    assert not torch.cat([same, again, before]).any()
    # Of a number drawn evenly from -1 to 1 the largest of 64 is about 1, the root mean square .58.
    assert (near <= 1 + 1e-9).all()
    assert near.mean().item() == pytest.approx({"linf": 0.985, "l2": 3**-0.5}[norm], abs=0.02)
    # Two of the 64 pixels have a gradient.
    torch.testing.assert_close(
        step, torch.full_like(step, {"linf": 1, "l2": (2 / 64) ** 0.5}[norm])
    )
