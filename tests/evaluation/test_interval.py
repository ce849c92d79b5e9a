import pytest

from helpers.evaluation import wilson


def test_wilson_by_the_formula():
    # 45 of 50, z = 1.959964: (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)
    p, n, z = 0.9, 50, 1.959964
    middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    found = wilson(45, 50)
    assert found.value == 90
    assert found.low == pytest.approx(100 * (middle - half) / (1 + z * z / n), abs=1e-4)
    assert found.high == pytest.approx(100 * (middle + half) / (1 + z * z / n), abs=1e-4)


@pytest.mark.parametrize(("right", "n"), [(3, 2), (-1, 2), (0, 0)])
def test_bad_counts(right, n):
    with pytest.raises(ValueError, match="it may be"):
        wilson(right, n)
