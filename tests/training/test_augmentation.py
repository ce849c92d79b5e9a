import numpy as np
import pytest
import torch

from helpers.training.augmentation import cropped_and_flipped


def test_each_image_is_a_crop_of_its_mirrored_border():
    images = torch.rand(20, 2, 6, 7, generator=torch.Generator().manual_seed(0))
    found = cropped_and_flipped(images, torch.Generator().manual_seed(1), margin=3)
    assert found.shape == images.shape
    for image, crop in zip(images.numpy(), found.numpy(), strict=True):
        wide = np.pad(image, ((0, 0), (3, 3), (3, 3)), mode="reflect")
        crops = [wide[:, r : r + 6, c : c + 7] for r in range(7) for c in range(7)]
        assert any(np.array_equal(crop, x) or np.array_equal(crop, x[:, :, ::-1]) for x in crops)


def test_all_shifts_and_half_of_the_flips_come_up():
    ramp = torch.arange(8.0).view(1, 1, 8, 1) * 100 + torch.arange(8.0)
    found = cropped_and_flipped(
        ramp.expand(4000, 1, 8, 8), torch.Generator().manual_seed(0), margin=1
    )
    flipped = found[:, 0, 0, 0] % 100 > found[:, 0, 0, -1] % 100
    assert 0.45 < flipped.float().mean() < 0.55
    assert len(found.flatten(1).unique(dim=0)) == 18  # 3 x 3 shifts, flipped or not


def test_no_margin_and_the_same_seed():
    images = torch.rand(5, 1, 4, 4)
    one = cropped_and_flipped(images, torch.Generator().manual_seed(2), margin=0)
    other = cropped_and_flipped(images, torch.Generator().manual_seed(2), margin=0)
    assert torch.equal(one, other)
    assert torch.equal(one.sort(3).values, images.sort(3).values)


@pytest.mark.parametrize(
    ("images", "margin", "text"),
    [
        (torch.rand(3, 4, 4), 1, r"images are torch.float32 \(3, 4, 4\)"),
        (torch.zeros(1, 1, 4, 4, dtype=torch.uint8), 1, "images are torch.uint8"),
        (torch.rand(1, 1, 4, 4), 4, "margin is 4; it may be from 0 to 3"),
    ],
)
def test_bad_arguments(images, margin, text):
    with pytest.raises(ValueError, match=text):
        cropped_and_flipped(images, torch.Generator(), margin=margin)
