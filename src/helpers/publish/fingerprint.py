"""What an executed notebook depends on: the same fingerprint, and it need not be executed again.

jupyter-cache hashes the notebook alone; the answer of a notebook also depends on the helper
modules it imports, the installed libraries, its parameters, the records it reads and its data.
"""

import ast
import hashlib
import sys
from collections.abc import Iterator
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
DATA = "helpers.data"
THE_DATA = "the data"


def fingerprint(
    project: Project, name: str, *, profile: Profile, code: Code, data: str
) -> Fingerprint:
    """The parts that the notebook `name` depends on, each with its hash.

    Args:
        project: where the notebook, the records and the lock file are.
        name: the notebook.
        profile: its parameter.
        code: the helper modules.
        data: the identity of the data, from `data_identity`; counts where the notebook loads data.

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
    files = _records(project, tree, code, modules)
    parts |= {path.relative_to(project.root).as_posix(): file_digest(path) for path in files}
    if any(_inside(module, DATA) for module in modules):
        parts[THE_DATA] = data
    return parts


def loads_data(parts: Fingerprint) -> bool:
    """Whether a notebook with that fingerprint loads data."""
    return THE_DATA in parts


def changed(old: Fingerprint, new: Fingerprint) -> list[str]:
    """The parts that differ, by name."""
    return sorted(part for part in old.keys() | new.keys() if old.get(part) != new.get(part))


def data_identity(folder: Path | None) -> str:
    """A hash of the names, sizes and times of all files in the data folder."""
    digest = hashlib.sha256(str(folder).encode())
    for path in sorted(folder.rglob("*")) if folder is not None else ():
        if path.is_file():
            state = path.stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _records(
    project: Project, tree: ast.Module, code: Code, modules: frozenset[str]
) -> Iterator[Path]:
    """The files below ``results`` and ``book/claims`` that the notebook reads.

    A record file counts when its experiment is named as a plain string, all of them when the
    notebook imports `helpers.claims` itself. Trained weights count when its code speaks of models.
    """
    results = project.root / "results"
    said = set(_strings(tree))
    for module in sorted(modules):
        if any(_inside(module, reader) for reader in READERS):
            said.update(_strings(ast.parse(code.file(module).read_bytes())))
    everything = any(_inside(module, CLAIMS) for module in code.imports(tree))
    for path in sorted(results.rglob("*.jsonl")):
        if everything or path.relative_to(results).with_suffix("").as_posix() in said:
            yield path
    if "models" in ast.unparse(tree):
        yield from sorted((results / "models").rglob("*.npz"))
    if any(_inside(module, CLAIMS) for module in modules):
        yield from sorted((project.root / "book" / "claims").glob("*.csv"))


def _strings(tree: ast.AST) -> Iterator[str]:
    return (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _inside(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")
