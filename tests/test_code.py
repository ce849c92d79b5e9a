from pathlib import Path

import pytest

from helpers.code import (
    code_hash,
    import_graph,
    source_file,
    syntax_hash,
    syntax_hashes,
    upstream,
)
from helpers.experiments import EXPERIMENTS

ORIGINAL = '''"""Module."""
import os

def f(x):
    """Docstring."""
    return x + 1  # a comment

class C:
    """Class."""
    field: int = 1
    """What the field is."""
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes the files of a package `tiny` that can be found, but was not imported."""
    monkeypatch.syspath_prepend(tmp_path)
    import_graph.cache_clear()

    def write(**files):
        for name, text in {"__init__": "", **files}.items():
            path = tmp_path.joinpath("tiny", *name.split("__in__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    yield write
    import_graph.cache_clear()


@pytest.mark.parametrize(
    "text",
    [
        ORIGINAL.replace("Docstring", "Another docstring").replace("Module", "Other"),
        ORIGINAL.replace("  # a comment", ""),
        ORIGINAL.replace("x + 1", "(x\n     + 1)"),
        ORIGINAL.replace('"""What the field is."""', ""),
        ORIGINAL.replace('    """Docstring."""\n', ""),
        "# -*- coding: utf-8 -*-\n\n\n" + ORIGINAL,
    ],
)
def test_formatting_comments_and_docstrings_do_not_change_the_hash(tmp_path, text):
    (tmp_path / "a.py").write_text(ORIGINAL)
    (tmp_path / "b.py").write_text(text)
    assert text != ORIGINAL
    assert syntax_hash(tmp_path / "a.py") == syntax_hash(tmp_path / "b.py")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x + 1", "x + 2"),
        ("x + 1", "x + 1.0"),
        ("x + 1", "x + True"),
        ("x + 1", "x - 1"),
        ("x + 1", "x"),
        ("return x", "return '' or x"),
        ("f(x)", "f(x, /)"),
        ("f(x)", "f(x, y=None)"),
        ("def f", "async def f"),
        ("import os", "import os.path"),
        ("field: int = 1", "field: int = 2"),
        ("field: int = 1", "field: int"),
    ],
)
def test_code_changes_the_hash(tmp_path, old, new):
    (tmp_path / "a.py").write_text(ORIGINAL)
    (tmp_path / "b.py").write_text(ORIGINAL.replace(old, new))
    assert old in ORIGINAL
    assert syntax_hash(tmp_path / "a.py") != syntax_hash(tmp_path / "b.py")


def test_the_hash_is_the_same_in_every_version_of_python(tmp_path):
    # `ast.dump` writes this differently since Python 3.13; the number was made with 3.11.
    (tmp_path / "a.py").write_text("def f(a, *b, c=None, **d): return f'{a!r:>{c}} {b}'\n")
    assert syntax_hash(tmp_path / "a.py").startswith("180f5ede73095808")


def test_a_file_that_is_not_python_is_named(tmp_path):
    (tmp_path / "a.py").write_text("def")
    with pytest.raises(SyntaxError) as caught:
        syntax_hash(tmp_path / "a.py")
    assert caught.value.filename == str(tmp_path / "a.py")


def test_upstream_follows_imports_through_others(package):
    package(a="from tiny import b", b="def f():\n    import tiny.c", c="", d="import tiny.a")
    assert upstream("tiny.a") == {"tiny.a", "tiny.b", "tiny.c"}
    assert upstream("tiny.c") == {"tiny.c"}


def test_an_init_counts_only_where_it_is_imported_itself(package):
    package(
        sub__in____init__="from tiny.sub.one import one\nfrom tiny.sub.two import two",
        sub__in__one="def one(): ...",
        sub__in__two="def two(): ...",
        narrow="from tiny.sub import one",
        by_path="from tiny.sub.one import one",
        wide="from tiny.sub import something",
        whole="import tiny.sub",
    )
    assert upstream("tiny.narrow") == {"tiny.narrow", "tiny.sub.one"}
    assert upstream("tiny.by_path") == {"tiny.by_path", "tiny.sub.one"}
    everything = {"tiny.sub", "tiny.sub.one", "tiny.sub.two"}
    assert upstream("tiny.wide") == {"tiny.wide", *everything}
    assert upstream("tiny.whole") == {"tiny.whole", *everything}


def test_imports_for_type_checking_do_not_count(package):
    package(
        a="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tiny import b",
        b="",
    )
    assert upstream("tiny.a") == {"tiny.a"}


def test_the_code_hash_changes_with_what_is_imported_and_with_nothing_else(package):
    files = {"a": "from tiny import b", "b": "x = 1", "other": "y = 1"}
    package(**files)
    before = code_hash("tiny.a")
    package(**files | {"other": "y = 2", "b": "x = 1  # one"})
    assert code_hash("tiny.a") == before
    package(**files | {"b": "x = 2"})
    assert code_hash("tiny.a") != before


def test_the_code_hash_of_several_modules_is_that_of_their_union(package):
    package(a="from tiny import b", b="x = 1", c="")
    assert code_hash("tiny.a", "tiny.b") == code_hash("tiny.a")
    assert code_hash("tiny.a", "tiny.c") != code_hash("tiny.a")


@pytest.mark.parametrize("function", [upstream, code_hash])
@pytest.mark.parametrize("module", ["helpers.nothing", "no_such_package.x"])
def test_an_unknown_module_is_refused(function, module):
    with pytest.raises(ValueError, match=r"may be a (module|package) that can be imported"):
        function(module)


def test_a_source_file_is_found_without_importing_it(package, tmp_path):
    package(a="raise RuntimeError", sub__in____init__="raise RuntimeError")
    assert source_file("tiny.a") == tmp_path / "tiny" / "a.py"
    assert source_file("tiny.sub") == tmp_path / "tiny" / "sub" / "__init__.py"
    with pytest.raises(ValueError, match="module is 'no_such_package'"):
        source_file("no_such_package")


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_another_experiment_makes_no_record_stale(experiment):
    behind = upstream(experiment.module)
    assert "helpers.experiments" not in behind
    # A run may train as another one does, but a new row in a grid changes no record.
    assert not behind & {other.grid.__module__ for other in EXPERIMENTS.values()}
    assert not any(
        module.startswith(("helpers.records", "helpers.claims", "helpers.cli")) for module in behind
    )


def test_hashes_of_modules_are_those_of_their_files():
    from helpers import checks, files

    found = syntax_hashes(files, checks)
    assert found == (syntax_hash(Path(files.__file__)), syntax_hash(Path(checks.__file__)))
