"""What an executed notebook depends on: the same fingerprint, and it need not be executed again.

jupyter-cache hashes the notebook alone; the answer of a notebook also depends on the helper
modules it imports, the installed libraries, its parameters, the records it reads and its data.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from helpers.profiles import Profile
from helpers.publish.code import Code, file_digest
from helpers.publish.project import Project

#: A part of what a notebook depends on, and its hash.
Fingerprint = dict[str, str]

#: A module of these draws or reads records for the notebook, so the experiments that it names
#: count as if the notebook named them.
READERS = ("helpers.claims", "helpers.figures", "helpers.widgets")
CLAIMS = "helpers.claims"
#: The module that reads what ``make bench`` wrote.
BENCHMARKS = "helpers.records.benchmark"
DATA = "helpers.data"
THE_DATA = "the data"
#: What `helpers.data.load` reads from the data folder, by the name that it is asked for.
DATA_FILES: dict[str, tuple[str, ...]] = {
    "digits": (),
    "mnist": ("MNIST/raw",),
    "cifar10": ("cifar-10-batches-py",),
    "cifar10_gray": ("cifar-10-batches-py",),
    "cifar100_gray": ("cifar100_gray.npz", "cifar-100-python"),
}
#: What else lies in the data folder, by the name of its folder there.
OTHER_DATA = ("mouse_v1", "pretrained")
#: The folder of trained weights, below ``results``.
MODELS = "models"


def fingerprint(
    project: Project, name: str, *, profile: Profile, code: Code, folder: Path | None
) -> Fingerprint:
    """The parts that the notebook `name` depends on, each with its hash.

    Args:
        project: where the notebook, the records and the lock file are.
        name: the notebook.
        profile: its parameter.
        code: the helper modules.
        folder: of the data; counts where the notebook loads data, and not at smoke.

    Raises:
        ValueError: no notebook has that name, or it imports what there is not.
        SyntaxError: its code is not Python.
    """
    source = project.source(name)
    text = source.read_text("utf8")
    tree = ast.parse(text, filename=str(source))
    modules = code.behind(tree)
    parts = {
        "the notebook": hashlib.sha256(text.encode()).hexdigest(),
        "requirements.txt": file_digest(project.root / "requirements.txt"),
        "python": ".".join(str(number) for number in sys.version_info[:2]),
        "the profile": profile,
    }
    parts |= code.digests(modules)
    trees = {module: ast.parse(code.file(module).read_bytes()) for module in modules}
    files = _records(project, tree, trees, code)
    parts |= {path.relative_to(project.root).as_posix(): file_digest(path) for path in files}
    if any(_inside(module, DATA) for module in modules):
        entries = {file for name in _sets(tree, trees) for file in DATA_FILES[name]}
        entries.update(_other_data(tree, trees))
        parts[THE_DATA] = "embedded" if profile == "smoke" else data_identity(folder, entries)
    return parts


def loads_data(source: Path) -> bool:
    """Whether a notebook loads images itself, so that its page has to say which."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == DATA
        and any(alias.name == "load" for alias in node.names)
        for node in ast.walk(ast.parse(source.read_bytes()))
    )


def changed(old: Fingerprint, new: Fingerprint) -> list[str]:
    """The parts that differ, by name."""
    return sorted(part for part in old.keys() | new.keys() if old.get(part) != new.get(part))


def data_identity(folder: Path | None, entries: Iterable[str]) -> str:
    """A hash of the names, sizes and times of some files of the data folder.

    Args:
        folder: the data folder; None when there is none.
        entries: files in it, or folders with all below them. Nothing else in the folder counts.
    """
    digest = hashlib.sha256(str(folder).encode())
    for place in [folder / entry for entry in sorted(entries)] if folder is not None else []:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                state = path.stat()
                digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sets(tree: ast.Module, trees: Mapping[str, ast.Module]) -> set[str]:
    """The sets that a notebook, or a module behind it, names; all of them when none is named."""
    said = set(_strings(tree))
    for module, code in trees.items():
        if not _inside(module, DATA):
            said.update(_strings(code))
    return said & DATA_FILES.keys() or set(DATA_FILES)


def _other_data(tree: ast.Module, trees: Mapping[str, ast.Module]) -> set[str]:
    """The folders of `OTHER_DATA` that the notebook, or a module behind it, names in a string."""
    parts = {
        part
        for code in (tree, *trees.values())
        for text in _strings(code)
        for part in text.split("/")
    }
    return parts.intersection(OTHER_DATA)


def _records(
    project: Project, tree: ast.Module, trees: Mapping[str, ast.Module], code: Code
) -> Iterator[Path]:
    """The files below ``results``, ``book/claims`` and ``benchmarks`` that the notebook reads.

    A record file counts when a string names its experiment, or starts the names of several as the
    first part of an f-string does; all count when the notebook imports `helpers.claims` itself.
    Trained weights count when a string of the notebook, or of a module behind it, is a path with
    the part ``models``. The benchmarks count when the module that reads them is behind it.
    """
    results = project.root / "results"
    own = set(_strings(tree))
    said = own.union(
        *(
            _strings(trees[module])
            for module in trees
            if any(_inside(module, reader) for reader in READERS)
        )
    )
    everything = any(_inside(module, CLAIMS) for module in code.imports(tree))
    records = {
        path.relative_to(results).with_suffix("").as_posix(): path
        for path in sorted(results.rglob("*.jsonl"))
    }
    starts = tuple(text for text in said if "/" in text and text not in records)
    for name, path in records.items():
        if everything or name in said or name.startswith(starts):
            yield path
    if any(MODELS in text.split("/") for text in own.union(*map(_strings, trees.values()))):
        yield from sorted((results / MODELS).rglob("*.npz"))
    if any(_inside(module, CLAIMS) for module in trees):
        yield from sorted((project.root / "book" / "claims").glob("*.csv"))
    if BENCHMARKS in trees and project.benchmarks.is_file():
        yield project.benchmarks


def _strings(tree: ast.AST) -> Iterator[str]:
    return (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _inside(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")
