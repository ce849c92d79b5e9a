import hashlib

import numpy as np
import pytest
import torch

from helpers.data import photographs as module
from helpers.data.photographs import CLASSES, photographs, photographs_gray


def test_sizes_and_classes() -> None:
    data = photographs()
    assert data.train_images.shape == (2000, 3, 32, 32)
    assert data.test_images.shape == (500, 3, 32, 32)
    assert data.train_images.dtype == data.test_images.dtype == torch.uint8
    assert data.train_labels.dtype == data.test_labels.dtype == torch.int64
    assert data.train_labels.bincount().tolist() == [200] * 10
    assert data.test_labels.bincount().tolist() == [50] * 10
    assert len(data.classes) == 10


def test_label_names_the_photograph_of_every_patch() -> None:
    # The eye's background is red, the rocket stands before a blue sky.
    data = photographs()
    red, _, blue = data.train_images.double().mean((2, 3)).unbind(1)
    retina, rocket = (data.train_labels == CLASSES.index(name) for name in ("retina", "rocket"))
    assert (red[retina] > 1.5 * blue[retina]).all()
    assert (red[rocket] < blue[rocket]).double().mean() > 0.8


def test_no_pixel_is_in_both_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    # Ten pictures whose every pixel is unique: its number, in three bytes.
    numbers = np.arange(300 * 451)
    numbered = np.stack([numbers >> 16, numbers >> 8, numbers], -1).astype(np.uint8)
    monkeypatch.setattr(module, "_photographs", lambda: [numbered.reshape(300, 451, 3)] * 10)
    data = photographs()
    train, test = (
        set((images.long() * torch.tensor([65536, 256, 1])[:, None, None]).sum(1).unique().tolist())
        for images in (data.train_images, data.test_images)
    )
    assert train
    assert test
    assert train.isdisjoint(test)


def test_a_large_photograph_is_reduced_to_rounded_means(monkeypatch: pytest.MonkeyPatch) -> None:
    # Tiles of 2x2 with the values 0, 0, 0 and 255: their mean is 63.75, which rounds to 64.
    large = np.zeros((600, 902, 3), np.uint8)
    large[::2, ::2] = 255
    monkeypatch.setattr(module, "_photographs", lambda: [large] * 10)
    assert photographs().train_images.unique().tolist() == [64]


def test_bytes_are_the_same_everywhere() -> None:
    data = photographs()
    tensors = (data.train_images, data.train_labels, data.test_images, data.test_labels)
    digests = [hashlib.sha256(tensor.numpy().tobytes()).hexdigest()[:16] for tensor in tensors]
    assert digests == [
        "aad60f9382cce9c6",
        "c24692bd6ac163e5",
        "54a95bd211b52cbe",
        "d12d4af16b5d2888",
    ]


def test_gray_photographs_are_the_same_patches() -> None:
    colour, gray = photographs(), photographs_gray()
    assert gray.name == "photographs_gray"
    assert gray.train_images.shape == (2000, 1, 32, 32)
    assert gray.train_labels.tolist() == colour.train_labels.tolist()
    digest = hashlib.sha256(gray.train_images.numpy().tobytes()).hexdigest()[:16]
    assert digest == "f2d9830ed1bb9d22"
