import pytest
import torch
from scipy.ndimage import gaussian_filter

from helpers.models.blurred import Blurred
from helpers.models.gray_resnet import GrayResNet


def test_the_blur_is_scipys():
    images = torch.rand(2, 1, 20, 32, dtype=torch.float64)
    model = Blurred(GrayResNet(width=2), 1.5).double()
    # "mirror" is torch's "reflect": the border pixel is not doubled.
    wanted = gaussian_filter(images.numpy(), 1.5, axes=(-2, -1), mode="mirror", truncate=4)
    torch.testing.assert_close(model.blur(images), torch.from_numpy(wanted), atol=1e-6, rtol=0)


def test_half_precision_blurs_by_the_same_gaussian():
    images = torch.rand(2, 1, 20, 32)
    model = Blurred(GrayResNet(width=2), 1.5)
    with torch.autocast("cpu", torch.bfloat16):
        found = model.blur(images)
    assert torch.equal(found, model.blur(images))


def test_scores_and_features_are_those_of_blurred_images():
    network = GrayResNet(width=2).eval()
    model = Blurred(network, 1.0).eval()
    images = torch.rand(2, 1, 16, 16)
    torch.testing.assert_close(model(images), network(model.blur(images)))
    torch.testing.assert_close(model.features(images)[2], network.features(model.blur(images))[2])


def test_bad_arguments():
    with pytest.raises(ValueError, match="sigma is 0"):
        Blurred(GrayResNet(width=2), 0)
    with pytest.raises(ValueError, match=r"shape \(1, 1, 6, 30\); it may be .* more than 6 pixels"):
        Blurred(GrayResNet(width=2), 1.5)(torch.rand(1, 1, 6, 30))
