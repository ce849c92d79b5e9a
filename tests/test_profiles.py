import pytest

from helpers.profiles import VARIABLE, check_profile, current_profile


def test_laptop_is_the_default(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert current_profile() == "laptop"


def test_the_variable_decides(monkeypatch):
    monkeypatch.setenv(VARIABLE, "smoke")
    assert current_profile() == "smoke"


def test_bad_profiles(monkeypatch):
    monkeypatch.setenv(VARIABLE, "huge")
    with pytest.raises(ValueError, match="BORROWED_BRAINS_PROFILE is 'huge'; it may be one of sm"):
        current_profile()
    with pytest.raises(ValueError, match="profile is 'tiny'"):
        check_profile("tiny")
    assert check_profile("paper") == "paper"
