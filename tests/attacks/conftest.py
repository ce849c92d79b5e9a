import pytest
import torch
from torch import nn


@pytest.fixture
def model():
    """A small smooth network in double precision; attacks on it are far from rounding."""
    torch.manual_seed(0)
    return (
        nn.Sequential(nn.Flatten(), nn.Linear(36, 32), nn.Tanh(), nn.Linear(32, 5)).double().eval()
    )


@pytest.fixture
def images():
    return torch.rand(40, 1, 6, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.fixture
def labels():
    return torch.randint(5, (40,), generator=torch.Generator().manual_seed(2))
