import pytest
import torch

from helpers.experiments import Workplace
from helpers.experiments.neural_similarity import networks, targets


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """No data folder but an empty one, and a cache of this test's own."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path / "data"))
    for module in (targets, networks):
        monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    targets._allen.cache_clear()


@pytest.fixture
def work(tmp_path):
    return Workplace(tmp_path / "run", torch.device("cpu"))
