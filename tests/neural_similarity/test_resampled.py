import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from helpers.neural_similarity.resampled import interval, resampled_rank_correlations
from helpers.neural_similarity.similarity import similarity_matrix


def matrices(n, count, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [
        similarity_matrix(torch.randn(n, 30, generator=generator, dtype=torch.float64))
        for _ in range(count)
    ]


def test_a_draw_by_loops():
    recorded, one, other = matrices(6, 3)
    found = resampled_rank_correlations(recorded, [one, other], resamples=3, seed=5)
    generator = torch.Generator().manual_seed(5)
    for row in found:
        drawn = torch.randint(6, (6,), generator=generator).tolist()
        pairs = [
            (a, b)
            for place, a in enumerate(drawn)
            for b in drawn[place + 1 :]
            if a != b  # an image drawn twice is no pair
        ]
        for column, matrix in zip(row, (one, other), strict=True):
            by_hand = spearmanr([matrix[p] for p in pairs], [recorded[p] for p in pairs])
            assert column == pytest.approx(by_hand.statistic)


def test_what_is_the_same_is_the_same_in_every_draw():
    recorded, other = matrices(8, 2)
    found = resampled_rank_correlations(recorded, [recorded, -recorded, other], resamples=20)
    assert found[:, 0] == pytest.approx(np.ones(20))
    assert found[:, 1] == pytest.approx(-np.ones(20))
    assert found[:, 2].std() > 0.01


def test_the_interval_is_as_wide_as_unrelated_images_make_it():
    # Unrelated similarities of n images correlate by about 1 / sqrt(n (n - 1) / 2).
    recorded, other = matrices(40, 2)
    low, high = interval(resampled_rank_correlations(recorded, [other], resamples=300)[:, 0])
    assert low < 0 < high
    assert 2 / (40 * 39 / 2) ** 0.5 < high - low < 0.4


def test_the_ends_of_an_interval():
    assert interval(np.arange(1001.0)) == (25, 975)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: resampled_rank_correlations(*matrices(3, 1), matrices(3, 1)), "four images"),
        (lambda: resampled_rank_correlations(*matrices(5, 1), matrices(6, 1)), r"\(6, 6\)"),
        (lambda: resampled_rank_correlations(torch.zeros(5, 4), matrices(5, 1)), r"\(5, 4\)"),
        (lambda: resampled_rank_correlations(*matrices(5, 1), []), "number of others is 0"),
        (
            lambda: resampled_rank_correlations(*matrices(5, 1), matrices(5, 1), resamples=0),
            "resamples is 0",
        ),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
