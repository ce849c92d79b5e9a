"""The published CNN that predicts 7,776 neurons of mouse V1, and its weights from their file."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import elu, grid_sample

from helpers.checks import check_count
from helpers.data.integrity import DataError
from helpers.data.recordings.fetch import MODEL, MODEL_SHA256
from helpers.tensors import read_tensors

#: Where the checkpoint lies in the data folder.
FILE = MODEL
#: Height and width of its images.
SIZE = (36, 64)
NEURONS, CHANNELS, LAYERS = 7776, 64, 4
#: The recording it was fitted to: animal, session and scan.
SCAN = "26872-17-20"


class DepthSeparable(nn.Module):
    """A 1x1 convolution, a 7x7 filter for each channel, a 1x1 convolution; none has a bias."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.into = nn.Conv2d(channels, channels, 1, bias=False)
        self.spatial = nn.Conv2d(channels, channels, 7, padding=3, groups=channels, bias=False)
        self.out = nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, h, w) to the same shape."""
        return self.out(self.spatial(self.into(x)))


class SensoriumCNN(nn.Module):
    """Four convolutional layers, and a readout that looks at one place for each neuron.

    A place is a function of the neuron's position in the cortex, learnt for all at once: a
    two-layer network with an ELU between and a hyperbolic tangent behind. The features there, by
    bilinear interpolation, are weighted for each neuron; ELU + 1 keeps responses positive. The
    published weights have no part for the animal's eyes and body: what these did while it was
    recorded is averaged over.

    Source: Willeke et al. (2022), the competition's stronger baseline; Lurz et al. (2021).
    """

    def __init__(self) -> None:
        super().__init__()
        convolutions = [nn.Conv2d(1, CHANNELS, 9, bias=False)]
        convolutions += [DepthSeparable(CHANNELS) for _ in range(LAYERS - 1)]  # type: ignore[misc]
        self.convolutions = nn.ModuleList(convolutions)
        self.norms = nn.ModuleList(nn.BatchNorm2d(CHANNELS) for _ in range(LAYERS))
        self.place_of = nn.Sequential(nn.Linear(2, 30), nn.ELU(), nn.Linear(30, 2), nn.Tanh())
        self.register_buffer("cortex", torch.zeros(NEURONS, 2))
        self.weights = nn.Parameter(torch.zeros(CHANNELS, NEURONS))
        self.bias = nn.Parameter(torch.zeros(NEURONS))

    def core(self, images: Tensor) -> Tensor:
        """Features (n, 64, 28, 56) of z-scored images (n, 1, 36, 64)."""
        x = images
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = elu(norm(convolution(x)))
        return x

    def places(self) -> Tensor:
        """Where each neuron looks: (neurons, 2), x and y from -1 to 1 over the features."""
        return self.place_of(self.cortex)

    def forward(self, images: Tensor) -> Tensor:
        """Predicted responses (n, neurons), 0 or above, of z-scored images (n, 1, 36, 64).

        Raises:
            ValueError: the images have another shape.
        """
        if images.ndim != 4 or images.shape[1:] != (1, *SIZE):
            raise ValueError(
                f"images have shape {tuple(images.shape)}; it may be (n, 1, {SIZE[0]}, {SIZE[1]})"
            )
        grid = self.places()[None, :, None].expand(len(images), -1, -1, -1)
        seen = grid_sample(self.core(images), grid, align_corners=True)[..., 0]
        return elu((seen * self.weights).sum(1) + self.bias) + 1


@torch.no_grad()
def predicted_responses(network: nn.Module, images: Tensor, *, batch: int = 50) -> Tensor:
    """Responses (n, neurons) of a model to images that are z-scored first, all of them together.

    The mean and the standard deviation of the pixels are those of `images`, as the statistics of
    the recording's own images were not published.

    Args:
        network: maps z-scored images to responses, in evaluation mode.
        images: (n, 1, h, w) uint8.
        batch: images at a time.

    Raises:
        ValueError: there are no images, they are not uint8 or all one gray, or the network is in
            training mode.
    """
    check_count("batch", batch, 1)
    check_count("number of images", len(images), 1)
    if images.dtype != torch.uint8:
        raise ValueError(f"images are {images.dtype}; they may be torch.uint8")
    if network.training:
        raise ValueError("network is in training mode; it may be in evaluation mode")
    std, mean = torch.std_mean(images.double())
    if not std > 0:
        raise ValueError("images are all one gray; they may be pictures")
    return torch.cat(
        [network(((part - mean) / std).float()) for part in images.double().split(batch)]
    )


def read_sensorium_cnn(folder: Path, *, sha256: str = MODEL_SHA256) -> SensoriumCNN | None:
    """The network with the published weights in `folder`, or None where their file is missing.

    Args:
        folder: the data folder.
        sha256: what the file has to be; it is compared before the file is unpickled, and then
            nothing but tensors is read.

    Raises:
        DataError: the file is another one, lacks a tensor, or has one of another shape.
    """
    path = folder / FILE
    if not path.exists():
        return None
    held = load_tensors(path, sha256)
    network = SensoriumCNN()
    network.load_state_dict(_translated(path, held))
    return network.eval()


def load_tensors(path: Path, sha256: str) -> Mapping[str, Any]:
    """What a file of tensors holds, if it is the file that is expected.

    Raises:
        DataError: its SHA-256 is another one, or it holds more than tensors.
    """
    data = path.read_bytes()  # once, so that what is unpickled is what was compared
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise DataError(
            f"{path} is truncated, corrupt or another file: its SHA-256 is {found} and should be "
            f"{sha256}; delete it and bring it again"
        )
    try:
        held = read_tensors(io.BytesIO(data), name=path)
    except ValueError as error:
        raise DataError(str(error)) from error
    if not isinstance(held, Mapping):
        raise DataError(f"{path} holds a {type(held).__name__} and should hold named tensors")
    return held


def _translated(path: Path, held: Mapping[str, Any]) -> dict[str, Tensor]:
    """The published tensors under the names they have here."""
    readout = f"readout.{SCAN}"
    theirs = {
        "convolutions.0.weight": "core.features.layer0.conv.weight",
        "cortex": f"{readout}.source_grid",
        "weights": f"{readout}._features",
        "bias": f"{readout}.bias",
    }
    for layer in range(1, LAYERS):
        for ours, part in (("into", "in_depth"), ("spatial", "spatial"), ("out", "out_depth")):
            key = f"core.features.layer{layer}.ds_conv.{part}_conv.weight"
            theirs[f"convolutions.{layer}.{ours}.weight"] = key
    for layer in range(LAYERS):
        for part in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
            theirs[f"norms.{layer}.{part}"] = f"core.features.layer{layer}.norm.{part}"
    for layer in (0, 2):
        for part in ("weight", "bias"):
            theirs[f"place_of.{layer}.{part}"] = f"{readout}.mu_transform.{layer}.{part}"
    missing = sorted(set(theirs.values()) - set(held))
    if missing:
        raise DataError(f"{path} lacks the tensor {missing[0]}")
    found = {ours: held[key] for ours, key in theirs.items()}
    for name, tensor in found.items():
        if not isinstance(tensor, Tensor):
            raise DataError(
                f"{path} holds a {type(tensor).__name__} as {theirs[name]} and should hold a tensor"
            )
    if found["weights"].numel() == CHANNELS * NEURONS:  # theirs have axes of length 1 besides
        found["weights"] = found["weights"].reshape(CHANNELS, NEURONS)
    for name, wanted in SensoriumCNN().state_dict().items():
        if found[name].shape != wanted.shape:
            raise DataError(
                f"{path} holds {theirs[name]} of shape {tuple(held[theirs[name]].shape)}, which "
                f"does not fit {tuple(wanted.shape)}"
            )
    return found
