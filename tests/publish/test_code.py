"""Editing a module re-executes exactly the notebooks that import it, directly or through others."""

import ast
from functools import cache
from pathlib import Path

import grimp
import pytest

from helpers.code import syntax_hash
from helpers.publish import BookError
from helpers.publish.code import Code, helpers_code
from helpers.publish.fingerprint import changed, fingerprint

#: A small package: a chain, a package that gathers names, and a module nobody imports.
PACKAGE = {
    "__init__": "",
    "checks": "LIMIT = 1\n",
    "attacks/__init__": "from brain.attacks.fgsm import fgsm\nfrom brain.attacks.pgd import pgd\n",
    "attacks/fgsm": "from brain.checks import LIMIT\ndef fgsm(): return LIMIT\n",
    "attacks/pgd": "def pgd(): return 2\n",
    "figures": "def late():\n    from brain.attacks import fgsm\n    return fgsm\n",
    "widgets/__init__": "",
    "widgets/slider": "SCRIPT = 'slider.js'\n",
    "lonely": "",
}
#: What each notebook imports, and the modules whose editing must execute it again.
NOTEBOOKS = {
    "one/nothing": ("", set()),
    "one/module": ("from brain.attacks import pgd", {"attacks/pgd"}),
    "one/chain": ("import brain.attacks.fgsm", {"attacks/fgsm", "checks"}),
    "one/name": (
        "from brain.attacks import fgsm as f, Attack",
        {"attacks/__init__", "attacks/fgsm", "attacks/pgd", "checks"},
    ),
    "one/late": ("def draw():\n    import brain.figures", {"figures", "attacks/fgsm", "checks"}),
    "one/widget": ("from brain.widgets.slider import SCRIPT", {"widgets/slider"}),
}


@pytest.fixture
def code(tmp_path, monkeypatch):
    """Reads the package as it is at the moment of the call."""
    folder = tmp_path / "site" / "brain"
    for name, text in PACKAGE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.py").write_text(text)
    (folder / "widgets" / "slider.js").write_text("// 1")
    monkeypatch.syspath_prepend(folder.parent)

    def read() -> Code:
        graph = grimp.build_graph("brain", cache_dir=None)

        def file(module: str) -> Path:
            path = folder.parent.joinpath(*module.split("."))
            return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

        return Code(
            package="brain",
            modules=frozenset(graph.modules),
            upstream=lambda module: frozenset({module, *graph.find_upstream_modules(module)}),
            file=file,
        )

    return folder, read


@pytest.fixture
def fingerprints(mini, write, code):
    """The fingerprint of every notebook, now."""
    for name, (imports, _) in NOTEBOOKS.items():
        write(name, f"\n# %%\n{imports}\n")
    _, read = code

    def now():
        return {
            name: fingerprint(mini, name, profile="smoke", code=read(), folder=None)
            for name in NOTEBOOKS
        }

    return now


@pytest.mark.parametrize("edited", PACKAGE)
def test_an_edit_reaches_exactly_those_that_import_it(code, fingerprints, edited):
    folder, _ = code
    before = fingerprints()
    path = folder / f"{edited}.py"
    path.write_text(path.read_text() + "\nEDITED = True\n")
    after = fingerprints()
    stale = {name for name in NOTEBOOKS if before[name] != after[name]}
    assert stale == {name for name, (_, modules) in NOTEBOOKS.items() if edited in modules}
    module = f"brain.{edited}".replace("/", ".").removesuffix(".__init__")
    assert all(changed(before[name], after[name]) == [module] for name in stale)


def test_formatting_comments_and_docstrings_make_nothing_stale(code, fingerprints):
    folder, _ = code
    before = fingerprints()
    (folder / "checks.py").write_text('"""Says more."""\n\nLIMIT = (1)  # one\n')
    assert fingerprints() == before


def test_a_widgets_script_counts_with_the_module_beside_it(code, fingerprints):
    folder, _ = code
    before = fingerprints()
    (folder / "widgets" / "slider.js").write_text("// 2")
    after = fingerprints()
    assert [name for name in NOTEBOOKS if before[name] != after[name]] == ["one/widget"]
    assert changed(before["one/widget"], after["one/widget"]) == ["widgets/slider.js"]


def test_a_new_import_brings_its_modules(code, fingerprints):
    folder, _ = code
    before = fingerprints()
    (folder / "attacks" / "pgd.py").write_text("from brain import lonely\ndef pgd(): return 2\n")
    after = fingerprints()
    assert changed(before["one/module"], after["one/module"]) == [
        "brain.attacks.pgd",
        "brain.lonely",
    ]


def test_an_import_of_what_there_is_not_is_named(code):
    _, read = code
    with pytest.raises(ValueError, match=r"imports brain\.sleep, which brain has not"):
        read().behind(ast.parse("import brain.sleep"))


def test_a_module_that_is_no_python_is_named(code, monkeypatch):
    folder, _ = code
    (folder / "lonely.py").write_text("1 +\n")
    monkeypatch.setattr("helpers.publish.code.PACKAGE", "brain")
    with pytest.raises(BookError, match=r"lonely\.py"):
        helpers_code()


def test_other_packages_and_lookalikes_do_not_count(code):
    _, read = code
    assert read().behind(ast.parse("import brainy.x\nfrom torch import nn\nimport numpy")) == set()


REAL = {
    "from helpers.attacks import pgd": {"helpers.attacks.pgd", "helpers.attacks.losses"},
    "from helpers.profiles import current_profile": {"helpers.profiles"},
}


@pytest.mark.parametrize("imports", REAL)
def test_on_the_real_package_only_importers_become_stale(mini, write, imports):
    """Every module of `helpers` is edited in turn, in what the fingerprint reads of it."""
    write("one/a", f"\n# %%\n{imports}\n")
    real, known = helpers_code(), cache(syntax_hash)
    behind = real.behind(ast.parse(imports))
    assert behind >= REAL[imports]
    assert not {"helpers.cli", "helpers.publish.book"} & behind

    def now(edited: str | None) -> dict[str, str]:
        def digest(path: Path) -> str:
            own = edited is not None and path == real.file(edited)
            return "edited" if own else known(path)

        code = Code(real.package, real.modules, real.upstream, real.file, digest)
        return fingerprint(mini, "one/a", profile="smoke", code=code, folder=None)

    before = now(None)
    stale = {module for module in real.modules if now(module) != before}
    assert stale == behind
