from io import BytesIO

import pytest
import torch

from helpers.tensors import read_tensors


def test_what_was_saved_comes_back(tmp_path):
    torch.save({"w": torch.arange(3.0), "epochs": 2}, tmp_path / "a.pt")
    found = read_tensors(tmp_path / "a.pt")
    torch.testing.assert_close(found["w"], torch.arange(3.0))
    assert found["epochs"] == 2


class Code:
    """Something that torch.save can write and that is more than tensors."""


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk", b"\x80\x02junk", None])
def test_what_is_no_file_of_tensors_is_named(tmp_path, content):
    path = tmp_path / "a.pt"
    if content is None:
        torch.save(Code(), path)
    else:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.pt cannot be read: it is torn or holds more than"):
        read_tensors(path)


def test_a_file_that_is_open_is_called_by_its_name(tmp_path):
    torch.save(torch.arange(3.0), tmp_path / "a.pt")
    data = (tmp_path / "a.pt").read_bytes()
    torch.testing.assert_close(read_tensors(BytesIO(data), name="that file"), torch.arange(3.0))
    with pytest.raises(ValueError, match="that file cannot be read"):
        read_tensors(BytesIO(data[:40]), name="that file")


def test_a_file_that_is_not_there_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_tensors(tmp_path / "a.pt")
