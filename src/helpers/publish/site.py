"""Runs Jupyter Book and puts the finished site in place in one move."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from helpers.publish.errors import BookError

#: Jupyter Book 1 has no ``python -m``.
JUPYTER_BOOK = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"


def render(source: Path, work: Path) -> Path:
    """Render the pages in `source` inside the new folder `work` and return the site's folder.

    Every page is rendered anew: pages that Sphinx believes unchanged would keep an old side bar,
    and a warning about them would be forgotten.

    Raises:
        BookError: Jupyter Book failed or warned; quotes what it said.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(source)]
    command += ["--path-output", str(work), "-W", "--keep-going", "-q"]
    # Jupyter Book and its extensions use what newer libraries have deprecated.
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    site = work / "_build" / "html"
    if done.returncode != 0 or not (site / "index.html").is_file():
        said = [line for line in click.unstyle(done.stderr).splitlines() if line.strip()]
        raise BookError("Jupyter Book could not render the pages:\n" + "\n".join(said))
    return site


def put_in_place(site: Path, target: Path) -> None:
    """Move `site` to `target`; the old site is gone only once the new one is there."""
    old = _aside(target)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    try:
        site.rename(target)
    except OSError:
        restore(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def restore(target: Path) -> None:
    """Bring back the old site if `put_in_place` was stopped before the new one was there."""
    if not target.exists() and _aside(target).exists():
        _aside(target).rename(target)


def _aside(target: Path) -> Path:
    """Where the old site is while the new one takes its place."""
    return target.with_name(f"{target.name}.old")
