from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest

from helpers.figures.dendrite import grow


def flat(x):
    return 10.0


def test_a_tree_forks_in_two_down_to_its_tips():
    tree = grow((0, 0), (-2, 2), flat, forks=3)
    # Three forks lead to 8 tips: 15 branches, each a thinner one than that before.
    forking = [w for w in tree.widths if w > 1]
    assert sorted(Counter(forking).values()) == [1, 2, 4]
    assert tree.widths.count(1) >= 8
    starts = [tuple(branch[0]) for branch in tree.branches]
    assert starts.count((0, 0)) == 1
    # The first branch ends where two others begin.
    assert starts.count(tuple(tree.branches[0][-1])) == 2
    assert max(tree.widths) == tree.widths[0]


def test_a_tree_stays_under_its_ceiling_and_reaches_over_its_span():
    tree = grow((0, 0), (-2, 2), flat, forks=5)
    points = np.concatenate(tree.branches)
    assert points[:, 1].max() <= 10
    assert points[:, 1].min() == 0
    assert points[:, 0].min() < -1.5
    assert points[:, 0].max() > 1.5


def test_the_trunk_is_a_way_from_the_root_to_a_tip():
    tree = grow((1, 2), (0, 3), flat, forks=4)
    assert tuple(tree.trunk[0]) == (1, 2)
    assert (np.diff(tree.trunk[:, 1]) > 0).all()
    ends = [tuple(branch[-1]) for branch in tree.branches]
    starts = [tuple(branch[0]) for branch in tree.branches]
    assert tuple(tree.trunk[-1]) in ends
    assert tuple(tree.trunk[-1]) not in starts


def test_the_trunk_turns_left_and_right_in_turn():
    tree = grow((0, 0), (-2, 2), flat, forks=4)
    turns = np.sign(np.diff(tree.trunk[::8, 0])[1:])  # a branch has nine points, one shared
    assert turns.tolist() == [-1, 1, -1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_no_two_branches_that_fork_cross(seed):
    tree = grow((0, 0), (-2, 2), flat, seed=seed)
    main = main_branches(tree)
    assert len(main) == 2**6 - 1
    assert not any(cross(one, other) for one, other in combinations(main, 2))


def main_branches(tree):
    """Those that end in a fork or a tip: from the root on, those that begin where one ends."""
    found, ends = [], {tuple(tree.branches[0][0])}
    for branch in tree.branches:
        if tuple(branch[0]) in ends:
            found.append(branch)
            ends.add(tuple(branch[-1]))
    return found


def cross(one, other):
    """Whether two polylines cross between their ends."""

    def side(a, b, c):
        return np.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    return any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for a, b in pairwise(one)
        for c, d in pairwise(other)
    )


def test_the_seed_decides():
    first, second, other = (grow((0, 0), (-2, 2), flat, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.trunk, second.trunk)
    assert not np.array_equal(first.trunk, other.trunk)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"span": (2, -2)}, "span is \\(2, -2\\)"),
        ({"forks": 0}, "forks is 0"),
        ({"tip_width": 0.0}, "tip_width is 0.0"),
    ],
)
def test_wrong_input_is_refused(wrong, words):
    call = {"root": (0, 0), "span": (-2, 2), "ceiling": flat} | wrong
    with pytest.raises(ValueError, match=words):
        grow(**call)
