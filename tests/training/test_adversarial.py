import pytest
import torch
from torch import nn

from helpers.attacks import uniform_start
from helpers.training.adversarial import fast_adversarial


def test_one_step_by_hand():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(9, 3)).train()
    images, labels = torch.rand(5, 1, 3, 3), torch.tensor([0, 1, 2, 0, 1])
    found = fast_adversarial(0.1)(model, images, labels, torch.Generator().manual_seed(3))
    start = uniform_start(images, 0.1, torch.Generator().manual_seed(3)).requires_grad_()
    nn.functional.cross_entropy(model(start), labels).backward()
    expected = (start + 0.125 * start.grad.sign()).detach()
    expected = torch.minimum(torch.maximum(expected, images - 0.1), images + 0.1).clamp(0, 1)
    torch.testing.assert_close(found, expected)
    assert (found - images).abs().max() <= 0.1 + 1e-6
    assert model.training


def test_running_statistics_do_not_follow_the_step():
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(9), nn.Linear(9, 3)).train()
    before = model[1].running_mean.clone()
    images, labels = torch.rand(5, 1, 3, 3), torch.tensor([0, 1, 2, 0, 1])
    fast_adversarial(0.1)(model, images, labels, torch.Generator())
    assert torch.equal(model[1].running_mean, before)


def test_every_part_keeps_its_mode():
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(9), nn.Dropout(0.5), nn.Linear(9, 3)).train()
    model[1].eval()  # a frozen part
    before = [part.training for part in model.modules()]
    images, labels = torch.rand(5, 1, 3, 3), torch.tensor([0, 1, 2, 0, 1])
    fast_adversarial(0.1)(model, images, labels, torch.Generator())
    assert [part.training for part in model.modules()] == before
    assert len(set(before)) == 2


def test_a_gradient_that_fails_leaves_the_modes_as_they_were():
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(9), nn.Linear(9, 3)).train()
    nn.init.constant_(model[2].weight, float("inf"))
    images, labels = torch.rand(5, 1, 3, 3), torch.tensor([0, 1, 2, 0, 1])
    with pytest.raises(ValueError, match="the gradient holds NaN or infinity"):
        fast_adversarial(0.1)(model, images, labels, torch.Generator())
    assert all(part.training for part in model.modules())


@pytest.mark.parametrize("eps", [-0.1, float("nan"), float("inf")])
def test_bad_radii(eps):
    with pytest.raises(ValueError, match="eps is"):
        fast_adversarial(eps)
