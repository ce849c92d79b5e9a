import pytest
import torch

from helpers.data.stimuli import stimuli


def test_square_images_keep_their_middle_rows():
    rows = torch.arange(32, dtype=torch.uint8).view(1, 1, 32, 1).expand(2, 1, 32, 32)
    found = stimuli(rows, height=18, width=32)  # at their own size nothing is interpolated
    assert found.shape == (2, 1, 18, 32)
    assert found[0, 0, :, 0].tolist() == list(range(7, 25))


def test_the_size_of_the_recordings():
    found = stimuli(torch.full((3, 1, 32, 32), 7, dtype=torch.uint8))
    assert found.shape == (3, 1, 36, 64)
    assert bool((found == 7).all())


def test_squeezed_images_get_their_shape_back():
    rows = torch.arange(0, 248, 8, dtype=torch.uint8).view(1, 1, 31, 1).expand(1, 1, 31, 31)
    flat, own = stimuli(rows, aspect=1.5), stimuli(rows)
    # Wider than high: 43 rows instead of 64, of which 36 show more of the image.
    assert int(flat[0, 0, -1, 0]) - int(flat[0, 0, 0, 0]) > int(own[0, 0, -1, 0]) - int(
        own[0, 0, 0, 0]
    )


@pytest.mark.parametrize(
    ("images", "options", "text"),
    [
        (torch.zeros(1, 1, 8, 8), {}, "images are torch.float32"),
        (torch.zeros(1, 3, 8, 8, dtype=torch.uint8), {}, r"\(1, 3, 8, 8\)"),
        (torch.zeros(1, 1, 8, 8, dtype=torch.uint8), {"height": 65}, "height is 65; it may be at"),
        (torch.zeros(1, 1, 8, 8, dtype=torch.uint8), {"aspect": 0}, "aspect is 0"),
        (torch.zeros(1, 1, 8, 8, dtype=torch.uint8), {"width": 0}, "width is 0"),
    ],
)
def test_bad_arguments(images, options, text):
    with pytest.raises(ValueError, match=text):
        stimuli(images, **options)
