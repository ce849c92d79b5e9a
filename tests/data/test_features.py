from pathlib import Path

import numpy as np
import pytest
import torch

from helpers.data import DataError
from helpers.data.features import CUB_FILE, Features, first_of_each, read_cub200

Arrays = dict[str, np.ndarray]


def arrays() -> Arrays:
    """The smallest file that passes: each of the 200 classes once in each part."""
    rng = np.random.default_rng(0)
    return {
        "train_features": rng.random((200, 2048), np.float32),
        "train_labels": np.arange(200)[::-1].astype(np.uint8),
        "test_features": rng.random((201, 2048)),
        "test_labels": np.append(np.arange(200), 7),
    }


def test_reads_what_the_file_holds(data: Path) -> None:
    assert read_cub200(data) is None
    held = arrays()
    np.savez(data / CUB_FILE, **held)
    found = read_cub200(data)
    assert found is not None
    assert (found.name, found.classes) == ("cub200_resnet50", 200)
    assert (found.train_features.numpy() == held["train_features"]).all()
    assert (found.train_labels.numpy() == held["train_labels"]).all()
    assert found.test_features.dtype == torch.float32
    assert found.test_labels.dtype == torch.int64
    assert (found.test_labels.numpy() == held["test_labels"]).all()


FEATURES = arrays()["train_features"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        *(
            ({name: None}, f"lacks the array {name}")
            for name in ("train_features", "train_labels", "test_features", "test_labels")
        ),
        (
            {"train_features": np.zeros((200, 512), np.float32)},
            r"train_features of float32 \(200, 512\) and should hold floating point \(n, 2048\)",
        ),
        ({"test_features": np.zeros(2048)}, r"test_features of float64 \(2048,\)"),
        ({"test_features": np.zeros((201, 2048), int)}, "test_features of int64"),
        (
            {"train_features": np.where(np.arange(2048) == 9, np.nan, FEATURES)},
            "train_features with NaN or infinite numbers",
        ),
        (
            {"train_features": np.where(np.arange(2048) == 9, np.inf, FEATURES)},
            "train_features with NaN or infinite numbers",
        ),
        ({"train_features": FEATURES - 2}, r"train_features down to -\d.* should hold 0 or above"),
        (
            {"train_labels": np.arange(199)},
            r"train_labels of int64 \(199,\) and should hold whole numbers \(200,\)",
        ),
        ({"test_labels": np.zeros(201)}, "test_labels of float64"),
        ({"train_labels": np.arange(200) + 1}, "train_labels from 1 to 200 and should hold 0 to"),
        ({"train_labels": np.arange(200) - 1}, "train_labels from -1 to 198"),
        ({"test_labels": np.arange(201) % 199}, "test_labels without class 199"),
        ({"test_labels": np.array([None] * 201)}, "cannot be read as a .npz file of plain arrays"),
    ],
)
def test_wrong_arrays(data: Path, change: dict[str, np.ndarray | None], problem: str) -> None:
    held = {key: value for key, value in {**arrays(), **change}.items() if value is not None}
    np.savez(data / CUB_FILE, **held)
    with pytest.raises(DataError, match=problem) as caught:
        read_cub200(data)
    assert str(data / CUB_FILE) in str(caught.value)


def test_torn_and_other_files(data: Path) -> None:
    path = data / CUB_FILE
    np.savez(path, **arrays())
    content = path.read_bytes()
    np.save(data / "alone.npy", np.arange(3))
    for wrong in (content[: len(content) // 2], (data / "alone.npy").read_bytes(), b""):
        path.write_bytes(wrong)
        with pytest.raises(DataError, match="cannot be read"):
            read_cub200(data)


def made(train: torch.Tensor, test: torch.Tensor) -> Features:
    return Features(
        name="made",
        train_features=train,
        train_labels=torch.arange(len(train)) % 2,
        test_features=test,
        test_labels=torch.arange(len(test)) % 2,
        classes=2,
    )


def test_scaled_by_the_training_maximum() -> None:
    found = made(torch.tensor([[1.0, 4.0], [0.0, 2.0]]), torch.tensor([[2.0, 8.0]])).scaled()
    assert found.train_features.tolist() == [[0.25, 1], [0, 0.5]]
    assert found.test_features.tolist() == [[0.5, 1]]
    with pytest.raises(ValueError, match=r"train_features have a maximum of 0\.0"):
        made(torch.zeros(2, 2), torch.zeros(1, 2)).scaled()


def test_first_of_each_class() -> None:
    labels = torch.tensor([2, 0, 2, 1, 1, 0, 2])
    assert first_of_each(labels, 3, 1).tolist() == [0, 1, 3]
    assert first_of_each(labels, 3, 2).tolist() == [0, 1, 2, 3, 4, 5]
    with pytest.raises(ValueError, match="count is 3; it may be at most 2, as class 0 has no more"):
        first_of_each(labels, 3, 3)
    with pytest.raises(ValueError, match="count is 0"):
        first_of_each(labels, 3, 0)
    features = torch.arange(8.0).view(4, 2)
    some = made(features, features).first(train_per_class=1, test_per_class=2)
    assert some.train_features.tolist() == [[0, 1], [2, 3]]
    assert (some.train_labels.tolist(), some.test_labels.tolist()) == ([0, 1], [0, 1, 0, 1])
    with pytest.raises(ValueError, match="test_per_class is 3"):
        made(features, features).first(train_per_class=1, test_per_class=3)
