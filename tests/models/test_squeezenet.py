import os
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data as photographs
from torch.nn.functional import conv2d, max_pool2d, pad

from helpers.data import DataError
from helpers.models.squeezenet import (
    FILE,
    SqueezeNet,
    average_maps,
    early_maps,
    prepared,
    read_squeezenet,
)


def arrays() -> dict[str, np.ndarray]:
    """The arrays of a file, in the shapes of the paper's table 1."""
    rng, held = np.random.default_rng(0), {}

    def layer(name: str, *shape: int) -> None:
        held[f"{name}.weight"] = rng.normal(0, 0.05, shape).astype(np.float32)
        held[f"{name}.bias"] = rng.normal(0, 0.05, shape[0]).astype(np.float32)

    layer("conv1", 96, 3, 7, 7)
    channels = 96
    for number, squeezed in enumerate((16, 16, 32, 32, 48, 48, 64, 64), start=2):
        layer(f"fire{number}__conv1x1_1", squeezed, channels, 1, 1)
        layer(f"fire{number}__conv1x1_2", 4 * squeezed, squeezed, 1, 1)
        layer(f"fire{number}__conv3x3_2", 4 * squeezed, squeezed, 3, 3)
        channels = 8 * squeezed
    layer("conv_final", 1000, 512, 1, 1)
    return held


def write(folder: Path, held: dict[str, np.ndarray]) -> Path:
    path = folder / FILE
    path.parent.mkdir(parents=True)
    np.savez(path, **held)
    return path


def in_functions(held: dict[str, np.ndarray], x: torch.Tensor) -> tuple[torch.Tensor, list[int]]:
    """The last maps by torch's functions, from the arrays; and the sides of all maps."""
    weights = {name: torch.from_numpy(array) for name, array in held.items()}

    def convolve(name: str, x: torch.Tensor, stride: int = 1, around: int = 0) -> torch.Tensor:
        held = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return conv2d(x, *held, stride, around).clamp(min=0)

    def pool(x: torch.Tensor) -> torch.Tensor:
        right = (x.shape[-1] - 3) % 2  # rounded up: a window may hang over by one
        return max_pool2d(pad(x, (0, right, 0, right), value=-torch.inf), 3, 2)

    x = convolve("conv1", x, 2)
    sides = [x.shape[-1]]
    for number in range(2, 10):
        if number in (2, 5, 9):
            x = pool(x)
            sides.append(x.shape[-1])
        few = convolve(f"fire{number}__conv1x1_1", x)
        halves = [f"fire{number}__conv{kind}_2" for kind in ("1x1", "3x3")]
        x = torch.cat([convolve(halves[0], few), convolve(halves[1], few, around=1)], 1)
    return x, sides


def test_it_is_the_network_of_the_paper(tmp_path: Path) -> None:
    held = arrays()
    write(tmp_path, held)
    network = read_squeezenet(tmp_path)
    assert network is not None
    # The paper's table 1 rounds it to 1,248,424.
    assert sum(weight.numel() for weight in network.parameters()) == 1_248_424
    images = torch.randint(256, (2, 1, 32, 32), dtype=torch.uint8)
    with torch.no_grad():
        maps, sides = in_functions(held, prepared(images))
        # Table 1 has 224 pixels and 111, 55, 27, 13 maps, which 227 pixels without a border give.
        assert sides == [111, 55, 27, 13]
        ours = network.maps(prepared(images))
        torch.testing.assert_close(ours, maps)
        weight, bias = (torch.from_numpy(held[f"conv_final.{part}"]) for part in ("weight", "bias"))
        scores = conv2d(maps, weight, bias).clamp(min=0).mean((2, 3))
        torch.testing.assert_close(network(prepared(images)), scores)
    features = average_maps(network, images, batch=1)
    torch.testing.assert_close(features, maps.mean((2, 3)))
    assert features.shape == (2, 512)


def test_prepared_by_hand() -> None:
    image = torch.zeros(1, 3, 227, 227, dtype=torch.uint8)
    image[0, :, 5, 7] = torch.tensor([10, 20, 30], dtype=torch.uint8)  # red, green, blue
    x = prepared(image)
    assert x[0, :, 5, 7].tolist() == [30 - 104, 20 - 117, 10 - 123]
    assert x[0, :, 0, 0].tolist() == [-104, -117, -123]
    gray = prepared(torch.full((1, 1, 32, 32), 200, dtype=torch.uint8))
    assert gray.shape == (1, 3, 227, 227)
    torch.testing.assert_close(gray[0, :, 100, 3], torch.tensor([96.0, 83.0, 77.0]))


@pytest.mark.parametrize(
    "images",
    [torch.zeros(1, 1, 32, 32), torch.zeros(1, 2, 32, 32).byte(), torch.zeros(3, 32, 32).byte()],
)
def test_other_images(images: torch.Tensor) -> None:
    with pytest.raises(ValueError, match=r"images are torch\.\w+ \(.*uint8 \(n, 1, h, w\)"):
        prepared(images)


def test_batch_below_1() -> None:
    with pytest.raises(ValueError, match="batch is 0"):
        average_maps(SqueezeNet(), torch.zeros(1, 1, 32, 32).byte(), batch=0)


def test_without_the_file(tmp_path: Path) -> None:
    assert read_squeezenet(tmp_path) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"fire9__conv3x3_2.bias": None}, r"lacks the array fire9__conv3x3_2\.bias"),
        (
            {"conv1.weight": np.zeros((96, 3, 3, 3))},
            r"conv1\.weight of float64 \(96, 3, 3, 3\) and should hold .* \(96, 3, 7, 7\)",
        ),
        ({"conv1.bias": np.zeros(96, int)}, r"conv1\.bias of int64"),
        ({"conv1.bias": np.full(96, np.nan)}, r"conv1\.bias with NaN"),
        ({"conv1.bias": np.array([None] * 96)}, "cannot be read as a .npz file of plain arrays"),
    ],
)
def test_wrong_files(tmp_path: Path, change: dict[str, np.ndarray | None], problem: str) -> None:
    held = {key: value for key, value in {**arrays(), **change}.items() if value is not None}
    path = write(tmp_path, held)
    with pytest.raises(DataError, match=problem) as caught:
        read_squeezenet(tmp_path)
    assert str(path) in str(caught.value)


def test_the_published_weights_know_photographs() -> None:
    folder = os.environ.get("BORROWED_BRAINS_DATA")
    if folder is None or not (Path(folder) / FILE).exists():
        pytest.skip(f"BORROWED_BRAINS_DATA names no folder with {FILE}: nothing to check")
    network = read_squeezenet(Path(folder))
    assert network is not None
    # ImageNet's 281 to 285 are cats, 967 is espresso.
    for name, classes in (("chelsea", range(281, 286)), ("coffee", (967,))):
        image = torch.from_numpy(getattr(photographs, name)().copy()).permute(2, 0, 1)[None]
        with torch.no_grad():
            assert network(prepared(image)).argmax().item() in classes


def test_early_maps_are_those_behind_the_second_fire_module():
    network = SqueezeNet().eval()
    images = torch.randint(0, 256, (3, 1, 20, 30), dtype=torch.uint8)
    maps = early_maps(network, images, batch=2)
    x = torch.nn.functional.interpolate(images.float(), (40, 60), mode="bilinear")
    x = x.repeat(1, 3, 1, 1) - torch.tensor([104.0, 117.0, 123.0]).view(3, 1, 1)
    with torch.no_grad():
        x = network.pool(torch.relu(network.conv1(x)))
        wanted = network.fires["3"](network.fires["2"](x))
    torch.testing.assert_close(maps, wanted)
    assert maps.shape[:2] == (3, 128)


def test_early_maps_of_bad_images():
    with pytest.raises(ValueError, match=r"images are torch\.float32"):
        early_maps(SqueezeNet(), torch.rand(1, 1, 8, 8))
    with pytest.raises(ValueError, match="batch is 0"):
        early_maps(SqueezeNet(), torch.zeros(1, 1, 8, 8, dtype=torch.uint8), batch=0)
