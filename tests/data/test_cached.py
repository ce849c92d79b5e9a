import pytest
import torch

from helpers.data.cached import cached


@pytest.fixture
def ask(tmp_path):
    """Asks for an array, and counts how often it was made."""
    made = []

    def ask(*parts, name="a"):
        def make():
            made.append(name)
            return torch.arange(3.0)

        return cached(tmp_path / "cache", name, parts, make), len(made)

    return ask


def test_the_same_parts_are_made_once(ask):
    first, _ = ask("setting", torch.ones(2, 3))
    again, count = ask("setting", torch.ones(2, 3))
    assert torch.equal(first, again)
    assert count == 1


def test_anything_else_is_made_anew(ask, tmp_path):
    ask("setting", torch.ones(2, 3))
    for parts in (
        ("other", torch.ones(2, 3)),
        ("setting", torch.zeros(2, 3)),
        ("setting", torch.ones(3, 2)),
        ("setting", torch.ones(2, 3).double()),
        ("setting",),
    ):
        _, count = ask(*parts)
    assert count == 6
    assert not list((tmp_path / "cache").glob("*.new"))


def test_a_torn_file_is_not_taken(ask, tmp_path):
    ask("setting")
    (path,) = (tmp_path / "cache").iterdir()
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ValueError, match=r"a-.*\.npy cannot be read .* delete it"):
        ask("setting")
