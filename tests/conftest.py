"""A browser and a web server for the tests that need one."""

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from benchmarks.browser import chromium_at, chromium_path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        lacking = "no Chromium on this machine: the pages were NOT looked at in a browser"
        if os.environ.get("CI") == "true":
            pytest.fail(lacking)
        pytest.skip(lacking)
    with chromium_at(path) as browser:
        yield browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, str]]:
    """A folder that a web server of this machine offers, and its address; an empty data folder."""
    folder = tmp_path / "offered"
    folder.mkdir()
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("no_proxy", "*")
    service = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield folder, f"http://127.0.0.1:{service.server_port}"
    service.shutdown()
    service.server_close()
