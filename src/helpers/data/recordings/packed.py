"""The files of one scan, in a folder or in a zip of it that is never unpacked."""

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from helpers.data.integrity import DataError

#: What zipfile and its decompressors raise where a zip is torn, locked or no zip at all.
_TORN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)

#: Reads one member by its path below the scan's folder.
Read = Callable[[str], bytes]


@contextmanager
def opened(path: Path) -> Iterator[tuple[list[str], Read]]:
    """The members below the scan's folder, and how to read one.

    Raises:
        DataError: there is no such file; a zip is torn, holds no scan or several, or has a member
            that would be written outside its folder. Reading a member raises it where the zip is
            torn there.
    """
    if path.is_dir():
        found = [str(each.relative_to(path).as_posix()) for each in path.rglob("*.npy")]
        yield found, lambda name: (path / name).read_bytes()
        return
    if not path.is_file():
        raise DataError(f"{path} is neither a folder nor a file")
    try:
        file = zipfile.ZipFile(path)
    except _TORN as error:
        raise DataError(f"{path} cannot be read as a zip ({error})") from error
    with file:
        outside = [
            name
            for name in file.namelist()
            if PurePosixPath(name).is_absolute()
            or ".." in PurePosixPath(name).parts
            or "\\" in name
        ]
        if outside:
            raise DataError(
                f"{path} holds {outside[0]!r}, which would be written outside its folder"
            )
        top = _top(path, file.namelist())

        def read(name: str) -> bytes:
            # Here and not around the yield, where it would catch what the caller raises too.
            try:
                return file.read(top + name)
            except _TORN as error:
                raise DataError(f"{path} cannot be read as a zip ({error})") from error

        yield [name.removeprefix(top) for name in file.namelist() if name.startswith(top)], read


def _top(path: Path, names: list[str]) -> str:
    """The folder in a zip that holds ``data/`` and ``meta/``."""
    tops = {name[: name.index("data/images/")] for name in names if "data/images/" in name}
    if len(tops) != 1:
        raise DataError(f"{path} holds {len(tops)} folders data/images/ and should hold one")
    return tops.pop()
