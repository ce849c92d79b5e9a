import anywidget
import ipywidgets
import pytest
import traitlets

from helpers.widgets.panel import panel


class Answer(anywidget.AnyWidget):
    _esm = "export default { render() {} };"
    value = traitlets.Int(0).tag(sync=True)
    other = traitlets.Int(0).tag(sync=True)


def test_controls_stand_left_of_the_answer_and_some_are_folded():
    answer = Answer()
    one, other = ipywidgets.IntSlider(), ipywidgets.IntSlider()
    links = ((one, "value", "value"), (other, "value", "other"))
    controls, right = panel(answer, links, folded=(other,)).children
    assert right is answer
    assert controls.children[0] is one
    assert controls.children[1].children[0].children == (other,)
    assert panel(answer, links).children[0].children == (one, other)


def test_a_folded_control_without_a_link_is_refused():
    answer, one, dead = Answer(), ipywidgets.IntSlider(), ipywidgets.IntSlider(value=7)
    with pytest.raises(ValueError, match=r"folded holds IntSlider\(value=7\); it may hold"):
        panel(answer, [(one, "value", "value")], folded=(dead,))
