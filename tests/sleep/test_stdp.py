"""Both rules of plasticity: worked by hand, and against a loop over synapses."""

import math

import pytest
import torch

from helpers.sleep import gate, stdp_

BEFORE = torch.tensor([True, False, True])
AFTER = torch.tensor([True, False])


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(0.0, 1.0), (-1.0, 2.0), (1.0, 0.0), (0.001, 2 / (1 + math.e)), (-1e30, 2.0), (1e30, 0.0)],
)
def test_gate(weight, expected):
    weights = torch.tensor([weight], dtype=torch.float64)
    assert gate(weights).item() == pytest.approx(expected, abs=1e-15)
    assert gate(weights.float()).item() == pytest.approx(expected, abs=1e-6)


def test_gate_is_two_sigmoids_of_minus_the_weight():
    weights = torch.linspace(-0.02, 0.02, 101, dtype=torch.float64)
    torch.testing.assert_close(gate(weights), 2 * torch.sigmoid(-weights / 0.001))


@pytest.mark.parametrize(
    ("dtype", "last"), [(torch.float32, 24 * math.log(2)), (torch.float64, 53 * math.log(2))]
)
def test_a_large_weight_has_stopped_to_change(dtype, last):
    # 1 + x is 1 for x below half of what the type can tell from 1.
    below, above = 0.001 * last - 0.0001, 0.001 * last + 0.0001
    found = gate(torch.tensor([below, above], dtype=dtype))
    assert found[0] > 0
    assert found[1] == 0


def test_additive_rule_by_hand():
    weights = torch.tensor([[0.5, 0.0, -0.25], [1.0, 2.0, 3.0]])
    found = stdp_(weights, BEFORE, AFTER, potentiation=0.5, depression=0.25, gated=False)
    assert found is weights
    assert weights.tolist() == [[1.0, -0.25, 0.25], [1.0, 2.0, 3.0]]


def test_gated_rule_by_hand():
    # The gate is 0, 1 and 2.
    weights = torch.tensor([[0.5, 0.0, -0.25], [1.0, 2.0, 3.0]])
    stdp_(weights, BEFORE, AFTER, potentiation=0.5, depression=0.25, gated=True)
    assert weights.tolist() == [[0.5, -0.25, 0.75], [1.0, 2.0, 3.0]]


@pytest.mark.parametrize("gated", [False, True])
def test_a_loop_over_synapses(gated):
    generator = torch.Generator().manual_seed(0)
    weights = 0.003 * torch.randn(9, 8, generator=generator, dtype=torch.float64)
    before, after = (torch.rand(n, generator=generator) < 0.5 for n in (8, 9))
    expected = weights.tolist()
    for i in range(9):
        for j in range(8):
            if after[i]:
                w = expected[i][j]
                g = 2 * (1 - 1 / (1 + math.exp(-w / 0.001))) if gated else 1
                expected[i][j] = w + g * (0.06 if before[j] else -0.07)
    stdp_(weights, before, after, potentiation=0.06, depression=0.07, gated=gated)
    torch.testing.assert_close(weights, torch.tensor(expected, dtype=torch.float64))


def test_nothing_changes_where_nobody_fires():
    weights = torch.rand(2, 3)
    before = weights.clone()
    stdp_(weights, BEFORE, AFTER & False, potentiation=1.0, depression=1.0, gated=False)
    assert torch.equal(weights, before)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (BEFORE[:2], AFTER, r"weights have shape \(2, 3\); it may be \(2, 2\)"),
        (BEFORE, BEFORE, r"weights have shape \(2, 3\); it may be \(3, 3\)"),
        (AFTER, BEFORE, r"weights have shape \(2, 3\); it may be \(3, 2\)"),
        (BEFORE.float(), AFTER, "spikes are torch.float32 and torch.bool; they may be bool"),
        (BEFORE, AFTER.to(torch.uint8), "spikes are torch.bool and torch.uint8"),
    ],
)
def test_bad_arguments(before, after, text):
    with pytest.raises(ValueError, match=text):
        stdp_(torch.zeros(2, 3), before, after, potentiation=1.0, depression=1.0, gated=False)
