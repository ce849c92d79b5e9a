import warnings

import pytest
import torch

from helpers.seeding import seeded_torch


def test_the_seed_decides_inside_and_nothing_changes_outside():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    with seeded_torch(7):
        inside = torch.rand(2)
    assert torch.equal(torch.rand(2), expected)
    assert torch.equal(inside, torch.rand(2, generator=torch.Generator().manual_seed(7)))


def test_also_where_something_is_raised():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    with pytest.raises(InterruptedError), seeded_torch(7):
        raise InterruptedError
    assert torch.equal(torch.rand(2), expected)


def test_with_several_cards_nobody_is_warned(monkeypatch):
    seen = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_rng_state", lambda card: card)
    monkeypatch.setattr(torch.cuda, "set_rng_state", lambda state, card: seen.append((state, card)))
    monkeypatch.setattr(torch.cuda, "manual_seed_all", lambda seed: seen.append(seed))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with seeded_torch(7):
            assert seen == [7]
    assert seen[1:] == [(0, 0), (1, 1)]


def test_a_card_that_nobody_uses_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    monkeypatch.setattr(torch.cuda, "manual_seed_all", None)
    with seeded_torch(7):
        pass
