import pytest

from helpers.data import load
from helpers.page import sizes


def test_a_stand_in_takes_the_smallest_sizes(tmp_path, monkeypatch):
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path))
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "1")
    assert sizes("laptop", load("mnist", profile="laptop")) == "smoke"
    assert sizes("laptop", load("digits", profile="laptop")) == "laptop"
    for data in (load("digits"), load("mnist", profile="laptop")):
        with pytest.raises(ValueError, match="profile is 'huge'"):
            sizes("huge", data)
