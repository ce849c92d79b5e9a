"""Recordings as the Sensorium 2022 competition published them: a folder, or a zip of it.

A scan has ``data/{images,responses,behavior,pupil_center}/<trial>.npy`` for trials 0 to N - 1,
``meta/trials/{tiers,frame_image_id}.npy`` and ``meta/neurons/cell_motor_coordinates.npy``.

Source: Willeke et al. (2022), *The Sensorium competition on predicting large-scale mouse primary
visual cortex activity*.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from helpers.data.integrity import DataError
from helpers.data.recordings.recording import Recording
from helpers.data.stimuli import HEIGHT, WIDTH

#: Their names of tiers. The final test's responses were held back in the competition.
TIERS = {"train": "train", "validation": "validation", "test": "test", "final_test": "test"}
PARTS = ("images", "responses", "behavior", "pupil_center")
_TRIAL = re.compile(r"data/(images|responses|behavior|pupil_center)/(\d+)\.npy")

#: Reads one member by its path below the scan's folder.
_Read = Callable[[str], bytes]


def read_sensorium(path: Path) -> Recording:
    """One scan, its images scaled to 36x64.

    Trials whose responses were not published are left out. Nothing of a zip is written anywhere.

    Args:
        path: the folder of the scan, or a zip that holds it.

    Raises:
        DataError: there is no such file; a trial, an array or a whole part is missing; parts have
            different trials; an array has another shape, another type, NaN, or holds Python
            objects; a zip is torn or has a member that would be written outside its folder. The
            file is named.
    """
    with _opened(path) as (members, read):
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
        if positions.shape != (responses.shape[1], 3):
            raise DataError(
                f"{path}: meta/neurons/cell_motor_coordinates.npy has shape {positions.shape} and "
                f"should have ({responses.shape[1]}, 3), as there are so many responses"
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


@contextmanager
def _opened(path: Path) -> Iterator[tuple[list[str], _Read]]:
    """The members below the scan's folder, and how to read one."""
    if path.is_dir():
        found = [str(each.relative_to(path).as_posix()) for each in path.rglob("*.npy")]
        yield found, lambda name: (path / name).read_bytes()
        return
    if not path.is_file():
        raise DataError(f"{path} is neither a folder nor a file")
    try:
        with zipfile.ZipFile(path) as file:
            outside = [
                name
                for name in file.namelist()
                if PurePosixPath(name).is_absolute()
                or ".." in PurePosixPath(name).parts
                or "\\" in name
            ]
            if outside:
                raise DataError(
                    f"{path} holds {outside[0]!r}, which would be written outside its folder"
                )
            top = _top(path, file.namelist())
            members = [name.removeprefix(top) for name in file.namelist() if name.startswith(top)]
            yield members, lambda name: file.read(top + name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path} cannot be read as a zip ({error})") from error


def _top(path: Path, names: list[str]) -> str:
    """The folder in a zip that holds ``data/`` and ``meta/``."""
    tops = {name[: name.index("data/images/")] for name in names if "data/images/" in name}
    if len(tops) != 1:
        raise DataError(f"{path} holds {len(tops)} folders data/images/ and should hold one")
    return tops.pop()


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


def _array(path: Path, name: str, read: _Read) -> NDArray:
    try:
        found = np.load(io.BytesIO(read(name)), allow_pickle=False)
    except (KeyError, FileNotFoundError) as error:
        raise DataError(f"{path} lacks {name}") from error
    except (ValueError, EOFError, OSError) as error:
        raise DataError(f"{path}: {name} cannot be read as a plain array ({error})") from error
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        raise DataError(f"{path}: {name} holds NaN or infinite numbers")
    return found


def _text(path: Path, name: str, read: _Read, count: int) -> list[str]:
    found = _array(path, name, read)
    if found.dtype.kind not in "US" or found.shape != (count,):
        raise DataError(
            f"{path}: {name} holds {found.dtype} {found.shape} and should hold text ({count},), "
            "one for each trial"
        )
    return [str(each) for each in found.astype(str)]


def _stack(
    path: Path, part: str, trials: list[int], read: _Read, count: int | None
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


def _images(path: Path, trials: list[int], ids: NDArray, read: _Read) -> tuple[Tensor, Tensor]:
    """Each different image once, scaled, and which one each trial shows."""
    place: dict[object, int] = {}
    images: list[Tensor] = []
    shown: list[int] = []
    for trial in trials:
        key = ids[trial].item()
        if key not in place:
            name = f"data/images/{trial}.npy"
            found = _array(path, name, read)
            if found.ndim != 3 or found.shape[0] != 1 or found.dtype.kind not in "fiu":
                raise DataError(
                    f"{path}: {name} holds {found.dtype} {found.shape} and should hold gray levels "
                    "(1, height, width)"
                )
            if found.min() < 0 or found.max() > 255:
                raise DataError(
                    f"{path}: {name} spans {found.min()} to {found.max()} and should hold gray "
                    "levels from 0 to 255"
                )
            place[key] = len(images)
            images.append(_scaled(torch.from_numpy(found.astype(np.float32))))
        shown.append(place[key])
    return torch.stack(images), torch.tensor(shown)


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
