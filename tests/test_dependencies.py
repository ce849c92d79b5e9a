"""What the code imports itself is declared, and not only brought by something else."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from helpers.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
NEEDED = PROJECT["dependencies"]
DEV = [*NEEDED, *PROJECT["optional-dependencies"]["dev"]]
#: Comes with torch where there is a GPU for it; without it a slower way serves.
OPTIONAL = {"triton"}


def name_of(requirement):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def imported(folder):
    """The names of the modules that the files in `folder` import, without what is below them."""
    for path in Path(folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (each.name.partition(".")[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("folder", "declared"),
    [("src", NEEDED), ("notebooks", NEEDED), ("benchmarks", DEV), ("tests", DEV)],
)
def test_what_is_imported_is_declared(folder, declared):
    brought = packages_distributions()
    names = set(imported(ROOT / folder)) - set(sys.stdlib_module_names) - OPTIONAL
    known = {name_of(each) for each in declared} | {"borrowed-brains"}
    wrong = {
        name for name in names if name in brought and not {*map(name_of, brought[name])} & known
    }
    assert wrong == set()


def test_every_dependency_is_pinned():
    pinned = {
        name_of(line)
        for line in (ROOT / "requirements.txt").read_text("utf8").splitlines()
        if "==" in line
    }
    assert {name_of(each) for each in DEV} <= pinned
