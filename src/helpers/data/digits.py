"""The embedded stand-in for MNIST: scikit-learn carries the images, nothing is downloaded."""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from helpers.data.dataset import Dataset

#: How many images of each class are test images.
TEST_PER_CLASS = 50


def digits() -> Dataset:
    """scikit-learn's 1,797 handwritten digits: 1,297 to train and 500 to test.

    The 8x8 images with values 0 to 16 are enlarged to 20x20 and framed in black to 28x28, as
    MNIST frames its digits. Of each class 50 images, evenly spread over the file, are for testing.
    """
    raw = load_digits()
    images = torch.from_numpy(_enlarge(raw.images.astype(np.int64)))[:, None]
    labels = torch.from_numpy(raw.target.astype(np.int64))
    test = torch.zeros(len(labels), dtype=torch.bool)
    for label in range(10):
        (members,) = torch.where(labels == label)
        test[members[torch.arange(TEST_PER_CLASS) * len(members) // TEST_PER_CLASS]] = True
    return Dataset(
        name="digits",
        asked="digits",
        train_images=images[~test],
        train_labels=labels[~test],
        test_images=images[test],
        test_labels=labels[test],
        classes=tuple("0123456789"),
        source="scikit-learn digits, enlarged to 28x28",
    )


def _enlarge(images: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Images (n, 8, 8) of 0 to 16 as (n, 28, 28) of 0 to 255, by bilinear interpolation.

    It counts in tenths of a pixel, all in whole numbers: every platform gives the same bytes.
    """
    weights = np.zeros((20, 8), np.int64)
    for row in range(20):
        # The centre of row r of 20 lies at row (r + 1/2) * 8/20 - 1/2 of 8.
        tenths = min(max(4 * row - 3, 0), 70)
        above, part = divmod(tenths, 10)
        weights[row, above] += 10 - part
        weights[row, min(above + 1, 7)] += part
    hundredths = weights @ images @ weights.T
    enlarged = (hundredths * 255 + 800) // 1600
    return np.pad(enlarged, ((0, 0), (4, 4), (4, 4))).astype(np.uint8)
