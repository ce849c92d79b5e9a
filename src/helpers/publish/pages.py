"""Lays out what Jupyter Book reads: prose, executed notebooks, records, scripts and settings."""

import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from helpers.publish.assets import MATHJAX, SHARED, WIDGET_SCRIPTS, copy_vendor
from helpers.publish.project import NOTEBOOKS, Project
from helpers.publish.worker import INJECTED

#: The folder whose content Sphinx copies to the top of the site: the same relative link leads to
#: a record from a page, from JupyterLab and from the repository.
EXTRA = "_extra"
#: Own style sheet and scripts, below ``book/``.
ASSETS = "_assets"
#: The line that tells nbval to compare a cell's outputs; of no use to a reader of the page.
NBVAL = re.compile(r"^#\s*NBVAL_\w+\s*\n", re.MULTILINE)


@dataclass(frozen=True)
class Executed:
    """An executed notebook and the sentence that its page shows below the title."""

    path: Path
    sentence: str


def lay_out(
    project: Project,
    target: Path,
    *,
    notebooks: Mapping[str, Executed],
    facts: Mapping[str, str],
    vendor: Path,
) -> None:
    """Write everything that Jupyter Book reads into the new folder `target`.

    Args:
        project: where the sources are.
        target: is replaced if it exists.
        notebooks: the executed notebook of each name.
        facts: what ``{{ name }}`` stands for in the text of a page.
        vendor: the fetched scripts, from `helpers.publish.assets.fetch_vendor`.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(project.root / "book", target / "book", ignore=shutil.ignore_patterns(ASSETS))
    for name, executed in notebooks.items():
        page = target / NOTEBOOKS / f"{name}.ipynb"
        page.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(_as_page(executed), page)
    for source in _records(project):
        relative = source.relative_to(project.root)
        # Beside the pages for links in text, which Sphinx resolves, and at the top of the site
        # for links in the outputs of cells, which it leaves alone.
        for place in (target / relative, target / EXTRA / relative):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)
    (target / EXTRA).mkdir(exist_ok=True)
    copy_vendor(vendor, target / SHARED)
    shutil.copytree(project.root / "book" / ASSETS, target / SHARED, dirs_exist_ok=True)
    shutil.copy2(project.root / "_toc.yml", target)
    config = yaml.safe_load((project.root / "_config.yml").read_text("utf8"))
    config = settings(config, facts=facts, repository=repository(project.root))
    (target / "_config.yml").write_text(yaml.safe_dump(config, sort_keys=False), "utf8")


def _records(project: Project) -> list[Path]:
    """The files that pages link to: run records, what the papers say, and the benchmarks."""
    return [
        *([project.benchmarks] if project.benchmarks.is_file() else []),
        *sorted((project.root / "results").rglob("*.jsonl")),
        *sorted((project.root / "book" / "claims").glob("*.csv")),
    ]


def _as_page(executed: Executed) -> NotebookNode:
    """The executed notebook for readers: no marks for machines, its sentence below the title."""
    notebook = nbformat.read(executed.path, as_version=4)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if INJECTED in tags:
            cell.metadata["tags"] = [*tags, "remove-cell"]
        if cell.cell_type == "code":
            cell.source = NBVAL.sub("", cell.source)
    first = notebook.cells[0]
    title, _, rest = first.source.partition("\n")
    first.source = f"{title}\n\n:::{{container}} built\n{executed.sentence}\n:::\n{rest}"
    return notebook


def settings(
    config: dict[str, Any], *, facts: Mapping[str, str], repository: str | None
) -> dict[str, Any]:
    """The settings of ``_config.yml`` with what only the build knows.

    Buttons that lead to the repository, to Binder and to Colab appear only with a `repository`.
    """
    sphinx = config["sphinx"]["config"]
    sphinx["mathjax_path"] = MATHJAX
    sphinx["nb_ipywidgets_js"] = WIDGET_SCRIPTS
    config["parse"]["myst_substitutions"] = dict(facts)
    if repository is not None:
        config["repository"]["url"] = repository
        config["html"]["use_repository_button"] = True
        config["launch_buttons"] |= {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        }
    return config


def repository(root: Path) -> str | None:
    """The public address of the repository, ``project.urls.Repository`` of pyproject.toml."""
    path = root / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf8")).get("project", {}) if path.is_file() else {}
    return project.get("urls", {}).get("Repository")
