import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch.nn.functional import conv2d, elu

from helpers.data import DataError
from helpers.data.recordings.allen import AREA_OF_FIGURES, read_allen
from helpers.models.sensorium_cnn import (
    FILE,
    SensoriumCNN,
    load_tensors,
    predicted_responses,
    read_sensorium_cnn,
)
from helpers.neural_similarity import similarity_matrix, upper

REAL = os.environ.get("BORROWED_BRAINS_DATA")


@pytest.fixture(scope="module")
def real() -> SensoriumCNN:
    found = read_sensorium_cnn(Path(REAL)) if REAL else None
    if found is None:
        pytest.skip("the published model of mouse V1 is not in the data folder")
    return found


def saved(tmp_path, tensors):
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    torch.save(tensors, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_neuron_by_hand():
    network = SensoriumCNN().eval()
    with torch.no_grad():
        network.bias.normal_()
        network.weights.normal_()
        network.cortex.uniform_(-1, 1)
        images = torch.randn(2, 1, 36, 64)
        x = images
        for layer in range(4):
            c = network.convolutions[layer]
            if layer == 0:
                x = conv2d(x, c.weight)
            else:
                x = conv2d(x, c.into.weight)
                x = conv2d(x, c.spatial.weight, padding=3, groups=64)
                x = conv2d(x, c.out.weight)
            x = elu(x / (1 + 1e-5) ** 0.5)  # statistics before any training: mean 0, variance 1
        # The features of neuron 5, by its own bilinear interpolation on 28 rows and 56 columns.
        right, down = ((network.places()[5] + 1) / 2 * torch.tensor([55.0, 27.0])).tolist()
        i, j = int(down), int(right)
        a, b = down - i, right - j
        seen = (1 - a) * ((1 - b) * x[..., i, j] + b * x[..., i, j + 1])
        seen += a * ((1 - b) * x[..., i + 1, j] + b * x[..., i + 1, j + 1])
        wanted = elu(seen @ network.weights[:, 5] + network.bias[5]) + 1
        torch.testing.assert_close(network(images)[:, 5], wanted, atol=1e-4, rtol=1e-4)


def test_the_published_model_agrees_with_recordings_that_it_never_saw(real):
    allen = read_allen(Path(REAL))
    recorded = upper(allen.similarity(AREA_OF_FIGURES))
    shown = allen.stimuli(36, 64)
    model = upper(similarity_matrix(predicted_responses(real, shown).double()))
    pixels = upper(similarity_matrix(shown.double()))
    # Measured by others with a plain forward pass on the same scenes: .22, raw pixels .10.
    assert spearmanr(model, recorded)[0] == pytest.approx(0.22, abs=0.03)
    assert spearmanr(model, recorded)[0] > spearmanr(pixels, recorded)[0]


def test_responses_are_those_of_z_scored_images():
    network = SensoriumCNN().eval()
    torch.nn.init.normal_(network.weights)
    images = torch.randint(0, 256, (3, 1, 36, 64), dtype=torch.uint8)
    z = (images.double() - images.double().mean()) / images.double().std()
    with torch.no_grad():
        torch.testing.assert_close(
            predicted_responses(network, images, batch=2), network(z.float())
        )


def test_a_missing_file_is_nothing(tmp_path):
    assert read_sensorium_cnn(tmp_path) is None


def test_another_file_is_not_unpickled(tmp_path):
    saved(tmp_path, {"a": torch.zeros(1)})
    with pytest.raises(DataError, match="its SHA-256 is"):
        read_sensorium_cnn(tmp_path)


def test_tensors_that_are_missing_or_of_another_shape(tmp_path, real):
    sha = saved(tmp_path, {"a": torch.zeros(1)})
    with pytest.raises(DataError, match=r"lacks the tensor core\.features"):
        read_sensorium_cnn(tmp_path, sha256=sha)
    held = dict(
        load_tensors(
            Path(REAL) / FILE, hashlib.sha256((Path(REAL) / FILE).read_bytes()).hexdigest()
        )
    )
    held["readout.26872-17-20.bias"] = torch.zeros(3)
    (tmp_path / FILE).unlink()
    torch.save(held, tmp_path / FILE)
    sha = hashlib.sha256((tmp_path / FILE).read_bytes()).hexdigest()
    with pytest.raises(DataError, match=r"bias of shape \(3,\)"):
        read_sensorium_cnn(tmp_path, sha256=sha)


#: The published names, and ours, of what `published` renames.
RENAMED = {
    "core.features.layer0.conv.weight": "convolutions.0.weight",
    "readout.26872-17-20.source_grid": "cortex",
    "readout.26872-17-20._features": "weights",
    "readout.26872-17-20.bias": "bias",
}
DS = {"into": "in_depth_conv", "spatial": "spatial_conv", "out": "out_depth_conv"}


def published(network):
    """The tensors of a network under the names that the published file has."""
    held = network.state_dict()
    named = {theirs: held.pop(ours) for theirs, ours in RENAMED.items()}
    for name, tensor in held.items():
        part, number, rest = name.split(".", 2)
        if part == "convolutions":
            ours, rest = rest.split(".")
            named[f"core.features.layer{number}.ds_conv.{DS[ours]}.{rest}"] = tensor
        elif part == "norms":
            named[f"core.features.layer{number}.norm.{rest}"] = tensor
        else:
            named[f"readout.26872-17-20.mu_transform.{number}.{rest}"] = tensor
    named["readout.26872-17-20._features"] = named["readout.26872-17-20._features"][None, :, None]
    return named


def test_a_file_with_the_published_names_is_read(tmp_path):
    network = SensoriumCNN().eval()
    torch.nn.init.normal_(network.weights)
    found = read_sensorium_cnn(tmp_path, sha256=saved(tmp_path, published(network)))
    assert all(map(torch.equal, network.state_dict().values(), found.state_dict().values()))


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (torch.zeros(1, 64, 1, 7), r"_features of shape \(1, 64, 1, 7\), .* fit \(64, 7776\)"),
        (torch.zeros(3), r"_features of shape \(3,\)"),
        ("text", r"holds a str as readout.*_features and should hold a tensor"),
    ],
)
def test_features_that_are_not_for_these_neurons(wrong, text, tmp_path):
    held = published(SensoriumCNN()) | {"readout.26872-17-20._features": wrong}
    sha = saved(tmp_path, held)
    with pytest.raises(DataError, match=text):
        read_sensorium_cnn(tmp_path, sha256=sha)


def test_what_is_compared_is_what_is_read(tmp_path, monkeypatch):
    sha = saved(tmp_path, {"a": torch.zeros(1)})
    path, whole = tmp_path / FILE, Path.read_bytes

    def swapped(self):
        data = whole(self)
        torch.save({"another": torch.ones(1)}, path)
        return data

    monkeypatch.setattr(Path, "read_bytes", swapped)
    assert load_tensors(path, sha).keys() == {"a"}


def test_code_in_a_file_is_not_run(tmp_path):
    sha = saved(tmp_path, [np.float64])
    with pytest.raises(DataError, match="holds more than tensors"):
        read_sensorium_cnn(tmp_path, sha256=sha)


@pytest.mark.parametrize(
    ("images", "text"),
    [
        (torch.rand(1, 1, 36, 64), "images are torch.float32"),
        (torch.zeros(1, 1, 36, 64, dtype=torch.uint8), "all one gray"),
        (torch.zeros(0, 1, 36, 64, dtype=torch.uint8), "number of images is 0; it may be at least"),
        (torch.randint(0, 9, (1, 1, 32, 64), dtype=torch.uint8), r"shape \(1, 1, 32, 64\)"),
    ],
)
def test_bad_images(images, text):
    with pytest.raises(ValueError, match=text):
        predicted_responses(SensoriumCNN().eval(), images)


def test_a_model_in_training_mode():
    with pytest.raises(ValueError, match="training mode"):
        predicted_responses(SensoriumCNN(), torch.zeros(1, 1, 36, 64, dtype=torch.uint8))
