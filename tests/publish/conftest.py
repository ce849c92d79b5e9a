"""A book of two small notebooks, in a folder of its own."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import pytest

from helpers.paths import ROOT
from helpers.publish import Project
from helpers.publish.book import build
from helpers.publish.pairs import read_source

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # A title

# %% tags=["parameters", "remove-cell"]
profile = "laptop"
"""

GOOD = '\n# %%\nfrom helpers.profiles import PROFILES\nprint("first text")\n'

Write = Callable[[str, str], Path]


def make_checkout(root: Path) -> Project:
    """A checkout below the new folder `root` with everything but notebooks."""
    project = Project(root)
    for folder in ("book/_assets", "book/claims", "notebooks/one", "results/one"):
        (root / folder).mkdir(parents=True)
    (root / "book" / "index.md").write_text("# Front\n\nAt {{ profile }}. $a^2$ {cite}`key`\n")
    (root / "book" / "list.md").write_text("# List\n\n```{bibliography}\n```\n")
    (root / "book" / "references.bib").write_text(
        "@misc{key, title={Title}, author={Someone, Any}, year={2021}}\n"
    )
    (root / "book" / "_assets" / "book.css").write_text("body { margin: 0 }\n")
    (root / "book" / "_assets" / "names.js").write_text("// nothing to name\n")
    (root / "book" / "claims" / "table.csv").write_text("id\n")
    (root / "results" / "one" / "exact.jsonl").write_text("{}\n")
    for name in ("_config.yml", "requirements.txt", "package.json", "package-lock.json"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    return project


def write_notebook(project: Project, name: str, cells: str) -> Path:
    """Write the notebook `name`, without its pair, and put it into the table of contents."""
    path = project.notebooks / f"{name}.py"
    path.write_text(HEADER + cells)
    files = ["book/list", *(f"notebooks/{name}" for name in project.names())]
    toc = {
        "format": "jb-book",
        "root": "book/index",
        "parts": [{"caption": "Part", "chapters": [{"file": file} for file in files]}],
    }
    (project.root / "_toc.yml").write_text(json.dumps(toc))  # JSON is YAML
    project.__dict__.pop("pages", None)
    return path


def write_pair(project: Project, name: str) -> None:
    """Bring the ``.ipynb`` in step without executing it."""
    nbformat.write(read_source(project.source(name)), project.pair(name))


@pytest.fixture
def mini(tmp_path: Path) -> Project:
    """A checkout of its own; the space in its path shows that paths are quoted everywhere."""
    return make_checkout(tmp_path / "check out")


@pytest.fixture
def write(mini: Project) -> Write:
    """Writes a notebook of `mini`."""
    return partial(write_notebook, mini)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A built book with one page, for tests to copy."""
    project = make_checkout(tmp_path_factory.mktemp("template") / "check out")
    write_notebook(project, "one/a", GOOD)
    write_pair(project, "one/a")
    build(project, profile="smoke", say=lambda line: None)
    return project


@pytest.fixture
def built(template: Project, tmp_path: Path) -> Project:
    """A built book of its own."""
    root = tmp_path / "check out"
    shutil.copytree(template.root, root)
    return Project(root)
