"""Where attacks along the decision boundary start: on its far side, and not always at one place."""

import torch

from helpers.attacks.shield import Shield
from helpers.attacks.starts import starting_points


def bright(x):
    """Class 1 where the mean pixel is above .5, else class 0."""
    difference = x.flatten(1).mean(1) - 0.5
    return torch.stack([-difference, difference], 1)


def starts(model, images, labels, seed=0):
    torch.manual_seed(seed)
    return starting_points(Shield(model, images), images, labels)


def test_a_start_is_of_another_class():
    images = torch.rand(40, 1, 3, 3, generator=torch.Generator().manual_seed(1))
    labels = bright(images).argmax(1)
    assert 0 < labels.sum() < 40
    found, has = starts(bright, images, labels)
    assert has.all()
    assert (bright(found).argmax(1) != labels).all()


def test_every_candidate_may_be_the_start():
    images = torch.rand(200, 1, 3, 3, generator=torch.Generator().manual_seed(1))
    labels = torch.zeros(200, dtype=torch.int64)

    def other(x):  # every candidate is in another class
        return torch.stack([0 * x.flatten(1)[:, 0], 0 * x.flatten(1)[:, 0] + 1], 1)

    one, again, another = (starts(other, images, labels, seed)[0] for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert (one != another).flatten(1).any(1).double().mean() > 0.9
    # Of c = 235 candidates n = 200 even draws hit c (1 - exp(-n / c)) = 135, give or take 6.
    assert 110 < len(one.unique(dim=0)) < 160
    from_request = (one[:, None] == images[None]).flatten(2).all(2).any(1).double().mean()
    assert 0.7 < from_request < 0.97  # 200 of the 235; the others are noise and plain gray


def test_without_another_class_there_is_no_start():
    images, labels = torch.rand(5, 1, 3, 3), torch.zeros(5, dtype=torch.int64)
    found, has = starts(lambda x: -torch.eye(2)[1].expand(len(x), 2), images, labels)
    assert not has.any()
    assert torch.equal(found, images)
