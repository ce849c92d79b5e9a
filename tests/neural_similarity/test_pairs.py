import pytest
import torch

from helpers.neural_similarity.pairs import PairOrder, pair_of


def test_every_pair_has_one_rank():
    first, second = pair_of(torch.arange(10), images=5)
    assert len(set(zip(first.tolist(), second.tolist(), strict=True))) == 10
    assert bool((first < second).all())
    assert int(second.max()) == 4


def test_ranks_of_many_images():
    images = 5_000
    total = images * (images - 1) // 2
    ends = [j * (j - 1) // 2 + d for j in range(2, images, 997) for d in (-1, 0, 1)]
    rank = torch.tensor([*ends, total - 1])
    first, second = pair_of(rank, images=images)
    assert bool((first >= 0).all())
    assert bool((first < second).all())
    assert torch.equal(second * (second - 1) // 2 + first, rank)


def test_a_pass_shows_each_pair_at_most_once_and_the_next_another_order():
    order = PairOrder(6, 4, seed=0)  # 15 pairs: three steps a pass, three pairs left out
    passes = [[order.step(3 * number + step) for step in range(3)] for number in range(2)]
    seen = [
        [pair for step in each for pair in zip(*(x.tolist() for x in step), strict=True)]
        for each in passes
    ]
    assert all(len(set(pairs)) == 12 for pairs in seen)
    assert seen[0] != seen[1]


def test_a_step_depends_on_its_number_alone():
    one, other = PairOrder(30, 8, seed=3), PairOrder(30, 8, seed=3)
    for number in (0, 80, 5):
        one.step(number)
    assert all(torch.equal(a, b) for a, b in zip(one.step(7), other.step(7), strict=True))
    assert not torch.equal(PairOrder(30, 8, seed=4).step(7)[0], one.step(7)[0])


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: PairOrder(1, 1, seed=0), "images is 1"),
        (lambda: PairOrder(3, 4, seed=0), "pairs is 4; it may be from 1 to 3"),
        (lambda: PairOrder(3, 1, seed=-1), "seed is -1"),
        (lambda: PairOrder(3, 1, seed=0).step(-1), "number is -1"),
        (lambda: pair_of(torch.tensor([3]), images=3), "rank spans 3 to 3"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
