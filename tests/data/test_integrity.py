import hashlib
from pathlib import Path

import pytest

from helpers.data import DataError
from helpers.data.integrity import Fingerprint, check_files

HELLO = Fingerprint(hashlib.md5(b"hello").hexdigest(), 5)


def test_a_missing_or_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert not check_files(tmp_path / "none", {"a": HELLO}, way_out="")
    (tmp_path / "empty").mkdir()
    assert not check_files(tmp_path / "empty", {"a": HELLO}, way_out="")


def test_whole_files_pass(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"hello")
    (tmp_path / "other").write_bytes(b"is nobody's business")
    assert check_files(tmp_path, {"a": HELLO}, way_out="")
    assert check_files(tmp_path, {"a": HELLO._replace(size=None)}, way_out="")


@pytest.mark.parametrize(
    ("content", "fingerprint", "problem"),
    [
        (b"hell", HELLO, "has 4 bytes and should have 5; way out"),
        (b"hullo", HELLO, f"MD5 is .* should be {HELLO.md5}; way out"),
        (b"hell", HELLO._replace(size=None), r"\(4 bytes\) is truncated or corrupt.*; way out"),
    ],
)
def test_a_wrong_file_is_named(
    tmp_path: Path, content: bytes, fingerprint: Fingerprint, problem: str
) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DataError, match=problem) as caught:
        check_files(tmp_path, {"a": fingerprint}, way_out="way out")
    assert str(tmp_path / "a") in str(caught.value)


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "raw").touch()
    with pytest.raises(DataError, match="lacks the file a"):
        check_files(tmp_path / "raw", {"a": HELLO}, way_out="")
