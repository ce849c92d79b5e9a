from pathlib import Path

import pytest

from helpers.data import data_folder, folder
from helpers.data.folder import download_folder


def test_variable_names_the_folder(data: Path) -> None:
    assert data_folder() == data
    assert download_folder() == data


def test_default_is_in_the_checkout_and_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BORROWED_BRAINS_DATA")
    assert data_folder() is None
    assert download_folder() == folder.DEFAULT
    folder.DEFAULT.mkdir(parents=True)
    assert data_folder() == folder.DEFAULT


def test_a_home_folder_is_understood(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(data.parent))
    monkeypatch.setenv("BORROWED_BRAINS_DATA", "~/data")
    assert data_folder() == data


@pytest.mark.parametrize("kind", ["missing", "a file", "empty"])
def test_variable_that_names_no_folder_is_an_error(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    named = "" if kind == "empty" else str(tmp_path / kind)
    monkeypatch.setenv("BORROWED_BRAINS_DATA", named)
    with pytest.raises(
        ValueError, match=r"BORROWED_BRAINS_DATA is .*[uU]nset the variable"
    ) as caught:
        data_folder()
    assert repr(named) in str(caught.value)
    assert ("Create" in str(caught.value)) == bool(named)
