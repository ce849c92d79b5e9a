import io
from pathlib import Path

import numpy as np
import pytest

from helpers.data import DataError
from helpers.data.arrays import labels_of, read_array, read_arrays


def test_what_was_saved_comes_back(tmp_path):
    one, two = np.arange(3), np.eye(2, dtype=np.float32)
    np.save(tmp_path / "a.npy", one)
    np.savez(tmp_path / "b.npz", one=one, two=two)
    np.testing.assert_array_equal(read_array(tmp_path / "a.npy", "a"), one)
    with (tmp_path / "a.npy").open("rb") as file:
        np.testing.assert_array_equal(read_array(io.BytesIO(file.read()), "a"), one)
    arrays = read_arrays(tmp_path / "b.npz")
    assert list(arrays) == ["one", "two"]
    np.testing.assert_array_equal(arrays["two"], two)


@pytest.mark.parametrize("content", [b"", b"torn", b"PK\x03\x04torn", b"\x93NUMPY\x01\x00"])
def test_what_is_torn_is_named(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(DataError, match="the scenes cannot be read as a plain array"):
        read_array(path, "the scenes")
    with pytest.raises(DataError, match=r"cannot be read as a \.npz file of plain"):
        read_arrays(path)


def test_python_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}]), allow_pickle=True)
    np.savez(tmp_path / "b.npz", a=np.array([{}]))
    with pytest.raises(DataError, match="cannot be read as a plain array"):
        read_array(tmp_path / "a.npy", "a")
    with pytest.raises(DataError, match=r"cannot be read as a \.npz file of plain"):
        read_arrays(tmp_path / "b.npz")


def test_one_array_and_several_are_not_taken_for_each_other(tmp_path):
    np.savez(tmp_path / "b.npz", a=np.eye(2))
    np.save(tmp_path / "a.npy", np.eye(2))
    with pytest.raises(DataError, match="b holds several arrays and should hold one"):
        read_array(tmp_path / "b.npz", "b")
    with pytest.raises(DataError, match=r"as a \.npz file"):
        read_arrays(tmp_path / "a.npy")


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (
            np.arange(4) / 2,
            r"b\.npz holds y of float64 \(4,\) and should hold whole numbers \(4,\)",
        ),
        (np.arange(3), r"y of int64 \(3,\)"),
        (np.arange(4), "y from 0 to 3 and should hold 0 to 2"),
        (np.arange(4) - 1, "y from -1 to 2"),
        (None, r"b\.npz lacks the array y"),
    ],
)
def test_labels_that_are_none(labels, text):
    held = {} if labels is None else {"y": labels}
    with pytest.raises(DataError, match=text):
        labels_of(Path("b.npz"), held, "y", 4, 3)


def test_labels_become_int64():
    found = labels_of(Path("b.npz"), {"y": np.array([2, 0, 1], np.uint8)}, "y", 3, 3)
    assert found.dtype == np.int64
    assert found.tolist() == [2, 0, 1]
