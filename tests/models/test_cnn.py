import pytest
import torch

from helpers.models import BaselineCNN


def test_it_is_the_network_of_madry_et_al():
    sizes = [tuple(p.shape) for p in BaselineCNN().parameters() if p.ndim > 1]
    assert sizes == [(32, 1, 5, 5), (64, 32, 5, 5), (1024, 7 * 7 * 64), (10, 1024)]
    # 5*5*32+32 + 5*5*32*64+64 + 3136*1024+1024 + 1024*10+10
    assert sum(p.numel() for p in BaselineCNN().parameters()) == 3_274_634


def test_scores():
    assert BaselineCNN(7, width=64)(torch.rand(3, 1, 28, 28)).shape == (3, 7)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: BaselineCNN(1), "classes is 1"),
        (lambda: BaselineCNN(width=16), "width is 16"),
        (lambda: BaselineCNN(width=64)(torch.rand(3, 784)), r"images have shape \(3, 784\)"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
