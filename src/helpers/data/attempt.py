"""One quick try to download MNIST, so that a first `load` works and a page never hangs."""

import os
import time
from concurrent.futures import Future, wait
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from threading import Event, Thread

from helpers.data.download import DOWNLOAD_ERRORS, install, one_line, set_lock, socket_timeout
from helpers.data.folder import download_folder
from helpers.paths import CACHE

OFFLINE = "BORROWED_BRAINS_OFFLINE"
#: Seconds that a server may stay silent, that the first bytes and then the rest may take.
SILENCE, FIRST_BYTES, REST = 3.0, 6.0, 60.0
#: Seconds for which a failure is remembered.
REMEMBERED = 3600.0


def attempt_mnist() -> str | None:
    """Download MNIST into the data folder: None when it is there, else why it is not.

    A failure is remembered for an hour in ``.cache/``, for other processes too: a build of thirty
    notebooks waits once. It never hides data that appear in the folder.

    Raises:
        ValueError: ``BORROWED_BRAINS_OFFLINE`` is neither empty, 0 nor 1.
        DataError: what appeared in the folder meanwhile is incomplete or corrupt.
    """
    if _offline():
        return f"{OFFLINE} is 1"
    folder = download_folder()
    if folder.exists() and not os.access(folder, os.W_OK):
        return f"{folder} cannot be written to"  # no reason to remember: another folder may do
    marker = CACHE / "mnist-download-failed.txt"
    try:
        with set_lock("mnist"):  # who waited here finds what the other process got
            if _fresh(marker):
                return marker.read_text(encoding="utf-8")
            try:
                _download(folder)
            except DOWNLOAD_ERRORS as error:
                failure = one_line(error)
                marker.write_text(failure, encoding="utf-8")
                return failure
    except OSError as error:  # a cache that cannot be written to
        return one_line(error)
    return None


def _offline() -> bool:
    value = os.environ.get(OFFLINE, "")
    if value not in ("", "0", "1"):
        raise ValueError(f"{OFFLINE} is {value!r}; it may be 1, 0 or empty")
    return value == "1"


def _fresh(marker: Path) -> bool:
    return marker.exists() and 0 <= time.time() - marker.stat().st_mtime < REMEMBERED


def _download(folder: Path) -> None:
    """Install MNIST, and raise `TimeoutError` where that takes too long.

    The work is in a thread because looking up a host name knows no timeout. A thread that is given
    up throws away what still comes, so that data do not change under a page that already took the
    stand-in. Only one that has just asked whether it is still wanted moves its files all the same.
    """
    given_up = Event()
    outcome: Future[None] = Future()

    def work() -> None:
        try:
            install("mnist", folder, wanted=lambda: not given_up.is_set())
        except BaseException as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(None)

    before = _bytes(folder)
    # torchvision draws a progress bar on stderr; on a page it would look like an error.
    with socket_timeout(SILENCE), redirect_stderr(StringIO()):
        Thread(target=work, name="mnist-download", daemon=True).start()
        wait([outcome], FIRST_BYTES)
        if not outcome.done() and _bytes(folder) > before:
            wait([outcome], REST)
    if not outcome.done():
        given_up.set()
        raise TimeoutError(f"no answer within {FIRST_BYTES:g} s, or too slow for {REST:g} s")
    outcome.result()


def _bytes(folder: Path) -> int:
    """The size of all downloads of MNIST under way in `folder`."""
    return sum(path.stat().st_size for path in folder.glob(".mnist-*/**/*") if path.is_file())
