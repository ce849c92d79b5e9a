import hashlib

import torch
from sklearn.datasets import load_digits
from torch.nn import functional as F

from helpers.data.digits import digits


def test_sizes_classes_and_split() -> None:
    data = digits()
    assert data.train_images.shape == (1297, 1, 28, 28)
    assert data.test_images.shape == (500, 1, 28, 28)
    assert data.train_images.dtype == data.test_images.dtype == torch.uint8
    assert data.train_labels.dtype == data.test_labels.dtype == torch.int64
    assert data.test_labels.bincount().tolist() == [50] * 10
    every = torch.cat([data.train_labels, data.test_labels])
    assert every.bincount().tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_every_digit_of_the_file_is_there_once_enlarged_as_torch_does() -> None:
    raw = load_digits()
    small = torch.from_numpy(raw.images)[:, None] * 255 / 16
    large = F.interpolate(small, size=20, mode="bilinear", align_corners=False)
    data = digits()
    ours = torch.cat([data.train_images, data.test_images]).double()
    labels = torch.cat([data.train_labels, data.test_labels])
    distance = torch.cdist(F.pad(large, (4, 4, 4, 4)).flatten(1), ours.flatten(1), p=torch.inf)
    # Rounding moves a pixel by half a gray level at most; other digits are far away.
    nearest = distance.min(1)
    assert nearest.values.max() <= 0.5 + 1e-6
    assert nearest.indices.unique().numel() == 1797
    assert labels[nearest.indices].tolist() == raw.target.tolist()


def test_frame_is_black_and_strokes_are_bright() -> None:
    images = digits().train_images
    inside = torch.zeros(28, 28, dtype=torch.bool)
    inside[4:24, 4:24] = True
    assert images[:, 0, ~inside].max() == 0
    assert images.flatten(1).max(1).values.min() > 200


def test_bytes_are_the_same_everywhere() -> None:
    data = digits()
    tensors = (data.train_images, data.train_labels, data.test_images, data.test_labels)
    digests = [hashlib.sha256(tensor.numpy().tobytes()).hexdigest()[:16] for tensor in tensors]
    assert digests == [
        "4783cf8db2108869",
        "8729dfe91d9bf7ab",
        "5cb4c46fa053a431",
        "5580c3ede97f4351",
    ]
