"""Writes the ``.ipynb`` of a pair from its ``.py``, with the outputs that nbval checks."""

import re
from collections.abc import Sequence

import nbformat
from nbformat import NotebookNode

from helpers.files import replacing
from helpers.publish.errors import NotebookError
from helpers.publish.execute import Task, execute
from helpers.publish.pairs import read_source
from helpers.publish.project import Project

#: The forms of an output that the repository keeps; pictures and widgets are in the book.
KEPT = ("text/plain", "text/markdown", "text/latex")
#: The name of an object that has only pictures to show, such as ``<Figure size ...>`` or
#: ``<Styler object at 0x7f...>``: no text, and another one at every run.
_NAME = re.compile(r"<[^\n]*>")


def sync(project: Project, names: Sequence[str]) -> None:
    """Execute the notebooks `names` at smoke, on embedded data, and write their ``.ipynb``.

    Raises:
        ValueError: no notebook has one of the names.
        NotebookError: a notebook failed; its ``.ipynb`` stays as it was, the others are written.
    """
    execute([_task(project, name) for name in names])


def _task(project: Project, name: str) -> Task:
    output = project.build / "pairs" / f"{name}.ipynb"

    def write_pair(_: float) -> None:
        source = project.source(name)
        try:
            pair = lean(nbformat.read(output, as_version=4), read_source(source))
        except ValueError as error:
            raise NotebookError(f"{source}: {error}") from error
        with replacing(project.pair(name)) as fresh:
            nbformat.write(pair, fresh)

    return Task(name, project.source(name), output, "smoke", inject=False, done=write_pair)


def lean(executed: NotebookNode, source: NotebookNode) -> NotebookNode:
    """The notebook `source` with the text outputs of `executed`, and nothing that comes and goes.

    Cells keep their steady ids and count from one (nbval takes a cell without a count for one that
    never ran); there are no timings, no pictures, no widget state and nothing from stderr.

    Raises:
        ValueError: `executed` has other cells, so its outputs are not those of `source`.
    """
    if _texts(executed) != _texts(source):
        raise ValueError("the notebook was changed while it was executed; execute it again")
    count = 0
    for cell, done in zip(source.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [kept for output in done.outputs if (kept := _lean_output(output))]
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    return source


def _texts(notebook: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def _lean_output(output: NotebookNode) -> NotebookNode | None:
    """The text of one output; None when it has none."""
    if output.output_type == "stream":
        return output if output.name == "stdout" else None
    if output.output_type == "error":
        return output
    data = {form: text for form, text in output.data.items() if form in KEPT}
    if set(output.data) - set(data) and _NAME.fullmatch(data.get("text/plain", "")):
        del data["text/plain"]
    return nbformat.from_dict({**output, "data": data, "metadata": {}}) if data else None
