"""The order of packages that the README draws: things flow one way."""

import re

import pytest

from helpers.code import import_graph
from helpers.paths import ROOT

README = (ROOT / "README.md").read_text("utf8")
#: Each step holds the packages that stand beside each other.
(DRAWN,) = re.findall(r"^`data` → .*?(?=\n\n)", README, re.MULTILINE | re.DOTALL)
STEPS = [re.findall(r"`(\w+)`", step) for step in DRAWN.split("→")]
PLACE = {package: number for number, step in enumerate(STEPS) for package in step}


def package_of(module):
    """The package below helpers that holds `module`; None for a module beside the packages."""
    name = module.split(".")[1] if "." in module else ""
    return name if name in PLACE else None


def test_every_package_is_drawn():
    graph = import_graph("helpers")
    packages = {each for each in graph.find_children("helpers") if graph.find_children(each)}
    assert {f"helpers.{name}" for name in PLACE} == packages


@pytest.mark.parametrize("package", PLACE)
def test_a_package_imports_only_from_those_before_it(package):
    """Directly, or through modules that stand beside the packages."""
    graph = import_graph("helpers")
    wrong = {
        f"{module} imports {other}"
        for module in graph.modules
        if package_of(module) == package
        for other in graph.find_upstream_modules(module)
        if (to := package_of(other)) not in (None, package) and PLACE[to] >= PLACE[package]
    }
    assert sorted(wrong) == []
