"""Load a set of images: from the data folder, from one quick download, or its stand-in."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from helpers.checks import check_choice
from helpers.data.attempt import attempt_mnist
from helpers.data.cifar import read_cifar10, read_cifar10_gray, read_cifar100_gray
from helpers.data.dataset import Dataset
from helpers.data.digits import digits
from helpers.data.folder import data_folder, download_folder
from helpers.data.mnist import read_mnist
from helpers.data.photographs import photographs, photographs_gray
from helpers.profiles import VARIABLE as PROFILE_VARIABLE
from helpers.profiles import Profile, check_profile, current_profile

_log = logging.getLogger("helpers.data")


@dataclass(frozen=True)
class _Set:
    """A set that may be asked for: its title, its reader, its stand-in, and what brings it."""

    title: str
    read: Callable[[Path], Dataset | None]
    stand_in: Callable[[], Dataset]
    described: str
    fetched_as: str


_DIGITS = "scikit-learn's handwritten digits, enlarged to 28x28, take"
_PHOTOGRAPHS = "patches of ten photographs take"
_GRAY = "patches of ten photographs, in gray, take"
_SETS = {
    "mnist": _Set("MNIST", read_mnist, digits, _DIGITS, "mnist"),
    "cifar10": _Set("CIFAR-10", read_cifar10, photographs, _PHOTOGRAPHS, "cifar10"),
    "cifar10_gray": _Set("CIFAR-10 in gray", read_cifar10_gray, photographs_gray, _GRAY, "cifar10"),
    "cifar100_gray": _Set(
        "CIFAR-100 in gray", read_cifar100_gray, photographs_gray, _GRAY, "cifar100"
    ),
}
NAMES = ("digits", *_SETS)


def load(
    name: str, *, device: str | torch.device = "cpu", profile: Profile | None = None
) -> Dataset:
    """The images and labels of `name`, whole, as uint8 tensors on `device`.

    The folder of :func:`data_folder` comes first. MNIST that is not there gets one try to download
    it, of a few seconds; ``BORROWED_BRAINS_OFFLINE=1`` forbids that. What is then still missing is
    replaced by embedded data, and the note of the result says so. The ``smoke`` profile always
    takes embedded data.

    Args:
        name: ``mnist``, ``digits``, ``cifar10``, ``cifar10_gray`` or ``cifar100_gray``.
        device: where the tensors go.
        profile: the profile; by default the current one.

    Raises:
        ValueError: `name`, `device` or `profile` is not one, or ``BORROWED_BRAINS_DATA`` names no
            folder.
        DataError: the set is in the folder, but incomplete, truncated or corrupt.
    """
    check_choice("name", name, NAMES)
    _check_device(device)
    profile = current_profile() if profile is None else check_profile(profile)
    data_folder()  # checked at smoke too: a variable that names no folder is a mistake
    if name == "digits":
        return _to(device, digits())
    wanted = _SETS[name]
    if profile == "smoke":
        note = (
            f"The smoke profile always uses embedded data: {wanted.described} the place of "
            f"{wanted.title}; {PROFILE_VARIABLE}=laptop uses the real images."
        )
        return _to(device, replace(wanted.stand_in(), asked=name, note=note))
    data, failure = _in_folder(wanted), None
    if data is None and name == "mnist":
        failure = attempt_mnist()
        data = _in_folder(wanted)
    if data is not None:
        return _to(device, data)
    tried = "" if failure is None else " and could not be downloaded"
    note = (
        f"{wanted.title} is not in the data folder{tried}: {wanted.described} its place; "
        f"`brains data {wanted.fetched_as}` brings the real images."
    )
    _log.warning("%s [%s]", note, failure or f"looked in {download_folder()}")
    return _to(device, replace(wanted.stand_in(), asked=name, note=note))


def _in_folder(wanted: _Set) -> Dataset | None:
    folder = data_folder()
    return None if folder is None else wanted.read(folder)


def _check_device(device: str | torch.device) -> None:
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # AssertionError: torch without that backend
        raise ValueError(
            f"device is {str(device)!r}; it may be one that torch has here, such as cpu ({error})"
        ) from error


def _to(device: str | torch.device, data: Dataset) -> Dataset:
    return replace(
        data,
        train_images=data.train_images.to(device),
        train_labels=data.train_labels.to(device),
        test_images=data.test_images.to(device),
        test_labels=data.test_labels.to(device),
    )
