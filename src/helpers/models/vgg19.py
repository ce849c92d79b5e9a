"""VGG-19 as far as conv3-1, and torchvision's weights for it from their file."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from helpers.checks import check_count
from helpers.data.integrity import DataError
from helpers.tensors import read_tensors

#: Torchvision's file in the data folder. Its name ends with what the SHA-256 of the file begins
#: with, which is all of it that torchvision publishes.
FILE = Path("pretrained") / "vgg19-dcbb9e9d.pth"
SHA256_BEGINS = "dcbb9e9d"
#: Mean and standard deviation of red, green and blue from 0 to 1, with which it was trained.
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
#: Maps of each convolution as far as conv3-1; 0 halves the image.
LAYERS = (64, 64, 0, 128, 128, 0, 256)


def vgg19_to_conv3_1() -> nn.Sequential:
    """The first layers of VGG-19, with random weights: (n, 3, h, w) to (n, 256, h // 4, w // 4).

    Seven convolutions and halvings, numbered as torchvision's ``features``; the last is the ReLU
    behind conv3-1.

    Source: Simonyan and Zisserman (2015), table 1, column E.
    """
    layers: list[nn.Module] = []
    channels = 3
    for maps in LAYERS:
        if maps:
            layers += [nn.Conv2d(channels, maps, 3, padding=1), nn.ReLU()]
            channels = maps
        else:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


@torch.no_grad()
def conv3_1_maps(network: nn.Module, images: Tensor, *, batch: int = 50) -> Tensor:
    """The maps (n, 256, h / 2, w / 2) behind conv3-1, which Li et al. (2019) took.

    The images enter at twice their size, in which an object has about the size it had in training.
    Those of 5,000 images of 36x64 fill 3 GB, and their similarity matrix takes three times that.

    Args:
        network: of :func:`read_vgg19`.
        images: (n, 1, h, w) gray uint8; gray stands for all three colours.
        batch: images at a time.

    Raises:
        ValueError: the images are not that; `batch` is below 1.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 (n, 1, h, w)"
        )
    check_count("batch", batch, 1)
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (MEAN, STD))
    maps = []
    for part in images.split(batch):
        x = nn.functional.interpolate(part.float() / 255, scale_factor=2.0, mode="bilinear")
        maps.append(network((x - mean) / std))
    return torch.cat(maps)


def read_vgg19(folder: Path, *, sha256_begins: str = SHA256_BEGINS) -> nn.Sequential | None:
    """The first layers with torchvision's weights in `folder`, or None where their file is missing.

    Args:
        folder: the data folder.
        sha256_begins: how the SHA-256 of the file has to begin; it is compared before the file is
            unpickled, and then nothing but tensors is read.

    Raises:
        DataError: the file is another one, lacks a tensor or holds another shape.
    """
    path = folder / FILE
    if not path.exists():
        return None
    check_vgg19(path, sha256_begins=sha256_begins)
    try:
        held = read_tensors(path)
    except ValueError as error:
        raise DataError(str(error)) from error
    if not isinstance(held, Mapping):
        raise DataError(f"{path} holds a {type(held).__name__} and should hold named tensors")
    network = vgg19_to_conv3_1()
    for name, wanted in network.state_dict().items():
        theirs = held.get(f"features.{name}")
        if not isinstance(theirs, Tensor):
            raise DataError(f"{path} lacks the tensor features.{name}")
        if theirs.shape != wanted.shape:
            raise DataError(
                f"{path} holds features.{name} of shape {tuple(theirs.shape)} and should hold "
                f"{tuple(wanted.shape)}"
            )
        wanted.copy_(theirs)
    return network.eval()


def check_vgg19(path: Path, *, sha256_begins: str = SHA256_BEGINS) -> None:
    """Nothing, where `path` is the file of torchvision's weights.

    Raises:
        DataError: its SHA-256 begins otherwise.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(sha256_begins):
        raise DataError(
            f"{path} is truncated, corrupt or another file: its SHA-256 is {found} and should "
            f"begin with {sha256_begins}; delete it and run `brains data vgg19`"
        )
