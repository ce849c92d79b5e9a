"""Where a book's sources are and where its build goes."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from helpers.paths import ROOT
from helpers.publish.errors import BookError

#: Folder of the notebooks below the root; part of a page's name in the table of contents.
NOTEBOOKS = "notebooks"


@dataclass(frozen=True)
class Project:
    """A checkout of the book.

    Attributes:
        root: holds ``_config.yml``, ``_toc.yml``, ``book/``, ``notebooks/`` and ``results/``.
        elsewhere: where the build goes if not into ``_build`` below `root`.
    """

    root: Path = ROOT
    elsewhere: Path | None = None

    @property
    def build(self) -> Path:
        """The folder of everything the build writes, so that the sources never change."""
        return self.elsewhere or self.root / "_build"

    @property
    def notebooks(self) -> Path:
        """The folder of the notebook pairs."""
        return self.root / NOTEBOOKS

    @property
    def benchmarks(self) -> Path:
        """What ``make bench`` wrote; missing where it has not run."""
        return self.root / "benchmarks" / "results.json"

    @property
    def html(self) -> Path:
        """The finished site."""
        return self.build / "html"

    @property
    def index(self) -> Path:
        """The page to open."""
        return self.html / "index.html"

    def names(self) -> list[str]:
        """Every notebook as ``<chapter>/<file>``, without suffix, sorted."""
        return sorted(
            path.relative_to(self.notebooks).with_suffix("").as_posix()
            for path in self.notebooks.rglob("*.py")
            if ".ipynb_checkpoints" not in path.parts
        )

    def source(self, name: str) -> Path:
        """The ``.py`` of a notebook.

        Raises:
            ValueError: no notebook has that name.
        """
        path = self.notebooks / f"{name}.py"
        if not path.is_file():
            choices = ", ".join(self.names()) or "nothing: there is no notebook yet"
            raise ValueError(f"notebook is {name!r}; it may be one of {choices}")
        return path

    def pair(self, name: str) -> Path:
        """The ``.ipynb`` beside the source of a notebook."""
        return self.source(name).with_suffix(".ipynb")

    @cached_property
    def pages(self) -> list[str]:
        """Every page of the table of contents, in its order, without suffix.

        Raises:
            BookError: ``_toc.yml`` cannot be read.
        """
        path = self.root / "_toc.yml"
        try:
            toc = parse_toc_yaml(path)
        except (OSError, yaml.YAMLError, MalformedError) as error:
            raise BookError(f"{path} cannot be read: {error}") from error
        return list(toc)

    def published(self) -> list[str]:
        """The notebooks of the table of contents, in its order."""
        prefix = f"{NOTEBOOKS}/"
        return [page.removeprefix(prefix) for page in self.pages if page.startswith(prefix)]
