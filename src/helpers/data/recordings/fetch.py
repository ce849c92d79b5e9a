"""Bring the public recordings of mouse V1, and the model fitted to others, into the data folder."""

from collections.abc import Mapping
from pathlib import Path

from helpers.data.folder import download_folder
from helpers.data.integrity import DataError

#: The published model's place in the data folder, and its SHA-256.
MODEL = Path("mouse_v1") / "sensorium2022_models" / "sensorium_sota_model.pth"
MODEL_SHA256 = "7a87989732c34068fe10aaf1dd2c0421cb47cb1693b4f95a5e0e381632456173"
_GITHUB = "https://raw.githubusercontent.com"
#: By the place of a folder: where its files come from, at a commit that stays, and their SHA-256.
SOURCES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    f"mouse_v1/antolik2016/region{number}": (
        f"{_GITHUB}/kovacspe/diplomka/8d9edca5ae7af9bc903086581d3d79e75d7c07b4/data/region{number}",
        {
            "raw_validation_set.npy": responses,
            "validation_inputs.npy": images,
        },
    )
    for number, responses, images in (
        (
            1,
            "3ff518cee9d7dcde19525d11a294af09158a6b114f970dd01d43be278e7801dc",
            "a5269c567a431ed969301b75ffd39ba0c92432f583982e5742860cae92d392c9",
        ),
        (
            2,
            "979ed05629561423b397d6c828a871229935262cf38e17f35a08da7f734733e8",
            "a5269c567a431ed969301b75ffd39ba0c92432f583982e5742860cae92d392c9",
        ),
        (
            3,
            "be77780380f757a12fe16d84146b2e05ab269ab974559baa0cad13d8d26b351d",
            "cd9bb58b89a9b64c8ea4ea12f6d97481e7cd8f7bd86258395b718c0ca55e4c1e",
        ),
    )
} | {
    MODEL.parent.as_posix(): (
        f"{_GITHUB}/sinzlab/sensorium/c433fed25f234724fd9adf0cef3c260a2068b1fa/notebooks/"
        "model_tutorial/model_checkpoints/pretrained",
        {MODEL.name: MODEL_SHA256},
    ),
}


def fetch_recordings(sources: Mapping[str, tuple[str, Mapping[str, str]]] = SOURCES) -> Path:
    """Download Antolík's three regions and the published model into the data folder (15 MB).

    A file that is there and right is left alone. The similarity matrices of the Allen Brain
    Observatory are not among them: they were published as Python objects, which this book does not
    open; ``book/data.md`` says how to make the files that are needed.

    Returns:
        The data folder.

    Raises:
        ValueError: ``BORROWED_BRAINS_DATA`` names no folder.
        DataError: a file could not be brought, or is not what it should be.
    """
    import pooch

    folder = download_folder()
    for place, (address, files) in sources.items():
        for name, sha256 in files.items():
            try:
                pooch.retrieve(
                    f"{address}/{name}",
                    known_hash=f"sha256:{sha256}",
                    fname=name,
                    path=folder / place,
                    downloader=pooch.HTTPDownloader(timeout=30),
                )
            except (OSError, ValueError) as error:  # no network; another checksum
                said = " ".join(str(error).split())
                raise DataError(
                    f"{place}/{name} could not be brought into {folder} ({said}); check the "
                    "network and the disk, and try again"
                ) from error
    return folder
