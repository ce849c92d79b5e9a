import pytest
import torch

from helpers.sleep.patches import patches


def test_by_hand():
    # Six pixels of 36 each: the first two of the order in all four, then four for each in turn.
    order = torch.randperm(36, generator=torch.Generator().manual_seed(3)).tolist()
    images = patches(6, 2, seed=3)
    assert images.shape == (4, 1, 6, 6)
    for number, image in enumerate(images.flatten(1)):
        first = 2 + 4 * number
        assert sorted(image.nonzero()[:, 0].tolist()) == sorted(
            order[:2] + order[first : first + 4]
        )
        assert image.unique().tolist() == [0, 1]


@pytest.mark.parametrize("width", [2, 3, 5, 9, 10, 15])
def test_a_sixth_is_on_and_only_the_overlap_is_shared(width):
    sixth = int(width**2 / 6 + 0.5)
    for overlap in range(sixth):
        images = patches(width, overlap).flatten(1)
        assert images.sum(1).tolist() == [sixth] * 4
        shared = images @ images.T
        assert (shared[~torch.eye(4, dtype=torch.bool)] == overlap).all()


def test_the_seed_decides_the_order():
    assert torch.equal(patches(10, 4, seed=1), patches(10, 4, seed=1))
    assert not torch.equal(patches(10, 4, seed=1), patches(10, 4, seed=2))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((1, 0), "width is 1; it may be at least 2"),
        ((2.5, 0), "width is 2.5; it may be a whole number"),
        ((10, -1), "overlap is -1; it may be from 0 to 16"),
        ((10, 17), "overlap is 17; it may be from 0 to 16"),
        ((10, 2, -1), "seed is -1"),
    ],
)
def test_bad_arguments(arguments, text):
    with pytest.raises(ValueError, match=text):
        patches(*arguments)
