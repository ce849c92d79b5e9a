"""Which modules of `helpers` a notebook imports, directly or through others."""

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grimp.exceptions import SourceSyntaxError

from helpers.code import import_graph, source_file, syntax_hash, upstream
from helpers.publish.errors import BookError

PACKAGE = "helpers"


@dataclass(frozen=True)
class Code:
    """The code that notebooks import, as the fingerprint sees it.

    Attributes:
        package: the package whose modules count.
        modules: every module of it, packages too.
        upstream: a module and all that it imports, directly or through others.
        file: the file of a module.
        digest: the hash of a file of code; formatting does not change it.
    """

    package: str
    modules: frozenset[str]
    upstream: Callable[[str], frozenset[str]]
    file: Callable[[str], Path]
    digest: Callable[[Path], str] = syntax_hash

    def behind(self, tree: ast.Module) -> frozenset[str]:
        """Every module that the notebook `tree` imports, directly or through others.

        Raises:
            ValueError: the notebook imports what the package does not have.
        """
        return frozenset[str]().union(*(self.upstream(module) for module in self.imports(tree)))

    def imports(self, tree: ast.Module) -> frozenset[str]:
        """The modules that the notebook `tree` names itself.

        ``from helpers.x import y`` names ``helpers.x.y`` if that is a module, else the whole
        package ``helpers.x``.
        """
        named: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                for alias in node.names:
                    longer = f"{node.module}.{alias.name}"
                    named.add(longer if longer in self.modules else node.module)
        own = {name for name in named if f"{name}.".startswith(f"{self.package}.")}
        if missing := own - self.modules:
            raise ValueError(f"a notebook imports {min(missing)}, which {self.package} has not")
        return frozenset(own)

    def digests(self, modules: frozenset[str]) -> dict[str, str]:
        """The hash of each of `modules`, and of what lies beside it that is no Python.

        A widget's script counts with the module that reads it.
        """
        files = {module: self.file(module) for module in sorted(modules)}
        digests = {module: self.digest(path) for module, path in files.items()}
        for folder in sorted({path.parent for path in files.values()}):
            for path in sorted(folder.iterdir()):
                if path.is_file() and path.suffix != ".py":
                    digests[f"{folder.name}/{path.name}"] = file_digest(path)
        return digests


def helpers_code() -> Code:
    """The code of `helpers` as it is now.

    Raises:
        BookError: a module is not Python.
    """
    try:
        modules = frozenset(import_graph(PACKAGE).modules)
    except SourceSyntaxError as error:
        raise BookError(str(error)) from error
    return Code(package=PACKAGE, modules=modules, upstream=upstream, file=source_file)


def file_digest(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
