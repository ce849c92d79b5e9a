import math

import pytest
import torch

from helpers.neural_similarity.loss import LayerWeights, pair_similarities, similarity_loss


def test_equation_9_by_hand():
    # Two pairs of images with two features; the mean over the four images is (1, 1).
    maps = torch.tensor([[2.0, 1.0], [0.0, 1.0], [1.0, 3.0], [1.0, -1.0]])
    # Centred: (1, 0), (-1, 0), (0, 2), (0, -2): the pairs are (0, 2) and (1, 3).
    torch.testing.assert_close(pair_similarities([maps]), torch.zeros(1, 2))
    swapped = maps[[0, 2, 1, 3]]
    torch.testing.assert_close(pair_similarities([swapped]), torch.tensor([[-1.0, -1.0]]))


def test_layers_have_their_own_similarities_and_gradients_in_float32():
    generator = torch.Generator().manual_seed(0)
    one = torch.randn(6, 3, 2, 2, generator=generator).bfloat16().requires_grad_()
    other = torch.randn(6, 5, generator=generator).requires_grad_()
    found = pair_similarities([one, other])
    assert found.shape == (2, 3)
    assert found.dtype == torch.float32
    found.sum().backward()
    assert one.grad.isfinite().all()
    assert other.grad.isfinite().all()


def test_the_gradient_of_equation_9_is_that_of_the_equation():
    maps = torch.randn(8, 4, generator=torch.Generator().manual_seed(1)).double()

    def of(maps):
        flat = maps - maps.mean(0)
        unit = flat / flat.norm(dim=1, keepdim=True)
        return (unit[:4] * unit[4:]).sum(1)

    ours, plain = maps.clone().requires_grad_(), maps.clone().requires_grad_()
    weights = torch.arange(1.0, 5.0)
    (pair_similarities([ours])[0] * weights).sum().backward()
    (of(plain) * weights).sum().backward()
    torch.testing.assert_close(ours.grad, plain.grad, atol=1e-6, rtol=1e-5)


def test_equation_9_is_torchs_cosine_also_where_an_image_is_the_mean():
    maps = torch.randn(8, 3, 2, 2, generator=torch.Generator().manual_seed(2))
    maps[0] = maps[1:].mean(0)  # centred it is nothing, as are features that are all zero
    ours, plain = maps.clone().requires_grad_(), maps.clone().requires_grad_()
    found = pair_similarities([ours, torch.zeros(8, 4)])
    flat = plain.flatten(1) - plain.flatten(1).mean(0)
    expected = torch.cosine_similarity(*flat.chunk(2), dim=1)
    torch.testing.assert_close(found[0], expected, atol=1e-6, rtol=1e-5)
    assert found[1].tolist() == [0.0] * 4
    found[0, 1:].sum().backward()
    expected[1:].sum().backward()
    torch.testing.assert_close(ours.grad, plain.grad, atol=1e-6, rtol=1e-5)


def test_the_gradient_lies_in_memory_as_the_maps_do():
    maps = torch.randn(4, 3, 2, 2).bfloat16().contiguous(memory_format=torch.channels_last)
    kept = []
    maps.requires_grad_().register_hook(kept.append)
    pair_similarities([maps]).sum().backward()
    assert kept[0].is_contiguous(memory_format=torch.channels_last)
    assert not kept[0].is_contiguous()


def test_equation_10_starts_with_equal_weights_of_sum_one():
    weights = LayerWeights(5)
    assert weights.gamma.tolist() == pytest.approx([0.2] * 5)
    similarities = torch.tensor([[1.0], [0.0], [0.0], [0.5], [0.0]])
    assert weights(similarities).item() == pytest.approx(0.3)
    with torch.no_grad():
        weights.free.copy_(torch.tensor([math.log(2.0), 0.0, 0.0, 0.0, 0.0]))
    assert weights.gamma.tolist() == pytest.approx([2 / 6] + [1 / 6] * 4)


def test_equation_8_by_hand():
    found, wanted = torch.tensor([0.5, 0.0]), torch.tensor([0.0, 0.25])
    by_hand = (math.atanh(0.5) ** 2 + math.atanh(0.25) ** 2) / 2
    assert similarity_loss(found, wanted).item() == pytest.approx(by_hand)


def test_a_similarity_of_one_stays_finite():
    found = torch.tensor([1.0, -1.0], requires_grad=True)
    loss = similarity_loss(found, torch.tensor([1.0, 0.0]))
    loss.backward()
    assert loss.isfinite()
    assert found.grad.isfinite().all()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: pair_similarities([]), "features are of"),
        (lambda: pair_similarities([torch.zeros(2, 3)]), r"features are of \[2\] images"),
        (lambda: pair_similarities([torch.zeros(5, 3)]), r"features are of \[5\] images"),
        (lambda: pair_similarities([torch.zeros(4, 3), torch.zeros(6, 3)]), r"\[4, 6\]"),
        (lambda: LayerWeights(0), "layers is 0"),
        (lambda: similarity_loss(torch.zeros(2), torch.zeros(3)), r"found has shape \(2,\)"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
