from dataclasses import FrozenInstanceError, replace

import pytest
import torch

from helpers.data import as_float
from helpers.data.digits import digits


def test_note_makes_a_stand_in() -> None:
    data = digits()
    assert not data.stand_in
    assert replace(data, note="Other data.").stand_in


def test_both_representations_show_name_sizes_source_and_note() -> None:
    data = replace(digits(), note="Digits take the place of <b>MNIST</b>.")
    for text in (repr(data), data._repr_html_()):
        for fact in ("digits", "1,297", "500", "28 x 28", "scikit-learn", "take the place of"):
            assert fact in text
    assert "&lt;b&gt;MNIST" in data._repr_html_()
    assert "note" not in repr(digits())


def test_commands_in_a_note_are_set_as_code() -> None:
    data = replace(digits(), note="Fetch it with `brains data mnist`.")
    assert "with <code>brains data mnist</code>." in data._repr_html_()


def test_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        digits().name = "mnist"  # type: ignore[misc]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_as_float_divides_by_255(dtype: torch.dtype) -> None:
    images = torch.tensor([0, 51, 255], dtype=torch.uint8)
    floats = as_float(images, dtype)
    assert floats.dtype == dtype
    torch.testing.assert_close(floats, torch.tensor([0, 0.2, 1], dtype=dtype))
    assert floats.max() == 1


def test_as_float_refuses_what_is_no_uint8_image() -> None:
    with pytest.raises(ValueError, match=r"images are torch\.float32"):
        as_float(torch.zeros(2))


def test_as_float_refuses_a_dtype_of_whole_numbers() -> None:
    with pytest.raises(ValueError, match=r"dtype is torch\.int64"):
        as_float(torch.zeros(2, dtype=torch.uint8), torch.int64)
