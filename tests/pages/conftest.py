"""The built book, and a browser to look at it in, with the network cut off."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from helpers.paths import ROOT
from helpers.publish import Project
from helpers.publish.book import build


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The whole book at smoke, on embedded data; workers of pytest-xdist share one build."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "book"
    project = Project(ROOT, folder)
    folder.mkdir(exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        build(project, profile="smoke", say=print)
    return project


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        lacking = "no Chromium on this machine: the pages were NOT looked at in a browser"
        if os.environ.get("CI") == "true":
            pytest.fail(lacking)
        pytest.skip(lacking)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Visit:
    """A page that is open, and everything that went wrong on it."""

    def __init__(self, page: Page, site: Path) -> None:
        self.page, self.site = page, site
        self.problems: list[str] = []
        page.route("**/*", self._route)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on(
            "console",
            lambda said: said.type == "error" and self.problems.append(f"console: {said.text}"),
        )
        page.on("requestfailed", lambda r: self.problems.append(f"failed: {r.url} {r.failure}"))

    def _route(self, route: Route) -> None:
        """Let through what is in the book; anything else fails, and the test with it."""
        address = urlsplit(route.request.url)
        path = Path(unquote(address.path))
        own = address.scheme == "file" and path.resolve().is_relative_to(self.site.resolve())
        if own or address.scheme in ("data", "blob"):
            route.continue_()
        else:
            self.problems.append(f"asks for {route.request.url}")
            route.abort()


@pytest.fixture
def visited() -> Iterator[Callable[[BrowserContext, Path], Visit]]:
    """Opens pages of a site in a browser context, and closes it at the end."""
    contexts = []

    def visited(context: BrowserContext, site: Path) -> Visit:
        contexts.append(context)
        return Visit(context.new_page(), site)

    yield visited
    for context in contexts:
        context.close()
