import numpy as np
import pytest
import torch
from PIL import Image

from helpers.data.gray import to_gray


def test_is_the_gray_of_pillow() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (5, 61, 67, 3), dtype=np.uint8)
    colours[0, :2, :4] = [[[0] * 3, [255] * 3, [255, 0, 0], [0, 0, 255]]] * 2
    expected = np.stack([np.asarray(Image.fromarray(colour).convert("L")) for colour in colours])
    gray = to_gray(torch.from_numpy(colours).permute(0, 3, 1, 2))
    assert gray.dtype == torch.uint8
    assert gray.shape == (5, 1, 61, 67)
    assert (gray[:, 0].numpy() == expected).all()


@pytest.mark.parametrize(
    "images",
    [torch.zeros(2, 3, 4, 4), torch.zeros(2, 1, 4, 4, dtype=torch.uint8)],
    ids=["float", "one channel"],
)
def test_refuses_what_has_no_colour(images: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="images are"):
        to_gray(images)
