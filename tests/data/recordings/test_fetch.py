import hashlib

import pytest

from helpers.data import DataError
from helpers.data.recordings.fetch import MODEL, MODEL_SHA256, SOURCES, fetch_recordings


@pytest.fixture
def address(offered):
    """A web server that offers one file."""
    (offered[0] / "a.npy").write_bytes(b"recorded")
    return offered[1]


def test_a_file_comes_once_and_is_checked(address, tmp_path):
    sources = {"v1/one": (address, {"a.npy": hashlib.sha256(b"recorded").hexdigest()})}
    assert fetch_recordings(sources) == tmp_path / "data"
    assert (tmp_path / "data" / "v1" / "one" / "a.npy").read_bytes() == b"recorded"
    (tmp_path / "offered" / "a.npy").unlink()
    fetch_recordings(sources)  # nothing is asked for again


def test_another_file_is_refused(address, tmp_path):
    sources = {"v1": (address, {"a.npy": hashlib.sha256(b"something else").hexdigest()})}
    with pytest.raises(DataError, match=r"v1/a\.npy could not be brought"):
        fetch_recordings(sources)
    assert not (tmp_path / "data" / "v1" / "a.npy").exists()


def test_a_file_that_is_not_there(address):
    with pytest.raises(DataError, match=r"v1/b\.npy could not be brought .* check the network"):
        fetch_recordings({"v1": (address, {"b.npy": "0" * 64})})


def test_every_source_is_pinned():
    assert len(SOURCES) == 4
    for address, files in SOURCES.values():
        assert any(len(part) == 40 for part in address.split("/"))
        assert all(len(sha256) == 64 for sha256 in files.values())
    assert SOURCES[MODEL.parent.as_posix()][1] == {MODEL.name: MODEL_SHA256}
