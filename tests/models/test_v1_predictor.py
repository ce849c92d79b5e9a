import pytest
import torch
from torch.nn.functional import elu

from helpers.models.v1_predictor import V1Predictor

SIZE = (16, 20)


def model(neurons=3, **options):
    torch.manual_seed(0)
    return V1Predictor(neurons, channels=2, size=SIZE, **options).eval()


def test_a_neuron_that_looks_at_a_pixel():
    network = model()
    with torch.no_grad():
        # Column 5 of 20 and row 4 of 16, from -1 to 1.
        network.places[0] = torch.tensor([2 * 5 / 19 - 1, 2 * 4 / 15 - 1])
        network.weights.normal_()
    images = torch.randn(2, 1, *SIZE)
    seen = network.features(images)[:, :, 4, 5]
    wanted = elu(seen @ network.weights[:, 0] + network.bias[0]) + 1
    torch.testing.assert_close(network(images)[:, 0], wanted, atol=1e-5, rtol=1e-5)


def test_each_layer_sees_all_before_it():
    network = model()
    assert [each.in_channels for each in network.convolutions] == [1, 2, 4]
    assert network.features(torch.randn(1, 1, *SIZE)).shape == (1, 6, *SIZE)


def test_an_untrained_circuit_does_nothing_and_a_trained_one_shifts_and_scales():
    network, images = model(), torch.randn(2, 1, *SIZE)
    state, pupil = torch.randn(2, 3), torch.randn(2, 2)
    torch.testing.assert_close(network(images, state, pupil), network(images))
    with torch.no_grad():
        network.modulator[-1].bias.copy_(torch.log(torch.tensor([2.0, 1.0, 0.5])))
        torch.testing.assert_close(
            network(images, state, pupil), network(images) * torch.tensor([2.0, 1.0, 0.5])
        )
        network.shifter[-2].bias.copy_(torch.tensor([0.1, 0.0]))
        shifted = network(images, state, pupil)
        network.shifter[-2].bias.zero_()
        network.places += torch.tanh(torch.tensor([0.1, 0.0]))
        torch.testing.assert_close(shifted, network(images, state, pupil), atol=1e-5, rtol=1e-5)


def test_a_pupil_alone_scales_too():
    network, images = model(behaviour=0), torch.randn(2, 1, *SIZE)
    with torch.no_grad():
        network.modulator[-1].bias.fill_(torch.log(torch.tensor(3.0)))
        found = network(images, pupil=torch.randn(2, 2))
        torch.testing.assert_close(found, 3 * network(images))


def test_roughness_is_that_of_the_laplacian():
    network = model()
    with torch.no_grad():
        network.convolutions[0].weight.fill_(1.0)
        assert network.roughness() == 0
        network.convolutions[0].weight.zero_()
        network.convolutions[0].weight[0, 0, 4, 4] = 1.0
    # 4 squared and four times 1, over two filters of 7x7 valid places.
    assert network.roughness().item() == pytest.approx(20 / (2 * 49))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: V1Predictor(0), "neurons is 0"),
        (lambda: V1Predictor(1, channels=0), "channels is 0"),
        (lambda: V1Predictor(1, size=(8, 64)), "size is 8"),
        (lambda: V1Predictor(1, behaviour=-1), "behaviour is -1"),
        (lambda: model()(torch.rand(1, 1, 9, 9)), r"shape \(1, 1, 9, 9\)"),
        (lambda: model()(torch.rand(1, 1, *SIZE), torch.rand(1, 2)), r"behaviour has shape"),
        (lambda: model()(torch.rand(1, 1, *SIZE), None, torch.rand(1, 3)), "pupil has shape"),
        (lambda: model()(torch.rand(1, 1, *SIZE), torch.rand(1, 3)), "behaviour or pupil is None"),
        (
            lambda: model(pupil=False)(torch.rand(1, 1, *SIZE), None, torch.rand(1, 2)),
            "None for a model without one",
        ),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
