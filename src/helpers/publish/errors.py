"""What can go wrong between a notebook and its page, in words for whoever runs the build."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class BookError(RuntimeError):
    """The book could not be built; the last good pages stay as they are."""


class NotebookError(BookError):
    """A notebook could not be executed; names the notebook, the cell and the exception."""


@contextmanager
def full_disk_named(doing: str) -> Iterator[None]:
    """Turn "no space left on device" inside the block into a `BookError` that says so."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise BookError(
            f"The disk is full: {error} while {doing}. Make room and try again."
        ) from error
