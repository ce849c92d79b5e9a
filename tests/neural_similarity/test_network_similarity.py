import pytest
import torch

from helpers.data import as_float
from helpers.models.blurred import Blurred
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.loss import pair_similarities
from helpers.neural_similarity.network_similarity import network_similarity

GAMMA = (0.1, 0.2, 0.3, 0.4, 0.0)


@pytest.fixture
def network():
    torch.manual_seed(0)
    return GrayResNet(18, width=2).eval()


@pytest.fixture
def images():
    return torch.randint(0, 256, (6, 1, 16, 16), dtype=torch.uint8)


def test_it_is_what_training_sees_of_the_same_images(network, images):
    found = network_similarity(network, GAMMA, images)
    with torch.no_grad():
        layers = pair_similarities(network.features(as_float(images)))
    wanted = torch.tensor(GAMMA) @ layers
    pairs = found[[0, 1, 2], [3, 4, 5]]
    torch.testing.assert_close(pairs.float(), wanted, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found, found.T)
    torch.testing.assert_close(found.diagonal(), torch.ones(6, dtype=torch.float64))


def test_a_network_behind_a_blur_sees_blurred_images(network):
    images = torch.randint(0, 256, (6, 1, 20, 20), dtype=torch.uint8)
    behind = Blurred(network, 1.5).eval()
    found = network_similarity(behind, GAMMA, images)
    with torch.no_grad():
        layers = pair_similarities(network.features(behind.blur(as_float(images))))
    pairs = found[[0, 1, 2], [3, 4, 5]]
    torch.testing.assert_close(pairs.float(), torch.tensor(GAMMA) @ layers, atol=1e-5, rtol=1e-5)


def test_weights_that_are_rounded_still_give_cosines_in_double_precision(network, images):
    found = network_similarity(network, [1.0005 * weight for weight in GAMMA], images)
    torch.testing.assert_close(
        found, network_similarity(network, GAMMA, images), atol=1e-12, rtol=0
    )
    ones = torch.ones(6, dtype=torch.float64)
    torch.testing.assert_close(found.diagonal(), ones, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    "gamma", [(1.0,), (1.0, 1, 1, 1, 1), (2.0, -1, 0, 0, 0), (0.5, 0.5, 0, 0, float("nan"))]
)
def test_bad_weights(network, images, gamma):
    with pytest.raises(ValueError, match="it may be 5 weights from 0 on, with sum 1"):
        network_similarity(network, gamma, images)


def test_bad_networks_and_images(network, images):
    with pytest.raises(ValueError, match=r"images are torch\.float32"):
        network_similarity(network, GAMMA, images.float())
    with pytest.raises(ValueError, match=r"images have shape \(6, 16, 16\)"):
        network_similarity(network, GAMMA, images[:, 0])
    with pytest.raises(ValueError, match="network is in training mode"):
        network_similarity(network.train(), GAMMA, images)
