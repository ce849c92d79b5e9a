import hashlib
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from helpers.data import DataError
from helpers.data.recordings.fetch import MODEL, MODEL_SHA256, SOURCES, fetch_recordings


@pytest.fixture
def address(tmp_path, monkeypatch):
    """A web server of this machine that offers one file, and an empty data folder."""
    (tmp_path / "offered").mkdir()
    (tmp_path / "offered" / "a.npy").write_bytes(b"recorded")
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "*")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = partial(Quiet, directory=str(tmp_path / "offered"))
    service = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{service.server_port}"
    service.shutdown()
    service.server_close()


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
