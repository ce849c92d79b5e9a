import numpy as np
import pytest

from helpers.arrays import read_arrays


def test_arrays_come_back_by_name(tmp_path):
    np.savez(tmp_path / "a.npz", one=np.arange(3), text="two")
    found = read_arrays(tmp_path / "a.npz")
    np.testing.assert_array_equal(found["one"], [0, 1, 2])
    assert str(found["text"]) == "two"


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk", None, "npy", "pickle"])
def test_what_is_no_file_of_plain_arrays_is_named(tmp_path, content):
    path = tmp_path / "a.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "pickle":
        np.savez(path, one=np.array([{}], dtype=object))
    elif content == "npy":
        with path.open("wb") as file:
            np.save(file, np.arange(3))
    with pytest.raises(ValueError, match=r"a\.npz cannot be read as a \.npz file of plain arrays"):
        read_arrays(path)
