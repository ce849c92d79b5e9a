"""A widget on a page answers to the keyboard without a kernel, a server or a network."""

import json
from pathlib import Path

import pytest

from helpers.paths import ROOT
from helpers.publish import Project
from helpers.publish.assets import fetch_vendor
from helpers.publish.execute import Task, execute
from helpers.publish.pages import Executed, lay_out
from helpers.publish.site import render

pytestmark = [pytest.mark.browser, pytest.mark.book]

NOTEBOOK = r'''# %% [markdown]
# # A widget for $x$

# %% tags=["parameters"]
profile = "smoke"

# %%
import anywidget, ipywidgets, traitlets

class Twice(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const answer = document.createElement("output");
      const draw = () => { answer.textContent = `twice is ${2 * model.get("value")}`; };
      model.on("change:value", draw);
      draw();
      el.appendChild(answer);
    }
    export default { render };
    """
    value = traitlets.Float(1.0).tag(sync=True)

slider, twice = ipywidgets.FloatSlider(value=1, step=0.5, max=5, description=r"$x$"), Twice()
ipywidgets.jslink((slider, "value"), (twice, "value"))
ipywidgets.HBox([slider, twice])
'''


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of one page, on which an ipywidgets slider is linked to an anywidget."""
    root = tmp_path_factory.mktemp("widget")
    project = Project(root, root / "_build")
    (root / "book" / "_assets").mkdir(parents=True)
    (root / "book" / "_assets" / "book.css").write_text("")
    (root / "book" / "references.bib").write_text("")
    (root / "_config.yml").write_bytes((ROOT / "_config.yml").read_bytes())
    (root / "_toc.yml").write_text(json.dumps({"format": "jb-book", "root": "notebooks/w"}))
    project.notebooks.mkdir()
    source = project.notebooks / "w.py"
    source.write_text(NOTEBOOK)
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


def test_a_slider_moved_by_keyboard_changes_the_answer(chromium, visited, page):
    seen = visited(chromium.new_context(offline=True), page.parents[1])
    seen.page.goto(page.as_uri())
    seen.page.get_by_text("twice is 2").wait_for()
    handle = seen.page.get_by_role("slider")
    handle.focus()
    handle.press("ArrowRight")
    seen.page.get_by_text("twice is 3").wait_for()
    seen.page.locator(".widget-label mjx-container").wait_for(state="attached")
    assert seen.problems == []
