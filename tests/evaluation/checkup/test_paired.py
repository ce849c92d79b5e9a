import pytest
import torch

from helpers.evaluation.checkup import paired_difference


def pairs(both, only_one, only_other, neither):
    one = [True] * (both + only_one) + [False] * (only_other + neither)
    other = [True] * both + [False] * only_one + [True] * only_other + [False] * neither
    return torch.tensor(one), torch.tensor(other)


def test_by_the_formula():
    # b = 20.5, c = 5.5 of 102: difference 15 / 102, variance (26 - 225 / 102) / 102^2.
    found = paired_difference(*pairs(50, 20, 5, 25))
    half = 1.959964 * (26 - 225 / 102) ** 0.5 / 102
    assert found.value == pytest.approx(15)
    assert found.low == pytest.approx(100 * (15 / 102 - half))
    assert found.high == pytest.approx(100 * (15 / 102 + half))


def test_images_on_which_both_agree_do_not_count_as_doubt():
    alike = paired_difference(*pairs(480, 20, 10, 490))
    apart = paired_difference(*pairs(230, 260, 250, 260))
    assert alike.value == apart.value == 1
    assert apart.high - apart.low > 3 * (alike.high - alike.low)


def test_it_holds_the_truth_about_as_often_as_it_says():
    # Two answers with a true difference of 5 points: right together with probability .7.
    generator = torch.Generator().manual_seed(0)
    held = 0
    for _ in range(1000):
        kind = torch.multinomial(
            torch.tensor([0.7, 0.1, 0.05, 0.15]), 200, True, generator=generator
        )
        found = paired_difference((kind == 0) | (kind == 1), (kind == 0) | (kind == 2))
        held += found.low <= 5 <= found.high
    assert 930 <= held <= 975


def test_the_ends_hold_the_value_and_stay_in_range():
    found = paired_difference(torch.ones(3).bool(), torch.zeros(3).bool())
    assert found.low < found.value == found.high == 100


@pytest.mark.parametrize(("n", "m"), [(3, 2), (0, 0)])
def test_bad_pairs(n, m):
    with pytest.raises(ValueError, match="one and other have shapes"):
        paired_difference(torch.ones(n).bool(), torch.ones(m).bool())
