"""Recordings as the Sensorium 2022 competition published them: a folder, or a zip of it.

A scan has ``data/{images,responses,behavior,pupil_center}/<trial>.npy`` for trials 0 to N - 1,
``meta/trials/{tiers,frame_image_id}.npy`` and ``meta/neurons/cell_motor_coordinates.npy``.

Source: Willeke et al. (2022), *The Sensorium competition on predicting large-scale mouse primary
visual cortex activity*.
"""

import io
import re
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from helpers.data.arrays import read_array
from helpers.data.integrity import DataError
from helpers.data.recordings.packed import Read, opened
from helpers.data.recordings.recording import Recording
from helpers.data.stimuli import HEIGHT, WIDTH

#: Their names of tiers. In the competition's own two scans, 26872-17-20 and 27204-5-13, the
#: responses of ``test`` and ``final_test`` were withheld: the arrays are there and hold zeros.
TIERS = {"train": "train", "validation": "validation", "test": "test", "final_test": "test"}
PARTS = ("images", "responses", "behavior", "pupil_center")
_TRIAL = re.compile(r"data/(images|responses|behavior|pupil_center)/(\d+)\.npy")


def read_sensorium(path: Path) -> Recording:
    """One scan, its images scaled to 36x64.

    Trials of the tier ``none`` are left out, and no others: responses that were withheld and stand
    as zeros in the files stand as zeros here, for a silent trial looks the same. Nothing of a zip
    is written anywhere.

    Args:
        path: the folder of the scan, or a zip that holds it.

    Raises:
        DataError: there is no such file; a trial, an array or a whole part is missing; parts have
            different trials; an array of a trial that is not left out has another shape, another
            type, NaN, or holds Python objects; trials with one ``frame_image_id`` have different
            images; a zip is torn or has a member that would be written outside its folder. The
            file is named.
    """
    with opened(path) as (members, read):
        numbers = _trial_numbers(path, members)
        tiers = _text(path, "meta/trials/tiers.npy", read, len(numbers))
        unknown = sorted(set(tiers) - {*TIERS, "none"})
        if unknown:
            raise DataError(
                f"{path}: meta/trials/tiers.npy holds {unknown[0]!r} and should hold "
                f"{', '.join(TIERS)} or none"
            )
        used = [number for number in numbers if tiers[number] in TIERS]
        if not used:
            raise DataError(f"{path}: meta/trials/tiers.npy holds no trial to use")
        ids = _array(path, "meta/trials/frame_image_id.npy", read)
        if ids.shape != (len(numbers),):
            raise DataError(
                f"{path}: meta/trials/frame_image_id.npy has shape {ids.shape} and should have "
                f"({len(numbers)},), one for each trial"
            )
        responses = _stack(path, "responses", used, read, None)
        behaviour = _stack(path, "behavior", used, read, 3)
        pupil = _stack(path, "pupil_center", used, read, 2)
        images, shown = _images(path, used, ids, read)
        positions = _array(path, "meta/neurons/cell_motor_coordinates.npy", read)
        if positions.dtype.kind not in "fiu" or positions.shape != (responses.shape[1], 3):
            raise DataError(
                f"{path}: meta/neurons/cell_motor_coordinates.npy holds {positions.dtype} "
                f"{positions.shape} and should hold numbers ({responses.shape[1]}, 3), one row for "
                "each response"
            )
    return Recording(
        name=path.stem,
        source="mouse V1, two-photon imaging, Sensorium 2022",
        images=images,
        shown=shown,
        responses=torch.from_numpy(responses),
        tier=tuple(TIERS[tiers[number]] for number in used),
        behaviour=torch.from_numpy(behaviour),
        pupil=torch.from_numpy(pupil),
        positions=torch.from_numpy(positions.astype(np.float32)),
    )


def _trial_numbers(path: Path, members: list[str]) -> list[int]:
    """The trials, which every part has, from 0 without a gap."""
    found: dict[str, set[int]] = {part: set() for part in PARTS}
    for name in members:
        match = _TRIAL.fullmatch(name)
        if match is not None:
            found[match[1]].add(int(match[2]))
    count = max((max(numbers) + 1 for numbers in found.values() if numbers), default=0)
    if not count:
        raise DataError(f"{path} holds no trials at data/images/<number>.npy")
    for part, numbers in found.items():
        missing = sorted(set(range(count)) - numbers)
        if missing:
            raise DataError(
                f"{path} lacks data/{part}/{missing[0]}.npy ({len(missing)} of {count} trials of "
                f"{part} are missing)"
            )
    return list(range(count))


def _array(path: Path, name: str, read: Read) -> NDArray:
    try:
        content = read(name)
    except (KeyError, FileNotFoundError) as error:
        raise DataError(f"{path} lacks {name}") from error
    except OSError as error:
        raise DataError(f"{path}: {name} cannot be read ({error})") from error
    found = read_array(io.BytesIO(content), f"{path}: {name}")
    if found.dtype.kind == "f":
        # As the float32 that it becomes, in which large numbers turn infinite.
        with np.errstate(over="ignore"):
            finite = np.isfinite(found.astype(np.float32)).all()
        if not finite:
            raise DataError(f"{path}: {name} holds NaN, infinite numbers or some beyond float32")
    return found


def _text(path: Path, name: str, read: Read, count: int) -> list[str]:
    found = _array(path, name, read)
    if found.dtype.kind not in "US" or found.shape != (count,):
        raise DataError(
            f"{path}: {name} holds {found.dtype} {found.shape} and should hold text ({count},), "
            "one for each trial"
        )
    # Bytes that are no ASCII become letters that no name has, so that the caller refuses them.
    return [each.decode("latin-1") if isinstance(each, bytes) else each for each in found.tolist()]


def _stack(
    path: Path, part: str, trials: list[int], read: Read, count: int | None
) -> NDArray[np.float32]:
    """One part of all trials, `count` numbers each; None stands for as many as the first has."""
    rows: list[NDArray[np.float32]] = []
    for trial in trials:
        name = f"data/{part}/{trial}.npy"
        found = _array(path, name, read)
        wanted = rows[0].shape if rows else (found.size,) if count is None else (count,)
        if found.dtype.kind not in "fiu" or found.shape != wanted:
            raise DataError(
                f"{path}: {name} holds {found.dtype} {found.shape} and should hold numbers {wanted}"
            )
        rows.append(found.astype(np.float32))
    return np.stack(rows)


def _images(path: Path, trials: list[int], ids: NDArray, read: Read) -> tuple[Tensor, Tensor]:
    """Each different image once, scaled, and which one each trial shows.

    The images of repeats are read too: they may hold anything else.
    """
    place: dict[object, int] = {}
    images: list[Tensor] = []
    first: list[int] = []
    shown: list[int] = []
    for trial in trials:
        key, image = ids[trial].item(), _image(path, trial, read)
        number = place.setdefault(key, len(images))
        if number == len(images):
            images.append(image)
            first.append(trial)
        elif not torch.equal(image, images[number]):
            raise DataError(
                f"{path}: data/images/{trial}.npy differs from data/images/{first[number]}.npy "
                f"and should be the same image, as both have the frame_image_id {key!r}"
            )
        shown.append(number)
    return torch.stack(images), torch.tensor(shown)


def _image(path: Path, trial: int, read: Read) -> Tensor:
    name = f"data/images/{trial}.npy"
    found = _array(path, name, read)
    kind, shape = found.dtype.kind, found.shape
    if kind not in "fiu" or found.ndim != 3 or shape[0] != 1 or not found.size:
        raise DataError(
            f"{path}: {name} holds {found.dtype} {shape} and should hold gray levels "
            "(1, height, width)"
        )
    if found.min() < 0 or found.max() > 255:
        raise DataError(
            f"{path}: {name} spans {found.min()} to {found.max()} and should hold gray "
            "levels from 0 to 255"
        )
    return _scaled(torch.from_numpy(found.astype(np.float32)))


def _scaled(image: Tensor) -> Tensor:
    """(1, height, width) to (1, 36, 64), uint8."""
    if image.shape[1:] != (HEIGHT, WIDTH):
        image = interpolate(image[None], (HEIGHT, WIDTH), mode="bilinear", antialias=True)[0]
    return image.round().clamp(0, 255).to(torch.uint8)


def write_sensorium(recording: Recording, folder: Path) -> Path:
    """Write a scan in the format that :func:`read_sensorium` reads, and return its folder.

    Args:
        recording: with behaviour, pupil and positions.
        folder: is made; the scan's folder inside has the name of the recording.

    Raises:
        ValueError: `recording` lacks behaviour, pupil or positions, or its folder is there already.
    """
    for name in ("behaviour", "pupil", "positions"):
        if getattr(recording, name) is None:
            raise ValueError(f"{name} of {recording.name} is None; it may be recorded")
    place = folder / recording.name
    if place.exists():
        raise ValueError(f"folder {place} is there already; it may be a new one")
    assert recording.behaviour is not None
    assert recording.pupil is not None
    assert recording.positions is not None
    for part in PARTS:
        (place / "data" / part).mkdir(parents=True)
    for trial, image in enumerate(recording.shown.tolist()):
        values = {
            "images": recording.images[image].float(),
            "responses": recording.responses[trial],
            "behavior": recording.behaviour[trial],
            "pupil_center": recording.pupil[trial],
        }
        for part, value in values.items():
            np.save(place / "data" / part / f"{trial}.npy", value.numpy())
    for group, arrays in {
        "trials": {
            "tiers": np.array(recording.tier),
            "frame_image_id": recording.shown.numpy(),
            "trial_idx": np.arange(len(recording.tier)),
        },
        "neurons": {
            "unit_ids": np.arange(recording.neurons),
            "cell_motor_coordinates": recording.positions.numpy(),
        },
    }.items():
        (place / "meta" / group).mkdir(parents=True)
        for name, array in arrays.items():
            np.save(place / "meta" / group / f"{name}.npy", array)
    return place
