import pytest
import torch

from helpers.sleep.repeated import repeated


def test_every_pass_shows_every_image_once_in_a_new_order():
    images = torch.arange(5.0)[:, None]
    shown = repeated(images, 17, seed=1)[:, 0].tolist()
    passes = [shown[start : start + 5] for start in (0, 5, 10, 15)]
    assert all(sorted(each) == [0, 1, 2, 3, 4] for each in passes[:3])
    assert passes[0] != passes[1] != passes[2]
    assert len(shown) == 17
    assert len(set(passes[3])) == 2
    assert shown == repeated(images, 17, seed=1)[:, 0].tolist()
    assert shown != repeated(images, 17, seed=2)[:, 0].tolist()


@pytest.mark.parametrize(
    ("n", "steps", "text"), [(0, 3, "number of images is 0"), (2, 0, "steps is 0")]
)
def test_bad_arguments(n, steps, text):
    with pytest.raises(ValueError, match=text):
        repeated(torch.zeros(n, 2), steps)
