"""Files are checked before they are read, and before anything in them is unpickled."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from torchvision.datasets.utils import calculate_md5


class DataError(ValueError):
    """A data file that is there but cannot be used, or a set that could not be fetched."""


class Fingerprint(NamedTuple):
    """What a file must be: its MD5 digest in hexadecimal and, where known, its bytes."""

    md5: str
    size: int | None = None


def check_files(folder: Path, files: Mapping[str, Fingerprint], *, way_out: str) -> bool:
    """Whether `folder` holds `files`, each with its length and digest.

    A folder that is missing or empty holds nothing: False.

    Raises:
        DataError: the folder holds some of the files only, or one is truncated or corrupt; the
            message ends with `way_out`.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    missing = [name for name in files if not (folder / name).is_file()]
    if missing:
        raise DataError(f"{folder} lacks the file {', '.join(missing)}; {way_out}")
    for name, fingerprint in files.items():
        _check_file(folder / name, fingerprint, way_out=way_out)
    return True


def _check_file(path: Path, fingerprint: Fingerprint, *, way_out: str) -> None:
    size = path.stat().st_size
    if fingerprint.size is not None and size != fingerprint.size:
        raise DataError(
            f"{path} has {size:,} bytes and should have {fingerprint.size:,}; {way_out}"
        )
    md5 = calculate_md5(path)
    if md5 != fingerprint.md5:
        raise DataError(
            f"{path} ({size:,} bytes) is truncated or corrupt: its MD5 is {md5} "
            f"and should be {fingerprint.md5}; {way_out}"
        )
