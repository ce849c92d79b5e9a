"""Which sizes the cells of a notebook take: those of the profile, or those that its data allow."""

from helpers.data import Dataset
from helpers.profiles import Profile, check_profile


def sizes(profile: Profile, data: Dataset) -> Profile:
    """The profile whose numbers of images and steps the cells of a notebook take.

    A stand-in has so few images that only the sizes of `smoke` fit it, at every profile.

    Raises:
        ValueError: `profile` is not one.
    """
    check_profile(profile)
    return "smoke" if data.stand_in else profile
