import pytest
import torch

from helpers.sleep import SleepNetwork, changed_cells, most_active_cells, pruned


def new(first, bias=False):
    network = SleepNetwork((2, 3, 2), dropout=(0.2,), bias=bias, small=False)
    network.layers[0].weight.data.copy_(torch.tensor(first))
    return network.eval()


WEIGHTS = [[1.0, 0.0], [0.0, 1.0], [-1.0, 2.0]]
IMAGES = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
#: Activities of the cells, before they are scaled: 1, .5, 0; 0, .5, 1; 0, .5, 2.


def test_changed_cells_by_hand():
    before, after = new(WEIGHTS), new([[1.0, 0.0], [0.0, 1.5], [-1.0, 2.0]])
    after.layers[1].weight.data.zero_()  # of the outputs, which do not count
    assert changed_cells(before, after).tolist() == [False, True, False]
    assert not changed_cells(before, before).any()


def test_changed_cells_need_equal_sizes():
    other = SleepNetwork((2, 4, 2), dropout=(0.0,))
    with pytest.raises(ValueError, match=r"after has sizes \(2, 4, 2\); it may have \(2, 3, 2\)"):
        changed_cells(new(WEIGHTS), other)


@pytest.mark.parametrize(
    ("images", "count", "expected"),
    [
        (IMAGES, 1, [False, False, True]),
        (IMAGES[:2], 1, [True, False, False]),
        (IMAGES[:2].repeat(800, 1), 1, [True, False, False]),  # in several parts
        (IMAGES[1:], 2, [False, True, True]),
        (IMAGES, 0, [False] * 3),
        (IMAGES, 3, [True] * 3),
    ],
)
def test_most_active_cells_by_hand(images, count, expected):
    assert most_active_cells(new(WEIGHTS), images, count).tolist() == expected


@pytest.mark.parametrize(
    ("images", "count", "text"),
    [
        (IMAGES, 4, "count is 4; it may be from 0 to 3"),
        (IMAGES, -1, "count is -1"),
        (IMAGES[:0], 1, "number of images is 0"),
        (torch.rand(2, 3), 1, "images have 3 pixels"),
    ],
)
def test_bad_counts_and_images(images, count, text):
    with pytest.raises(ValueError, match=text):
        most_active_cells(new(WEIGHTS), images, count)


def test_the_most_active_cells_of_a_network_in_training_mode():
    with pytest.raises(ValueError, match="network is in training mode"):
        most_active_cells(new(WEIGHTS).train(), IMAGES, 1)


@pytest.mark.parametrize("bias", [False, True])
def test_the_others_go_on_without_them(bias):
    network = new(WEIGHTS, bias=bias)
    held = {name: value.clone() for name, value in network.state_dict().items()}
    found = pruned(network.train(), torch.tensor([True, False, False]))
    hidden, outputs = found.activations(IMAGES)
    whole = network.eval().activations(IMAGES)[0]
    assert (hidden[:, 0] == 0).all()
    assert torch.equal(hidden[:, 1:], whole[:, 1:])
    expected = whole[:, 1:] @ network.weights[1][:, 1:].T
    if bias:
        expected = expected + network.layers[1].bias
    torch.testing.assert_close(outputs, expected.relu())
    assert not found.training
    assert all(torch.equal(value, held[name]) for name, value in network.state_dict().items())


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (torch.tensor([0, 2]), r"cells are torch.int64 of shape \(2,\); they may be bool"),
        (torch.zeros(3), "cells are torch.float32"),
        (torch.zeros(2, dtype=torch.bool), r"shape \(2,\); they may be bool of shape \(3,\)"),
        (torch.zeros(3, 1, dtype=torch.bool), r"shape \(3, 1\)"),
    ],
)
def test_bad_cells(cells, text):
    with pytest.raises(ValueError, match=text):
        pruned(new(WEIGHTS), cells)
