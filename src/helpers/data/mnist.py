"""MNIST (LeCun, Bottou, Bengio, Haffner 1998) from the idx files that torchvision lays out."""

from pathlib import Path

from torchvision.datasets.mnist import read_image_file, read_label_file

from helpers.data.dataset import Dataset
from helpers.data.integrity import Fingerprint, check_files

#: The uncompressed files; torchvision lists digests of the compressed ones only.
FILES = {
    "train-images-idx3-ubyte": Fingerprint("6bbc9ace898e44ae57da46a324031adb", 47_040_016),
    "train-labels-idx1-ubyte": Fingerprint("a25bea736e30d166cdddb491f175f624", 60_008),
    "t10k-images-idx3-ubyte": Fingerprint("2646ac647ad5339dbf082846283269ea", 7_840_016),
    "t10k-labels-idx1-ubyte": Fingerprint("27ae3e4e09519cfbb04c329615203637", 10_008),
}


def read_mnist(folder: Path) -> Dataset | None:
    """MNIST from ``folder/MNIST/raw``, or None where that is missing or empty.

    Raises:
        DataError: a file is missing, truncated or corrupt.
    """
    raw = folder / "MNIST" / "raw"
    way_out = f"delete the folder {raw} and run `brains data mnist`"
    if not check_files(raw, FILES, way_out=way_out):
        return None
    train_images, train_labels, test_images, test_labels = (str(raw / name) for name in FILES)
    return Dataset(
        name="mnist",
        asked="mnist",
        train_images=read_image_file(train_images)[:, None],
        train_labels=read_label_file(train_labels),
        test_images=read_image_file(test_images)[:, None],
        test_labels=read_label_file(test_labels),
        classes=tuple("0123456789"),
        source="torchvision MNIST, MNIST/raw/",
    )
