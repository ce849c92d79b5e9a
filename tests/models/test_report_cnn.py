import pytest
import torch

from helpers.models.report_cnn import ReportCNN


def test_it_is_the_network_of_the_report():
    sizes = [tuple(p.shape) for p in ReportCNN().parameters() if p.ndim > 1]
    # 28 pixels, 24 behind the first convolution, 12 pooled, 10 behind the second, 5 pooled
    assert sizes == [(32, 1, 5, 5), (64, 32, 3, 3), (1200, 5 * 5 * 64), (10, 1200)]
    # 5*5*32+32 + 3*3*32*64+64 + 1600*1200+1200 + 1200*10+10
    assert sum(p.numel() for p in ReportCNN().parameters()) == 1_952_538


def test_scores():
    assert ReportCNN(7)(torch.rand(3, 1, 28, 28)).shape == (3, 7)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: ReportCNN(1), "classes is 1"),
        (lambda: ReportCNN()(torch.rand(3, 784)), r"images have shape \(3, 784\)"),
        (lambda: ReportCNN()(torch.rand(3, 3, 28, 28)), r"images have shape \(3, 3, 28, 28\)"),
        (lambda: ReportCNN()(torch.rand(3, 1, 32, 32)), r"images have shape \(3, 1, 32, 32\)"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
