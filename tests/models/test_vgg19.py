import hashlib
import os
from pathlib import Path

import pytest
import torch
from torchvision.models.vgg import cfgs, make_layers
from torchvision.transforms.functional import normalize

from helpers.data import DataError
from helpers.models.vgg19 import FILE, conv3_1_maps, read_vgg19, vgg19_to_conv3_1


@pytest.fixture
def theirs():
    """The convolutional part of torchvision's VGG-19, with random weights."""
    torch.manual_seed(0)
    return make_layers(cfgs["E"], batch_norm=False).eval()


def saved(folder, held):
    """Write a file of weights, and give what its SHA-256 begins with."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(held, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def weights(network, count=11):
    """The tensors of the first layers, and one of a layer that is not read."""
    held = {f"features.{name}": value for name, value in network[:count].state_dict().items()}
    return held | {"classifier.6.bias": torch.zeros(1000)}


def test_it_is_torchvisions_network_as_far_as_conv3_1(tmp_path, theirs):
    network = read_vgg19(tmp_path, sha256_begins=saved(tmp_path, weights(theirs)))
    images = torch.randint(0, 256, (3, 1, 18, 32), dtype=torch.uint8)
    large = torch.nn.functional.interpolate(images.float() / 255, (36, 64), mode="bilinear")
    x = normalize(large.repeat(1, 3, 1, 1), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    with torch.no_grad():
        wanted = theirs[:12](x)
    assert isinstance(theirs[12], torch.nn.Conv2d)  # conv3-2
    assert theirs[10].out_channels == 256
    found = conv3_1_maps(network, images, batch=2)
    assert found.shape == (3, 256, 9, 16)
    torch.testing.assert_close(found, wanted)
    assert not found.requires_grad


def test_without_the_file(tmp_path):
    assert read_vgg19(tmp_path) is None


def test_another_file_is_not_unpickled(tmp_path, theirs, monkeypatch):
    saved(tmp_path, weights(theirs))
    monkeypatch.setattr("helpers.models.vgg19.read_tensors", None)
    with pytest.raises(DataError, match="begin with dcbb9e9d; delete it and run `brains data vgg"):
        read_vgg19(tmp_path)


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ([1], "holds a list and should hold named tensors"),
        ({"features.0.weight": 3}, r"lacks the tensor features\.0\.weight"),
        ({"features.0.weight": torch.zeros(64, 1, 3, 3)}, r"of shape \(64, 1, 3, 3\) and should"),
        ({"features.0.weight": Path("a")}, "holds more than tensors"),
    ],
)
def test_wrong_files(tmp_path, held, text):
    with pytest.raises(DataError, match=text):
        read_vgg19(tmp_path, sha256_begins=saved(tmp_path, held))


def test_maps_of_bad_images():
    network = vgg19_to_conv3_1().eval()
    with pytest.raises(ValueError, match=r"images are torch\.float32"):
        conv3_1_maps(network, torch.rand(1, 1, 8, 8))
    with pytest.raises(ValueError, match="batch is 0"):
        conv3_1_maps(network, torch.zeros(1, 1, 8, 8, dtype=torch.uint8), batch=0)


def test_the_published_weights_tell_edges_apart():
    folder = os.environ.get("BORROWED_BRAINS_DATA")
    network = read_vgg19(Path(folder)) if folder else None
    if network is None:
        pytest.skip(f"BORROWED_BRAINS_DATA names no folder with {FILE}: nothing to check")
    stripes = torch.zeros(2, 1, 36, 64, dtype=torch.uint8)
    stripes[0, :, ::4] = stripes[1, :, :, ::4] = 255
    maps = conv3_1_maps(network, stripes).mean((2, 3))
    assert torch.cosine_similarity(maps[0], maps[1], dim=0) < 0.9
