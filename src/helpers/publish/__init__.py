"""From notebook to page: pairs, execution, the built book and the guard over it."""

from helpers.publish.errors import BookError, NotebookError
from helpers.publish.project import Project

__all__ = ["BookError", "NotebookError", "Project"]
