"""Shared code of *Borrowed Brains*; each subpackage is one step of the book's argument."""

from typing import Any

__all__ = ["checkup"]


def __getattr__(name: str) -> Any:
    """``helpers.checkup``, without bringing torch to whoever imports something small."""
    if name == "checkup":
        from helpers.evaluation.checkup import checkup

        return checkup
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
