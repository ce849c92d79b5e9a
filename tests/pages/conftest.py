"""The built book, and a browser to look at it in, with the network cut off."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, Route

from helpers.paths import ROOT
from helpers.publish import Project
from helpers.publish.assets import fetch_vendor
from helpers.publish.book import build
from helpers.publish.execute import Task, execute
from helpers.publish.pages import Executed, lay_out
from helpers.publish.site import render

HERE = Path(__file__).parent


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
def cells() -> dict[str, str]:
    """The texts of small notebooks with one explorer each, by the explorer's name."""
    return {path.stem: path.read_text("utf8") for path in sorted((HERE / "cells").glob("*.py"))}


@pytest.fixture(scope="session")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a book of one page from the text of a notebook, and says where the page is."""

    def make(notebook: str) -> Path:
        root = tmp_path_factory.mktemp("page")
        project = Project(root)
        shutil.copytree(ROOT / "book" / "_assets", root / "book" / "_assets")
        (root / "book" / "references.bib").write_text("")
        (root / "_config.yml").write_bytes((ROOT / "_config.yml").read_bytes())
        (root / "_toc.yml").write_text(json.dumps({"format": "jb-book", "root": "notebooks/w"}))
        project.notebooks.mkdir()
        source = project.notebooks / "w.py"
        source.write_text(notebook)
        output = project.build / "w.ipynb"
        execute([Task("w", source, output, "smoke")])
        lay_out(
            project,
            project.build / "pages",
            notebooks={"w": Executed(output, "Executed.")},
            facts={"profile": "smoke", "data": "none"},
            vendor=fetch_vendor(ROOT / "package-lock.json"),
        )
        return render(project.build / "pages", project.build / "next") / "notebooks" / "w.html"

    return make


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


@pytest.fixture
def opened(
    chromium: Browser, visited: Callable[[BrowserContext, Path], Visit]
) -> Callable[..., Visit]:
    """Opens the page of :func:`page_of`, waits for the slider (or other `role`) called `name`."""

    def opened(
        page: Path,
        name: str,
        *,
        role: str = "slider",
        width: int = 1280,
        scheme: str = "light",
        touch: bool = False,
    ) -> Visit:
        context = chromium.new_context(
            offline=True,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            has_touch=touch,
        )
        seen = visited(context, page.parents[1])
        seen.page.goto(page.as_uri())
        seen.page.get_by_role(role, name=name).wait_for()
        return seen

    return opened


@pytest.fixture(scope="session")
def barriers() -> Callable[[Page], list[str]]:
    """What shuts people out of a page that is open, by axe-core: all but minor problems."""
    script = (fetch_vendor(ROOT / "package-lock.json") / "axe.min.js").read_text("utf8")

    def barriers(page: Page) -> list[str]:
        page.wait_for_function(READY)
        page.evaluate(SCROLLED)
        page.evaluate(script)
        return page.evaluate(LOOK)

    return barriers


#: Names of controls are mended a moment after they are there.
READY = """() =>
  !document.querySelector('[role="slider"]:not([aria-label])') &&
  !document.querySelector("button[aria-label] svg title")
"""
#: What is there only after some scrolling.
SCROLLED = """() => {
  const back = document.getElementById("pst-back-to-top");
  if (back) back.style.display = "block";
}"""
LOOK = """async () => {
  const found = await axe.run();
  return found.violations
    .filter(v => v.impact !== "minor")
    .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 300)}: ${n.failureSummary}`));
}"""
