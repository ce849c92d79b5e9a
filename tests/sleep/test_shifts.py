import pytest
import torch

from helpers.sleep import SleepNetwork, shifted


def network(first, second, bias=(0.5, -0.5)):
    found = SleepNetwork((2, 2, 2), dropout=(0.0,), bias=True)
    for layer, weight in zip(found.layers, (first, second), strict=True):
        layer.weight.data.copy_(torch.tensor(weight))
        layer.bias.data.copy_(torch.tensor(bias))
    return found


@pytest.fixture
def before():
    return network([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 1.0]])


@pytest.fixture
def after():
    """Changed by 1, 0, 0 and 4, and elsewhere too."""
    return network([[2.0, 2.0], [3.0, 8.0]], [[5.0, 5.0], [5.0, 5.0]], bias=(7.0, 7.0))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("mean", [[2.25, 3.25], [4.25, 5.25]]),  # all by 5 / 4
        ("rows", [[1.5, 2.5], [5.0, 6.0]]),  # the cells by 1 / 2 and 4 / 2
    ],
)
def test_by_hand(kind, expected, before, after):
    found = shifted(before, after, kind)
    assert found.weights[0].tolist() == expected
    assert not found.training


@pytest.mark.parametrize("kind", ["mean", "rows", "shuffled"])
def test_only_the_first_weights_change_and_only_of_a_copy(kind, before, after):
    held = [{k: v.clone() for k, v in each.state_dict().items()} for each in (before, after)]
    found = shifted(before, after, kind)
    assert torch.equal(found.weights[1], before.weights[1])
    for layer, same in zip(found.layers, before.layers, strict=True):
        assert torch.equal(layer.bias, same.bias)
    for each, state in zip((before, after), held, strict=True):
        assert all(torch.equal(value, state[name]) for name, value in each.state_dict().items())


def test_shuffled_changes_are_the_same_ones_elsewhere():
    one, other = (SleepNetwork((20, 30, 2), dropout=(0.0,), seed=seed) for seed in (0, 1))
    for network in (one, other):
        network.double()
    change = other.weights[0] - one.weights[0]
    moved, again, elsewhere = (
        shifted(one, other, "shuffled", seed=seed).weights[0] - one.weights[0] for seed in (0, 0, 1)
    )
    torch.testing.assert_close(moved.flatten().sort().values, change.flatten().sort().values)
    assert torch.equal(moved, again)
    # Hardly a change is where it was, or where another seed puts it.
    for other_place in (change, elsewhere):
        assert torch.isclose(moved, other_place).double().mean() < 0.05


def test_bad_arguments(before, after):
    with pytest.raises(ValueError, match="kind is 'median'; it may be one of mean, rows, shuffled"):
        shifted(before, after, "median")
    larger = SleepNetwork((2, 3, 2), dropout=(0.0,))
    with pytest.raises(ValueError, match=r"after has sizes \(2, 3, 2\); it may have \(2, 2, 2\)"):
        shifted(before, larger, "mean")
