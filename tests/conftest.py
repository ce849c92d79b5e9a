"""A browser for the tests that need one."""

import os
from collections.abc import Iterator

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
