"""Whether a notebook runs for a published page, where no Python will be behind it."""

import os

#: Set by the build for the notebooks that it executes.
VARIABLE = "BORROWED_BRAINS_PAGE"


def for_a_page() -> bool:
    """Whether the build of a page executes this: then a control would move and nothing answer."""
    return bool(os.environ.get(VARIABLE))
