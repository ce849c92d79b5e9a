"""A widget on a page answers to the keyboard without a kernel, a server or a network."""

from pathlib import Path

import pytest

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
def page(page_of) -> Path:
    """A page on which an ipywidgets slider is linked to an anywidget."""
    return page_of(NOTEBOOK)


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
