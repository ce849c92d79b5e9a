import pytest
import torch
from torch import nn

from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.recalibrated import recalibrated


def test_the_statistics_are_those_of_the_images():
    model = nn.Sequential(nn.BatchNorm2d(1)).eval()
    images = torch.rand(8, 1, 5, 5) * 0.3
    found = recalibrated(model, images, batch=4)
    halves = images.split(4)
    mean = torch.stack([half.mean() for half in halves]).mean()
    variance = torch.stack([half.var() for half in halves]).mean()
    torch.testing.assert_close(found[0].running_mean, mean[None])
    torch.testing.assert_close(found[0].running_var, variance[None])
    assert model[0].running_mean.item() == 0  # the model itself stays as it was
    assert not found.training
    assert found[0].momentum == model[0].momentum


def test_what_it_learnt_before_is_forgotten_and_a_batch_that_is_not_full_does_not_count():
    torch.manual_seed(0)
    # Dropout stays off, so nothing is left to chance.
    model = nn.Sequential(nn.Dropout(0.5), nn.BatchNorm2d(1))
    for _ in range(3):
        model(0.5 + torch.rand(4, 1, 5, 5))
    model.eval()
    images = torch.rand(10, 1, 5, 5) * 0.3
    found = recalibrated(model, images, batch=4)
    torch.testing.assert_close(found[1].running_mean, images[:8].mean()[None])
    assert not any(layer.training for layer in found.modules())


def test_weights_stay():
    model = GrayResNet(width=2).eval()
    found = recalibrated(model, torch.rand(64, 1, 16, 16))
    for one, other in zip(model.parameters(), found.parameters(), strict=True):
        assert torch.equal(one, other)
    images = torch.rand(3, 1, 16, 16)
    assert not torch.allclose(model(images), found(images))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: recalibrated(GrayResNet(width=2), torch.rand(64, 1, 8, 8)), "training mode"),
        (lambda: recalibrated(nn.Flatten().eval(), torch.rand(64, 1, 8, 8)), "no batch norm"),
        (lambda: recalibrated(nn.BatchNorm1d(3).eval(), torch.rand(64, 3)), "have a BatchNorm2d"),
        (lambda: recalibrated(GrayResNet(width=2).eval(), torch.rand(3, 1, 8, 8)), "images is 3"),
        (
            lambda: recalibrated(GrayResNet(width=2).eval(), torch.rand(64, 1, 8, 8), batch=1),
            "batch is 1",
        ),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
