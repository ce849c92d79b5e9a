import math

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from helpers.cerebellum.shared_layer import shared_cerebellum, shared_layer
from helpers.cerebellum.shared_random import below, normals, words


def mulberry32(seed):
    """The generator as its author wrote it, one word after another, in Python's whole numbers."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        t = ((state ^ (state >> 15)) * (state | 1)) % 2**32
        t = ((t + ((t ^ (t >> 7)) * (t | 61)) % 2**32) % 2**32) ^ t
        yield t ^ (t >> 14)


@pytest.mark.parametrize("seed", [0, 1, 123_456, 2**32 - 1])
def test_words_are_those_of_the_published_generator(seed):
    plain = mulberry32(seed)
    assert words(seed, 50).tolist() == [next(plain) for _ in range(50)]


def test_any_part_can_be_drawn_by_itself():
    assert words(7, 20)[5:9].tolist() == words(7, 4, start=5).tolist()
    np.testing.assert_array_equal(normals(7, 20)[5:9], normals(7, 4, start=5))


def test_normal_numbers_are_normal_and_finite():
    drawn = normals(3, 20_000)
    assert kstest(drawn, "norm").pvalue > 0.01
    assert np.isfinite(drawn).all()


def test_whole_numbers_are_even_and_below_their_limit():
    counts = np.bincount(below(5, 78_400, 784), minlength=784)
    assert len(counts) == 784
    assert abs(counts - 100).max() < 60


def test_a_layer_is_made_of_them():
    layer = shared_layer(20, 6, 3, 11)
    torch.testing.assert_close(
        layer.weights, torch.from_numpy(normals(11, 18)).view(6, 3) / math.sqrt(3)
    )
    assert layer.indices.flatten().tolist() == below(12, 18, 20).tolist()
    full = shared_layer(20, 6, 20, 11)
    assert full.indices is None
    torch.testing.assert_close(
        full.weights[:, 2], torch.from_numpy(normals(11, 120))[40:60] / math.sqrt(20)
    )


def test_a_seed_gives_one_model():
    one, same = (shared_cerebellum(d=12, m=5, k=3, beta=0.9, seed=4) for _ in range(2))
    other = shared_cerebellum(d=12, m=5, k=3, beta=0.9, seed=5)
    assert torch.equal(one.granule.weights, same.granule.weights)
    assert not torch.equal(one.granule.weights, other.granule.weights)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: words(-1, 3), "seed is -1"),
        (lambda: words(2**32, 3), "seed is 4294967296"),
        (lambda: words(0, -1), "count is -1"),
        (lambda: words(0, 1, start=-1), "start is -1"),
        (lambda: normals(0, -1), "count is -1"),
        (lambda: below(0, 1, 0), "limit is 0"),
        (lambda: shared_layer(5, 2, 6, 0), "k is 6; it may be from 1 to 5"),
        (lambda: shared_layer(5, 0, 2, 0), "m is 0"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
