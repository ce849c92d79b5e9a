"""What a notebook has to know about where it runs: for a page or not, and on which data."""

import os

from helpers.data import Dataset
from helpers.profiles import Profile, check_profile

#: Set by the build for the notebooks that it executes.
VARIABLE = "BORROWED_BRAINS_PAGE"


def for_a_page() -> bool:
    """Whether the build of a page executes this: then a control would move and nothing answer."""
    return bool(os.environ.get(VARIABLE))


def sizes(profile: Profile, data: Dataset) -> Profile:
    """The profile whose numbers of images and steps the cells of a notebook take.

    A stand-in has so few images that only the sizes of `smoke` fit it, at every profile.

    Raises:
        ValueError: `profile` is not one.
    """
    return "smoke" if data.stand_in else check_profile(profile)
