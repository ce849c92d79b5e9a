import pytest
import torch

from helpers.neural_similarity import (
    oracle_similarity,
    repeat_fluctuation,
    scan_fluctuation,
    trial_similarity,
)


def test_equation_4_by_hand():
    one = torch.tensor([[1.0, 0.2], [0.2, 1.0]])
    other = torch.tensor([[1.0, 0.6], [0.6, 1.0]])
    found = scan_fluctuation([one, other])
    torch.testing.assert_close(found, torch.tensor([[-0.2], [0.2]]))


def test_equation_5_by_loops():
    recorded = torch.randn(3, 4, 6, generator=torch.Generator().manual_seed(0))
    single, oracle = trial_similarity(recorded), oracle_similarity(recorded)
    wanted = [
        [single[i, s, i, t] - oracle[i, i] for s in range(4) for t in range(s + 1, 4)]
        for i in range(3)
    ]
    torch.testing.assert_close(repeat_fluctuation(recorded), torch.tensor(wanted))


def test_the_fluctuations_over_repeats_have_the_mean_zero():
    recorded = torch.randn(3, 4, 6, generator=torch.Generator().manual_seed(0)).double()
    torch.testing.assert_close(repeat_fluctuation(recorded).mean(1), torch.zeros(3).double())


def test_bad_arguments():
    with pytest.raises(ValueError, match="oracles are 1"):
        scan_fluctuation([torch.eye(2)])
    with pytest.raises(ValueError, match="scans of the same images"):
        scan_fluctuation([torch.eye(2), torch.eye(3)])
    with pytest.raises(ValueError, match="at least two trials"):
        repeat_fluctuation(torch.zeros(2, 1, 3))
