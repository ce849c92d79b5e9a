"""The scans that part II looks at: recorded ones where they are, simulated ones in their place."""

import logging

from helpers.data.folder import data_folder
from helpers.data.integrity import DataError
from helpers.data.load import load
from helpers.data.recordings.antolik import FOLDER, read_antolik
from helpers.data.recordings.recording import Recording
from helpers.data.recordings.simulated import Population, simulate
from helpers.data.stimuli import stimuli
from helpers.profiles import Profile, check_profile, current_profile

_log = logging.getLogger("helpers.data")
#: Images of a simulated scan: shown once, and repeated.
ONCE, REPEATED = 450, 50


def load_scans(profile: Profile | None = None) -> tuple[Recording, Recording, Recording]:
    """Two scans of the same repeated images, and one of others.

    They are the three regions that Antolík et al. (2016) recorded, from the data folder; else, and
    always at `smoke`, simulated populations that look at patches of photographs, with a note.

    Raises:
        ValueError: `profile` is not one, or ``BORROWED_BRAINS_DATA`` names no folder.
        DataError: recordings are there and cannot be used, or some regions are and others not.
    """
    profile = current_profile() if profile is None else check_profile(profile)
    folder = data_folder()
    if profile != "smoke" and folder is not None:
        regions = [read_antolik(folder, number) for number in (1, 2, 3)]
        one, two, three = regions
        if one is not None and two is not None and three is not None:
            return one, two, three
        missing = [f"region{number}" for number, each in enumerate(regions, 1) if each is None]
        if len(missing) < len(regions):  # a stand-in would hide that a part is there
            raise DataError(
                f"{folder / FOLDER} lacks {' and '.join(missing)} beside the other recordings; "
                "`brains data mouse_v1` brings all three regions"
            )
    if profile != "smoke":
        _log.warning(
            "No recordings of mouse V1 in the data folder: simulated scans take their place"
        )
    images = stimuli(load("cifar10_gray", profile="smoke").train_images[: 2 * (ONCE + REPEATED)])
    cells = Population(neurons=100)
    first, second = images[: ONCE + REPEATED], images[ONCE + REPEATED :]
    return (
        simulate(first, cells, repeated=REPEATED, scan=0),
        simulate(first, cells, repeated=REPEATED, scan=1),
        simulate(second, cells, repeated=REPEATED, scan=2),
    )
