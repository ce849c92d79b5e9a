"""The three sizes at which every notebook and every experiment runs."""

import os
from typing import Literal, get_args

Profile = Literal["smoke", "laptop", "paper"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
VARIABLE = "BORROWED_BRAINS_PROFILE"


def check_profile(name: str) -> Profile:
    """Return `name` if it is a profile.

    Raises:
        ValueError: `name` is not one of :data:`PROFILES`.
    """
    if name not in PROFILES:
        raise ValueError(f"profile is {name!r}; it may be one of {', '.join(PROFILES)}")
    return name


def current_profile() -> Profile:
    """The profile named in ``BORROWED_BRAINS_PROFILE``, else ``laptop``.

    ``smoke`` takes seconds and always uses embedded data, ``laptop`` fits two cores,
    ``paper`` is the scale of the paper on whatever machine.

    Raises:
        ValueError: the variable names no profile.
    """
    name = os.environ.get(VARIABLE, "laptop")
    if name not in PROFILES:
        raise ValueError(f"{VARIABLE} is {name!r}; it may be one of {', '.join(PROFILES)}")
    return name
