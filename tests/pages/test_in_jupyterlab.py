"""The cells of the pages react in JupyterLab too, with the same keys."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
import pytest
from playwright.sync_api import Browser, Page

from helpers.publish.pairs import KERNELSPEC

pytestmark = [pytest.mark.browser, pytest.mark.book]

#: No question to a server outside whether there is news; all cells drawn, seen or not.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
ASLEEP = """() => {
  const text = document.querySelector(".bb-sleep").innerText;
  return parseInt(text.match(/(\\d+) steps/)[1]) > 100;
}"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, cells: dict[str, str]) -> Iterator[str]:
    """The address of a JupyterLab that shows one notebook, with the three explorers."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = jupytext.reads("\n".join(cells.values()), fmt="py:percent")
    notebook.metadata["kernelspec"] = KERNELSPEC
    nbformat.write(notebook, folder / "w.ipynb")
    settings = folder / "settings"
    settings.mkdir()
    (settings / "overrides.json").write_text(json.dumps(SETTINGS))
    port = _free_port()
    command = [
        *(sys.executable, "-m", "jupyter", "lab"),
        *("--no-browser", "--allow-root", f"--port={port}", "--ServerApp.ip=127.0.0.1"),
        *("--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"),
        *(f"--LabApp.app_settings_dir={settings}", "--LabApp.extension_manager=readonly"),
    ]
    own = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "IPYTHONDIR": str(folder / "ipython")}
    address = f"http://127.0.0.1:{port}/lab"
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **own})
        try:
            _wait_for(address, server, folder / "log")
            yield address
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 90
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            with direct.open(address, timeout=5):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.3)


@pytest.fixture(scope="module")
def page(lab: str, chromium: Browser) -> Iterator[Page]:
    """The notebook in JupyterLab, all its cells run."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1600})
    # Nothing but this server: the network stays cut off.
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
    page.goto(f"{lab}/tree/w.ipynb?reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
    for explorer in (".bb-explorer", ".bb-sleep", ".bb-similar"):
        page.locator(explorer).first.wait_for(timeout=90_000)
    yield page
    page.close()


@pytest.mark.parametrize("name", ["inputs k", "LTD β", "epsilon ε", "test image"])
def test_a_slider_of_the_cerebellum_changes_its_answer(page: Page, name: str):
    bars = page.locator(".bb-explorer svg").first
    bars.scroll_into_view_if_needed()
    before = bars.inner_html()
    handle = page.get_by_role("slider", name=name)
    handle.focus()
    handle.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.bb-explorer svg').innerHTML !== before", arg=before
    )


def test_a_network_sleeps(page: Page):
    page.locator(".bb-sleep").scroll_into_view_if_needed()
    page.get_by_role("button", name="sleep", exact=True).click()
    page.wait_for_function(ASLEEP)


def test_a_pair_of_images_is_chosen(page: Page):
    page.locator(".bb-similar").scroll_into_view_if_needed()
    handle = page.get_by_role("slider", name="second image")
    handle.focus()
    handle.press("ArrowRight")
    page.get_by_text("images 0 and 2").wait_for()
