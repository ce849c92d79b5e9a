import pytest
import torch

from helpers.evaluation.corrupted_once import corrupted_once
from helpers.evaluation.corruptions import Corruption, blur

LEVELS = (0.0, 0.5, 1.5)


@pytest.fixture
def images():
    return torch.rand(40, 1, 6, 5, generator=torch.Generator().manual_seed(1))


def test_each_image_has_one_level_and_every_level_is_used(images):
    held = images.clone()
    found = corrupted_once(images, "blur", LEVELS, seed=2)
    same = torch.stack([(found == blur(images, level)).flatten(1).all(1) for level in LEVELS])
    assert (same.sum(0) == 1).all()
    assert same.any(1).all()
    assert torch.equal(images, held)


@pytest.mark.parametrize("kind", ["noise_var", "noise_std", "noise_uint8"])
@pytest.mark.parametrize("seed", [0, 2])
def test_against_each_level_by_hand(kind, seed, images):
    found = corrupted_once(images, kind, LEVELS, seed=seed)
    drawn = torch.randint(3, (40,), generator=torch.Generator().manual_seed(seed))
    for number, level in enumerate(LEVELS):
        expected = Corruption(kind, level)(images[drawn == number], seed=3 * seed + number)
        assert torch.equal(found[drawn == number], expected)


def test_levels_are_equally_likely():
    gray = torch.full((3000, 1, 1, 4), 0.5)
    found = corrupted_once(gray, "noise_std", (0.0, 0.001, 0.1))
    strays = (found - gray).abs().flatten(1).amax(1)
    counts = [(strays == 0).sum(), ((strays > 0) & (strays < 0.006)).sum(), (strays > 0.006).sum()]
    assert counts == pytest.approx([1000] * 3, abs=100)


def test_a_level_of_nothing_leaves_the_images(images):
    for kind in ("blur", "noise_var", "noise_std"):
        assert torch.equal(corrupted_once(images, kind, (0.0,)), images)


def test_a_seed_is_a_corruption(images):
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    one, same, other = (
        corrupted_once(images, "noise_var", LEVELS, seed=seed) for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(torch.rand(2), expected)  # others' random numbers are left alone


@pytest.mark.parametrize(
    ("kind", "levels", "text"),
    [
        ("blur", (), "number of levels is 0"),
        ("fog", LEVELS, "kind is 'fog'; it may be one of blur, noise_var"),
        ("blur", (-1.0,), "level is -1.0"),
        ("noise_var", (float("nan"),), "level is nan"),
    ],
)
def test_bad_requests(kind, levels, text, images):
    with pytest.raises(ValueError, match=text):
        corrupted_once(images, kind, levels)


def test_bad_images(images):
    with pytest.raises(ValueError, match="images span"):
        corrupted_once(images + 1, "noise_var", LEVELS)
    with pytest.raises(ValueError, match="images have shape"):
        corrupted_once(images.flatten(1), "blur", LEVELS)
