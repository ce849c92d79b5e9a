"""Bring the weights of networks that were trained elsewhere into the data folder."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from torch.hub import download_url_to_file
from torchvision.models import VGG19_Weights

from helpers.data.download import DOWNLOAD_ERRORS, SILENCE, one_line, set_lock, socket_timeout
from helpers.data.folder import download_folder
from helpers.data.integrity import DataError
from helpers.files import replacing
from helpers.models import squeezenet, vgg19
from helpers.models.squeezenet_compressed import decompressed, digest_of

#: SqueezeNet 1.0 as its authors published it compressed, at a commit that stays.
SQUEEZENET = (
    "https://raw.githubusercontent.com/songhan/SqueezeNet-Deep-Compression/"
    "5623e3cdbe1fcd83328c61ce2ee42c34ed319aa3/compressed_SqueezeNet.net"
)
#: Of the weights in that file, see ``digest_of``: the file's own checksum was not published.
SQUEEZENET_SHA256 = "c9b0167d066bb49f09bf38f28fbeb0099bc5569585e9b8f6e99ac2b71ea033b9"
#: Torchvision's own address.
VGG19 = VGG19_Weights.IMAGENET1K_V1.url


def fetch_vgg19(address: str = VGG19, *, sha256_begins: str = vgg19.SHA256_BEGINS) -> Path:
    """Download torchvision's VGG-19 (548 MB) into the data folder, which is returned.

    A file that is there is checked and left alone. A download is checked before it is moved in
    place; nothing is unpickled.

    Raises:
        ValueError: ``BORROWED_BRAINS_DATA`` names no folder.
        DataError: what is there is another file, the file could not be brought, or is not what it
            should be.
    """
    folder = download_folder()
    path = folder / vgg19.FILE
    with set_lock("vgg19"):
        if path.exists():
            vgg19.check_vgg19(path, sha256_begins=sha256_begins)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            _download(address, path, sha256_begins)
    return folder


def fetch_squeezenet(address: str = SQUEEZENET, *, sha256: str = SQUEEZENET_SHA256) -> Path:
    """Download the compressed SqueezeNet 1.0 (0.7 MB) and unpack it in the data folder.

    Weights that are there and fit are left alone. Those that come are compared with what they
    should be before they are kept.

    Returns:
        The data folder.

    Raises:
        ValueError: ``BORROWED_BRAINS_DATA`` names no folder.
        DataError: what is there cannot be used, the file could not be brought, or is not what it
            should be.
    """
    folder = download_folder()
    with set_lock("squeezenet"), tempfile.TemporaryDirectory() as temporary:
        if squeezenet.read_squeezenet(folder) is not None:
            return folder
        packed = Path(temporary) / "compressed_SqueezeNet.net"
        _download(address, packed)
        arrays: dict[str, Any] = decompressed(packed.read_bytes())
        found = digest_of(arrays)
        if found != sha256:
            raise DataError(
                f"{address} holds other weights: their SHA-256 is {found} and should be {sha256}; "
                "nothing was kept"
            )
        with replacing(folder / squeezenet.FILE) as fresh, fresh.open("wb") as file:
            np.savez_compressed(file, **arrays)
    return folder


def _download(address: str, path: Path, sha256_begins: str | None = None) -> None:
    try:
        with socket_timeout(SILENCE):
            download_url_to_file(address, str(path), hash_prefix=sha256_begins, progress=False)
    except DOWNLOAD_ERRORS as error:  # a RuntimeError where the file is another one
        raise DataError(
            f"{path.name} could not be brought ({one_line(error)}); check the network and the "
            "disk, and try again"
        ) from error
