"""Controls beside what answers them, linked in the reader's browser."""

from collections.abc import Iterable, Sequence

import anywidget
import ipywidgets

#: A control, its trait, and the trait of the answer that follows it.
Link = tuple[ipywidgets.Widget, str, str]


def panel(
    answer: anywidget.AnyWidget,
    links: Iterable[Link],
    *,
    folded: Sequence[ipywidgets.Widget] = (),
) -> ipywidgets.Box:
    """The controls of `links` in their order, left of `answer`; above it on a narrow screen.

    Args:
        answer: what answers.
        links: each control once.
        folded: those of the controls that stand below a title that opens.

    Raises:
        ValueError: a folded control has no link, so that nothing would follow it.
    """
    links = list(links)
    linked = [control for control, _, _ in links]
    for each in folded:
        if each not in linked:
            raise ValueError(f"folded holds {each!r}; it may hold controls of links")
    shown = []
    for control, trait, name in links:
        ipywidgets.jslink((control, trait), (answer, name))
        if control not in folded:
            shown.append(control)
    if folded:
        more = ipywidgets.Accordion([ipywidgets.VBox(list(folded))], titles=("more controls",))
        shown.append(more)
    answer.layout = ipywidgets.Layout(flex="1 1 20rem", min_width="0")
    return ipywidgets.Box(
        [ipywidgets.VBox(shown), answer],
        layout=ipywidgets.Layout(flex_flow="row wrap", width="100%"),
    )
