"""A notebook is a pair: the ``.py`` is the source, the ``.ipynb`` beside it is made from it.

``jupytext --check`` and ``--test`` do not prove that a pair is in step, so the ``.ipynb`` is made
again from the ``.py`` and the cells are compared.
"""

import hashlib
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from helpers.publish.project import Project

#: The kernel of the environment that runs the build.
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
#: The tag of the cell behind which papermill puts the parameters.
PARAMETERS = "parameters"


def read_source(path: Path) -> NotebookNode:
    """The notebook that the ``.py`` at `path` is, without outputs and with steady cell ids.

    Raises:
        ValueError: not exactly one cell has the tag ``parameters``, or the first cell is no title.
    """
    notebook = jupytext.reads(path.read_text("utf8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(
        {"jupytext": {"formats": "ipynb,py:percent"}, "kernelspec": KERNELSPEC}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    _number(notebook)
    tagged = sum(PARAMETERS in cell.metadata.get("tags", []) for cell in notebook.cells)
    if tagged != 1:
        raise ValueError(
            f"{path} has {tagged} cells tagged {PARAMETERS!r}; it may have exactly one, "
            f'a cell that starts with: # %% tags=["{PARAMETERS}", "remove-cell"]'
        )
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        raise ValueError(
            f"{path} begins with a {first.cell_type} cell {first.source[:20]!r}; it may begin with "
            "a markdown cell whose first line is the title, such as: # Width"
        )
    return notebook


def _number(notebook: NotebookNode) -> None:
    """Name each cell after its text: the same text has the same id in every run."""
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] += 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def step_problem(project: Project, name: str) -> str | None:
    """What is out of step in the pair `name`, in one sentence; None when it is in step.

    Raises:
        ValueError: no notebook has that name, or its source has no parameters cell.
    """
    source, pair = project.source(name), project.pair(name)
    way_out = f"run `brains pair {name}`"
    if not pair.is_file():
        return f"{pair.name} is missing; {way_out}"
    try:
        there = nbformat.read(pair, as_version=4)
    except (ValueError, nbformat.ValidationError):  # torn, or with the marks of a merge
        return f"{pair.name} is not a notebook; {way_out}"
    wanted, found = _cells(read_source(source)), _cells(there)
    for number, (want, have) in enumerate(zip(wanted, found, strict=False), start=1):
        if want != have:
            return f"cell {number} of {pair.name} is not that of {source.name}; {way_out}"
    if len(wanted) != len(found):
        return f"{pair.name} has {len(found)} cells, {source.name} {len(wanted)}; {way_out}"
    return None


def _cells(notebook: NotebookNode) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (cell.cell_type, cell.source, tuple(cell.metadata.get("tags", [])))
        for cell in notebook.cells
    ]


def orphans(project: Project) -> list[Path]:
    """The ``.ipynb`` files that have no ``.py`` beside them."""
    return sorted(
        path
        for path in project.notebooks.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts and not path.with_suffix(".py").is_file()
    )
