"""What code a module depends on, and a hash of it that formatting does not change."""

import ast
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import grimp


def code_hash(*modules: str) -> str:
    """Sixteen hexadecimal digits over the syntax of `modules` and of all they import.

    Only modules of the same package count (`helpers`), imported directly or through others.

    Raises:
        ValueError: a module is not part of its package.
        SyntaxError: a file is not Python.
    """
    wanted = frozenset[str]().union(*(upstream(module) for module in modules))
    digest = hashlib.sha256()
    for module in sorted(wanted):
        digest.update(f"{module} {syntax_hash(source_file(module))}\n".encode())
    return digest.hexdigest()[:16]


@cache
def loaded_code(module: str) -> str:
    """The code hash of `module`, as its files were when this process first asked for it.

    A file that is edited later is not what this process has loaded. What comes of its code is
    therefore stamped with this, and it is asked for at the start of a run.
    """
    return code_hash(module)


def syntax_hashes(*modules: ModuleType) -> tuple[str, ...]:
    """The syntax hash of each file of `modules`, to be taken where they are imported.

    For caches whose results hang on a few modules and not on all that those import.
    """
    return tuple(syntax_hash(source_file(module.__name__)) for module in modules)


def upstream(module: str) -> frozenset[str]:
    """`module` and every module of its package that it imports, directly or through others.

    ``from helpers.attacks import pgd`` depends on ``helpers.attacks.pgd``. Python also runs the
    ``__init__`` of the packages above, but those only gather names: one counts where it is
    imported itself (``from helpers.attacks import Attack``), and then with all it gathers.
    Imports for type checking only do not count, imports inside functions do.

    Raises:
        ValueError: `module` is not part of its package.
    """
    graph = import_graph(module.partition(".")[0])
    if module not in graph.modules:
        raise ValueError(f"module is {module!r}; it may be a module that can be imported")
    return frozenset({module, *graph.find_upstream_modules(module)})


@cache
def import_graph(package: str) -> grimp.ImportGraph:
    """Who imports whom in `package`, read once per process."""
    if find_spec(package) is None:
        raise ValueError(f"package is {package!r}; it may be a package that can be imported")
    return grimp.build_graph(package, exclude_type_checking_imports=True, cache_dir=None)


def source_file(module: str) -> Path:
    """The file of `module`, found without importing it."""
    package, *parts = module.split(".")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ValueError(f"module is {module!r}; it may be a module that can be imported")
    path = Path(spec.origin).parent.joinpath(*parts)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def syntax_hash(path: Path) -> str:
    """Hash of a file's syntax tree: comments, formatting and docstrings do not change it.

    `ast.dump` would do, but its text differs between versions of Python.

    Raises:
        SyntaxError: the file is not Python.
    """
    tree = ast.parse(path.read_bytes(), filename=str(path))
    return hashlib.sha256(repr(_skeleton(tree)).encode()).hexdigest()


def _skeleton(node: object) -> object:
    """A syntax tree as nested tuples, without positions, empty fields and bare strings."""
    if isinstance(node, list):
        return tuple(_skeleton(item) for item in node if not _is_bare_string(item))
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = (
        (name, _skeleton(value))
        for name, value in ast.iter_fields(node)
        if value is not None and value != [] and name != "kind"  # u"text" is "text"
    )
    return (type(node).__name__, *fields)


def _is_bare_string(node: object) -> bool:
    """Whether `node` is a statement that is only a text, as a docstring is."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
