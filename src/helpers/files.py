"""Files that are written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; at the end it takes the place of `path`.

    Where something is raised, or the process is killed, `path` stays as it was; a process that is
    killed leaves an unfinished file beside it, whose name ends in ``.new``. Of several that write
    the same file, in one process or in many, the last one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{uuid4().hex}.new")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
