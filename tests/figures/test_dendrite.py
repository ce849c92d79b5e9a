import numpy as np
import pytest

from helpers.figures.dendrite import grow


def flat(x):
    return 10.0


def test_a_tree_forks_in_two_down_to_its_tips():
    tree = grow((0, 0), (-2, 2), flat, forks=3)
    main = [w for w in tree.widths if w > 1] + [w for w in tree.widths if w == 1]
    assert len(main) == len(tree.branches)
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
