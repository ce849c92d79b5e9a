import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from helpers.neural_similarity.second_order import second_order_similarity
from helpers.neural_similarity.similarity import similarity_matrix


def matrices(n, count, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [
        similarity_matrix(torch.randn(n, 20, generator=generator, dtype=torch.float64))
        for _ in range(count)
    ]


def test_every_two_by_loops():
    several = matrices(9, 4)
    # A tie, and the other half of a matrix that is to count for nothing.
    several[0][0, 1] = several[0][2, 3]
    several[1][5, 2] = 7
    found = second_order_similarity(several).numpy()
    for one, a in enumerate(several):
        for other, b in enumerate(several):
            first, second = [], []
            for i in range(9):
                for j in range(i + 1, 9):
                    first.append(float(a[i, j]))
                    second.append(float(b[i, j]))
            assert found[one, other] == pytest.approx(spearmanr(first, second).statistic)
    assert np.abs(found[np.triu_indices(4, 1)]).max() < 0.9


def test_ranks_by_hand():
    # The pairs (0, 1), (0, 2), (1, 2) in the order 1 2 3, 1 3 2 and 3 2 1.
    orders = [(0.1, 0.2, 0.9), (0.0, 0.5, 0.4), (0.3, 0.2, -0.8)]
    several = [torch.zeros(3, 3) for _ in orders]
    for matrix, values in zip(several, orders, strict=True):
        matrix[[0, 0, 1], [1, 2, 2]] = torch.tensor(values)
    # 1 - 6 sum(d^2) / (n (n^2 - 1)), with n = 3.
    wanted = [[1, 0.5, -1], [0.5, 1, -0.5], [-1, -0.5, 1]]
    torch.testing.assert_close(
        second_order_similarity(several), torch.tensor(wanted, dtype=torch.float64)
    )


def test_a_library_for_representational_similarity_agrees():
    import rsatoolbox

    several = matrices(10, 3)
    rdms = rsatoolbox.rdm.RDMs(np.stack([1 - matrix.numpy() for matrix in several]))
    found = rsatoolbox.rdm.compare(rdms, rdms, method="spearman")
    np.testing.assert_allclose(second_order_similarity(several).numpy(), found, atol=1e-9)


def test_neither_scale_nor_spread_matters():
    one, other = matrices(8, 2)
    found = second_order_similarity([one, 0.2 * one + 0.5, one**3, -one, other])
    assert found[0, 1] == found[0, 2] == pytest.approx(1)
    assert found[0, 3] == pytest.approx(-1)
    assert abs(found[0, 4]) < 0.9


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: matrices(5, 1), "number of matrices is 1"),
        (lambda: [*matrices(5, 1), *matrices(6, 1)], r"shapes \[\(5, 5\), \(6, 6\)\]"),
        (lambda: [torch.zeros(4, 5)] * 2, r"shapes \[\(4, 5\)\]"),
        (lambda: [torch.eye(2)] * 2, "three images"),
        (lambda: [*matrices(5, 1), torch.eye(5)], "matrix 1 is 0 for every pair"),
        (lambda: [*matrices(5, 1), torch.full((5, 5), torch.nan)], "matrix 1 holds NaN"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        second_order_similarity(make())
