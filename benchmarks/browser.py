"""Headless Chromium, for the benchmark of the pages and for the tests."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium_path() -> str | None:
    """Where Chromium lies, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def chromium_version(path: str) -> str:
    """The version of the Chromium that lies at `path`, such as ``156.0.8078.108``.

    Raises:
        ValueError: what lies there says none.
    """
    said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout.strip()
    found = re.search(r"\d+(?:\.\d+)+", said)
    if found is None:
        raise ValueError(f"{path} says {said!r} of its version; it may be numbers between points")
    return found.group()


@contextmanager
def chromium_at(path: str) -> Iterator[Browser]:
    """The Chromium that lies at `path`, closed in the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
