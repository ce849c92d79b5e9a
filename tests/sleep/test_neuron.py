"""Integrate-and-fire cells: by hand, and against snntorch."""

import pytest
import torch

from helpers.sleep import integrate_and_fire


def test_by_hand():
    voltage = torch.tensor([0.0, 4.0, 4.0, -2.0, 8.0])
    pull = torch.tensor([1.0, 2.0, 3.0, 1.0, 5.0])
    spikes, after = integrate_and_fire(voltage, pull, 5.0, 0.5)
    # 0 + 1, 2 + 2, 2 + 3 (at the threshold), -1 + 1, 4 + 5
    assert spikes.tolist() == [False, False, True, False, True]
    assert after.tolist() == [1.0, 4.0, 0.0, 0.0, 0.0]
    assert voltage.tolist() == [0.0, 4.0, 4.0, -2.0, 8.0]


@pytest.mark.parametrize("leak", [1.0, 0.999, 0.5, 0.0])
@pytest.mark.parametrize("threshold", [0.5, 3.0])
def test_against_snntorch(leak, threshold):
    import snntorch

    pulls = torch.randn(300, 40, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    pulls += 0.2
    # By default it resets a step late, and keeps its factors in single precision.
    beta, limit = (torch.tensor(value, dtype=torch.float64) for value in (leak, threshold))
    theirs = snntorch.Leaky(beta, limit, reset_mechanism="zero", reset_delay=False)
    voltage = their_voltage = torch.zeros(40, dtype=torch.float64)
    fired = 0
    for pull in pulls:
        spikes, voltage = integrate_and_fire(voltage, pull, threshold, leak)
        their_spikes, their_voltage = theirs(pull, their_voltage)
        assert torch.equal(spikes, their_spikes.bool())
        torch.testing.assert_close(voltage, their_voltage, rtol=0, atol=1e-12)
        fired += spikes.sum().item()
    assert 20 < fired < 40 * 300 / 2


def test_at_the_threshold_a_cell_fires():
    import snntorch

    # Theirs has to be above it.
    theirs = snntorch.Leaky(beta=1.0, threshold=1.0, reset_mechanism="zero", reset_delay=False)
    pull = torch.tensor([1.0, 1.5])
    assert theirs(pull, torch.zeros(2))[0].tolist() == [0.0, 1.0]
    spikes, voltage = integrate_and_fire(torch.zeros(2), pull, 1.0, 1.0)
    assert spikes.tolist() == [True, True]
    assert voltage.tolist() == [0.0, 0.0]


def test_an_infinite_threshold_is_never_reached():
    spikes, voltage = integrate_and_fire(torch.ones(3), torch.full((3,), 1e30), float("inf"), 1.0)
    assert not spikes.any()
    assert (voltage >= 1e30).all()


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"pull has shape \(2,\); it may be \(3,\)"):
        integrate_and_fire(torch.zeros(3), torch.zeros(2), 1.0, 1.0)
    for threshold in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match=f"threshold is {threshold}; it may be above 0"):
            integrate_and_fire(torch.zeros(3), torch.zeros(3), threshold, 1.0)
