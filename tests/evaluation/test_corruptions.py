"""Blur and noise: against a written-out kernel, numpy, and what noise must look like."""

import numpy as np
import pytest
import torch
from torch import nn

from helpers.evaluation import corruptions
from helpers.evaluation.corruptions import (
    CORRUPTIONS,
    Corruption,
    accuracy_corrupted,
    blur,
    gaussian_noise,
    wrapped_noise,
)


@pytest.fixture
def images():
    return torch.rand(6, 2, 9, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.5])
def test_blur_is_a_sum_over_neighbours(sigma, images):
    radius = int(4 * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-(offsets**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    image = images[3, 1].numpy()
    h, w = image.shape
    expected = np.zeros_like(image)
    for a, down in zip(kernel, offsets, strict=True):
        for b, across in zip(kernel, offsets, strict=True):
            # Mirrored with the border repeated: ... 1 0 | 0 1 2 ... h-1 | h-1 h-2 ...
            rows, columns = np.arange(h) + down, np.arange(w) + across
            rows, columns = rows % (2 * h), columns % (2 * w)
            rows = np.where(rows < h, rows, 2 * h - 1 - rows)
            columns = np.where(columns < w, columns, 2 * w - 1 - columns)
            expected += a * b * image[np.ix_(rows, columns)]
    np.testing.assert_allclose(blur(images, sigma)[3, 1], expected, atol=1e-12)


def test_blur_keeps_the_brightness_and_nothing_at_zero(images):
    assert torch.equal(blur(images, 0.0), images)
    torch.testing.assert_close(blur(images, 4.0).mean((2, 3)), images.mean((2, 3)))
    assert blur(images.float(), 1.0).dtype == torch.float32


@pytest.mark.parametrize(
    ("kind", "level", "std"), [("noise_std", 0.1, 0.1), ("noise_var", 0.09, 0.3)]
)
def test_noise_is_normal_and_clipped(kind, level, std):
    gray = torch.full((20, 1, 100, 100), 0.5, dtype=torch.float64)
    noisy = Corruption(kind, level)(gray, seed=3)
    expected = 0.5 + std * torch.randn(gray.shape, generator=seeded(3), dtype=torch.float64)
    torch.testing.assert_close(noisy, expected.clamp(0, 1))
    inside = 0.5 + torch.erf(torch.tensor(0.5 / std / 2**0.5)).item() / 2
    assert (noisy < 1).double().mean().item() == pytest.approx(inside, abs=0.003)
    assert noisy.mean().item() == pytest.approx(0.5, abs=0.003)
    assert (noisy.min() >= 0, noisy.max() <= 1) == (True, True)


def test_wrapped_noise_is_numpy_s_cast():
    gray = torch.arange(256).repeat(40, 1)
    noisy = wrapped_noise(gray.double() / 255, 0.7, seeded(5))
    noise = 0.7**0.5 * torch.randn(gray.shape, generator=seeded(5), dtype=torch.float64)
    expected = (gray + noise).numpy().astype(np.int64).astype(np.uint8)
    assert ((noisy * 255).round().numpy() == expected).all()
    assert (expected[:, 0] == 255).any()  # black became white
    assert (expected[:, 255] == 0).any()  # and white black


def test_every_sixth_black_pixel_turns_white():
    noisy = wrapped_noise(torch.zeros(1, 1, 300, 300), 1.0, seeded())
    assert (noisy > 0.9).double().mean().item() == pytest.approx(0.1587, abs=0.005)


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_corruptions_of_nothing_and_their_seeds(kind, images):
    images = (images * 255).round() / 255
    torch.testing.assert_close(Corruption(kind, 0.0)(images), images)
    one, two, other = (Corruption(kind, 0.9)(images, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one, two)
    assert torch.equal(one, other) == (kind == "blur")
    assert not torch.equal(one, images)
    assert one.shape == images.shape
    assert one.min() >= 0
    assert one.max() <= 1


@pytest.mark.parametrize(
    ("metric", "kind", "level"),
    [
        ("blur_2.5", "blur", 2.5),
        ("blur_0", "blur", 0.0),
        ("noise_var_0.9", "noise_var", 0.9),
        ("noise_std_0.1", "noise_std", 0.1),
        ("noise_uint8_0.2", "noise_uint8", 0.2),
    ],
)
def test_names_of_metrics(metric, kind, level):
    assert Corruption.parse(metric) == Corruption(kind, level)
    assert Corruption(kind, level).metric == metric


def test_fractions():
    corruption = Corruption.parse("noise_std_8/255")
    assert corruption.level == 8 / 255
    assert Corruption.parse(corruption.metric) == corruption


@pytest.mark.parametrize(
    "metric", ["test_acc", "blur", "blur_", "blur_-1", "noise_0.1", "blur_.5/2", "noise_std_8/0"]
)
def test_other_names(metric):
    with pytest.raises(ValueError, match=f"metric is '{metric}'"):
        Corruption.parse(metric)


def test_the_axes_of_the_papers():
    assert tuple(np.arange(0, 4.5, 0.5)) == corruptions.SLEEP_BLUR
    assert tuple(np.arange(0, 3, 0.5)) == corruptions.REPRODUCTION_BLUR
    names = [Corruption("noise_std", level).metric for level in corruptions.NEURAL_NOISE_STD]
    assert names[:2] == ["noise_std_0", "noise_std_0.01"]
    assert names[7:] == ["noise_std_0.07", "noise_std_0.08", "noise_std_0.09", "noise_std_0.1"]


@pytest.mark.parametrize("level", [-0.1, float("nan"), float("inf")])
@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_bad_levels(kind, level):
    with pytest.raises(ValueError, match=f"level is {level}"):
        Corruption(kind, level)


@pytest.mark.parametrize("level", [-0.1, float("nan"), float("inf")])
def test_bad_levels_of_the_parts(level, images):
    with pytest.raises(ValueError, match=f"sigma is {level}"):
        blur(images, level)
    with pytest.raises(ValueError, match=f"std is {level}"):
        gaussian_noise(images, level, seeded())
    with pytest.raises(ValueError, match=f"variance is {level}"):
        wrapped_noise(images, level, seeded())


def test_bad_requests(images):
    with pytest.raises(ValueError, match="kind is 'fog'; it may be one of blur, noise_var"):
        Corruption("fog", 1.0)
    with pytest.raises(ValueError, match=r"images have shape \(6, 126\)"):
        blur(images.flatten(1), 1.0)
    for kind in CORRUPTIONS:
        with pytest.raises(ValueError, match="images span"):
            Corruption(kind, 0.1)(images + 1)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(126, 5)).double().eval()


@pytest.mark.parametrize("metric", ["blur_1", "noise_var_0.3", "noise_std_0.1", "noise_uint8_1"])
def test_accuracy(metric, model, images):
    images = torch.rand(50, 2, 9, 7, generator=seeded(7), dtype=torch.float64).round()
    labels, corruption = model(images).argmax(1), Corruption.parse(metric)
    right = (model(corruption(images, seed=4)).argmax(1) == labels).double().mean().item()
    assert 0 < right < 1
    for batch in (7, 50):
        found = accuracy_corrupted(corruption, model, images, labels, batch=batch, seed=4)
        assert found == pytest.approx(100 * right)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda m, x, y: (m.train(), x, y), "training mode"),
        (lambda m, x, y: (m, x[:0], y[:0]), "images are empty"),
        (lambda m, x, y: (m, x, y[:2]), "labels have shape"),
        (lambda m, x, y: (m, x, y + 5), "labels span"),
        (lambda m, x, y: (m, x * 2, y), "images span"),
        (lambda m, x, y: (lambda x: m(x) / (len(x) == 1), x, y), "NaN or infinity"),
    ],
)
def test_bad_accuracies(change, text, model, images):
    labels = torch.tensor([0, 1, 2, 3, 4, 0])
    with pytest.raises(ValueError, match=text):
        accuracy_corrupted(Corruption("blur", 1.0), *change(model, images, labels))
    with pytest.raises(ValueError, match="batch is 0"):
        accuracy_corrupted(Corruption("blur", 1.0), model, images, labels, batch=0)
