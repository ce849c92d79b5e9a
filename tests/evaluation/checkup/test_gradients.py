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
    assert look(confident, images, labels, 0.1, "cross_entropy").rises == 100
