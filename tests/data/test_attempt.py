import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from helpers.data import DataError, attempt, load

Lay = Callable[[str, dict[str, bytes]], Path]
#: torchvision asks twice for each of the four files: for its final address, then for itself.
PER_DOWNLOAD = 8


def join_downloads() -> None:
    for thread in threading.enumerate():
        if thread.name == "mnist-download":
            thread.join()


def test_mnist_comes_on_the_first_load(
    data: Path, server: Any, tiny_mnist: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    ours = load("mnist")
    assert (ours.name, ours.note) == ("mnist", None)
    assert ours.train_labels.tolist() == [5, 0, 4]
    for name, content in tiny_mnist.items():
        assert (data / "MNIST" / "raw" / name).read_bytes() == content
    assert [path.name for path in data.iterdir()] == ["MNIST"]  # no temporary folder is left
    assert capfd.readouterr().err == ""  # no progress bar on a page
    asked = len(server.requests)
    assert not load("mnist").stand_in
    assert len(server.requests) == asked


def test_the_default_folder_is_made(
    data: Path, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BORROWED_BRAINS_DATA")
    assert not load("mnist").stand_in
    assert (tmp_path / "checkout" / "data" / "MNIST" / "raw").is_dir()
    assert list(data.iterdir()) == []


def test_an_empty_folder_of_a_failed_download_is_no_hindrance(data: Path, server: Any) -> None:
    (data / "MNIST" / "raw").mkdir(parents=True)
    assert not load("mnist").stand_in


@pytest.mark.usefixtures("data")
def test_a_failure_is_remembered_for_an_hour(server: Any, tmp_path: Path) -> None:
    files = dict(server.files)
    server.damage()
    first = load("mnist")
    assert first.name == "digits"
    assert first.note is not None
    assert "could not be downloaded" in first.note
    assert server.requests
    asked = len(server.requests)
    assert load("mnist").note == first.note
    assert len(server.requests) == asked

    (marker,) = (tmp_path / "cache").glob("*.txt")
    assert "corrupted" in marker.read_text()
    long_ago = time.time() - 3601
    os.utime(marker, (long_ago, long_ago))
    server.files.update(files)
    assert not load("mnist").stand_in


def test_the_memory_hides_no_data(server: Any, lay: Lay, tiny_mnist: dict[str, bytes]) -> None:
    server.damage()
    assert load("mnist").stand_in
    lay("MNIST/raw", tiny_mnist)
    assert not load("mnist").stand_in


def test_what_is_corrupt_in_the_folder_is_not_downloaded_over(
    server: Any, lay: Lay, tiny_mnist: dict[str, bytes]
) -> None:
    lay("MNIST/raw", {**tiny_mnist, "train-labels-idx1-ubyte": b""})
    with pytest.raises(DataError, match="has 0 bytes"):
        load("mnist")
    assert server.requests == []


def test_a_damaged_download_is_not_installed(data: Path, server: Any) -> None:
    path = "/t10k-labels-idx1-ubyte.gz"
    server.files[path] = server.files[path][:-1] + b"?"
    assert load("mnist").stand_in
    assert list(data.iterdir()) == []


def test_an_idx_file_that_is_not_mnist_is_an_error(
    data: Path, server: Any, tiny_mnist: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The compressed files are what torchvision expects, their content is not.
    from helpers.data import mnist

    wrong = {name: found._replace(md5="0" * 32) for name, found in mnist.FILES.items()}
    monkeypatch.setattr(mnist, "FILES", wrong)
    with pytest.raises(DataError, match="truncated or corrupt"):
        load("mnist")
    assert list(data.iterdir()) == []


def test_offline_asks_nobody(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "1")
    assert load("mnist").stand_in
    assert server.requests == []
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "")
    assert not load("mnist").stand_in


def test_offline_is_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORROWED_BRAINS_OFFLINE", "maybe")
    with pytest.raises(ValueError, match="BORROWED_BRAINS_OFFLINE is 'maybe'"):
        load("mnist")


def test_a_silent_server_is_given_up(
    data: Path, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "SILENCE", 0.05)
    server.open.clear()
    before = socket.getdefaulttimeout()
    assert load("mnist").stand_in
    assert socket.getdefaulttimeout() == before
    (marker,) = (tmp_path / "cache").glob("*.txt")
    assert "timed out" in marker.read_text()
    join_downloads()
    assert list(data.iterdir()) == []


def test_a_name_server_that_hangs_is_given_up(
    data: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Event()
    look_up = socket.getaddrinfo

    def hang(*args: Any, **options: Any) -> Any:
        answer.wait()
        return look_up(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(attempt, "FIRST_BYTES", 0.05)
    ours = load("mnist")
    assert ours.stand_in
    # An answer that comes too late changes nothing: a page has taken the stand-in.
    answer.set()
    join_downloads()
    assert len(server.requests) == PER_DOWNLOAD
    assert list(data.iterdir()) == []


def test_a_slow_download_gets_the_rest_of_the_time(
    data: Path, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first file is there when patience ends; the others come after it.
    sizes = iter([0, 7840])
    monkeypatch.setattr(attempt, "_bytes", lambda folder: next(sizes))
    monkeypatch.setattr(attempt, "FIRST_BYTES", 0.0)
    assert not load("mnist").stand_in


@pytest.mark.usefixtures("data")
def test_who_loads_at_the_same_time_waits_for_one_download(server: Any) -> None:
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: load("mnist").name, range(4)))
    assert names == ["mnist"] * 4
    assert len(server.requests) == PER_DOWNLOAD


def test_a_folder_that_cannot_be_written_to_asks_nobody(
    server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert load("mnist").stand_in
    assert server.requests == []
    assert list((tmp_path / "cache").glob("*.txt")) == []
