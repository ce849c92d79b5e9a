"""SqueezeNet 1.0 in plain torch, and its published weights from a file of plain arrays."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from helpers.checks import check_count
from helpers.data.arrays import read_arrays
from helpers.data.integrity import DataError

#: The weights' place in the data folder.
FILE = Path("pretrained") / "squeezenet_v1.0" / "squeezenet_v1.0_decoded.npz"
#: Height and width of the images it was trained on.
SIDE = 227
#: What was subtracted from blue, green and red on 0 to 255.
MEANS = (104.0, 117.0, 123.0)
#: Cells of each fire module: squeezed, and of each half of what it expands to.
FIRES = {
    2: (16, 64),
    3: (16, 64),
    4: (32, 128),
    5: (32, 128),
    6: (48, 192),
    7: (48, 192),
    8: (64, 256),
    9: (64, 256),
}


class Fire(nn.Module):
    """Few 1x1 convolutions, then many 1x1 and 3x3 convolutions side by side, with ReLUs."""

    def __init__(self, channels: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, h, w) to (n, 2 * expanded, h, w)."""
        x = self.squeeze(x).relu()
        return torch.cat([self.expand1(x), self.expand3(x)], 1).relu()


class SqueezeNet(nn.Module):
    """SqueezeNet 1.0 for 227x227 images, as its authors released it for Caffe.

    Max pooling rounds sizes up, as Caffe does. Without dropout, which training needs and
    evaluation does not.

    Source: Iandola et al. (2016), table 1.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 7, stride=2)
        channels = 96
        self.fires = nn.ModuleDict()
        for number, (squeezed, expanded) in FIRES.items():
            self.fires[str(number)] = Fire(channels, squeezed, expanded)
            channels = 2 * expanded
        self.classifier = nn.Conv2d(channels, 1000, 1)
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)

    def maps(self, x: Tensor) -> Tensor:
        """The last maps before the classifier, (n, 512, 13, 13), of prepared images."""
        x = self.pool(self.conv1(x).relu())
        for number, fire in self.fires.items():
            x = fire(x)
            if number in ("4", "8"):
                x = self.pool(x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Scores (n, 1000) of prepared images (n, 3, 227, 227), see :func:`prepared`."""
        return self.classifier(self.maps(x)).relu().mean((2, 3))


def prepared(images: Tensor) -> Tensor:
    """Images as the network was trained on them: 227x227, blue first, means subtracted.

    Args:
        images: (n, 1, h, w) gray, which stands for all three colours, or (n, 3, h, w) red first;
            uint8.

    Raises:
        ValueError: the images are not that.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 (n, 1, h, w) or "
            "(n, 3, h, w)"
        )
    x = nn.functional.interpolate(
        images.float(), (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False
    )
    x = x.flip(1) if x.shape[1] == 3 else x.expand(-1, 3, -1, -1)
    return x - torch.tensor(MEANS, device=x.device)[:, None, None]


@torch.no_grad()
def average_maps(network: SqueezeNet, images: Tensor, *, batch: int = 8) -> Tensor:
    """Features (n, 512) of images (n, 1 or 3, h, w) uint8: the mean of each map of the last fire.

    About .7 billion products an image; small batches stay in the processor's caches. The weights of
    `network` are laid out anew in memory, channels last.

    Raises:
        ValueError: see :func:`prepared`; `batch` is below 1.
    """
    check_count("batch", batch, 1)
    network = network.to(memory_format=torch.channels_last)  # twice as fast on a CPU
    return torch.cat([network.maps(prepared(part)).mean((2, 3)) for part in images.split(batch)])


@torch.no_grad()
def early_maps(network: SqueezeNet, images: Tensor, *, batch: int = 50) -> Tensor:
    """The maps (n, 128, h', w') behind the second of the eight fire modules.

    Where VGG-19's conv3-1 stands, which Li et al. (2019) took: behind two halvings of the image.
    The images enter at twice their size, in which an object has about the size it had in training.

    Args:
        network: with its weights.
        images: (n, 1, h, w) gray uint8.
        batch: images at a time.

    Raises:
        ValueError: the images are not that; `batch` is below 1.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 1:
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 (n, 1, h, w)"
        )
    check_count("batch", batch, 1)
    maps = []
    for part in images.split(batch):
        x = nn.functional.interpolate(part.float(), scale_factor=2.0, mode="bilinear")
        x = x.expand(-1, 3, -1, -1) - torch.tensor(MEANS, device=x.device)[:, None, None]
        x = network.pool(network.conv1(x).relu())
        maps.append(network.fires["3"](network.fires["2"](x)))
    return torch.cat(maps)


def read_squeezenet(folder: Path) -> SqueezeNet | None:
    """The network with the weights in `folder`, or None where the file is missing.

    ``brains data squeezenet`` brings it, see :mod:`helpers.models.fetch`. It holds an array for
    each weight and bias: ``conv1.weight`` (96, 3, 7, 7), of module k ``fire<k>__conv1x1_1``
    (squeeze), ``fire<k>__conv1x1_2`` and ``fire<k>__conv3x3_2`` (expand), and ``conv_final``.

    Raises:
        DataError: the file is corrupt or holds Python objects; an array is missing, has another
            shape or holds NaN.
    """
    path = folder / FILE
    if not path.exists():
        return None
    arrays = read_arrays(path)
    network = SqueezeNet()
    for ours, theirs in _names().items():
        layer = network.get_submodule(ours)
        for part in ("weight", "bias"):
            held = arrays.get(f"{theirs}.{part}")
            wanted = getattr(layer, part).data
            if held is None:
                raise DataError(f"{path} lacks the array {theirs}.{part}")
            if held.dtype.kind != "f" or held.shape != tuple(wanted.shape):
                raise DataError(
                    f"{path} holds {theirs}.{part} of {held.dtype} {held.shape} and should hold "
                    f"floating point {tuple(wanted.shape)}"
                )
            if not np.isfinite(held).all():
                raise DataError(f"{path} holds {theirs}.{part} with NaN or infinite numbers")
            wanted.copy_(torch.from_numpy(held))
    return network.eval()


def _names() -> dict[str, str]:
    """Each layer's name here and in the file."""
    fires = {
        f"fires.{number}.{ours}": f"fire{number}__{theirs}"
        for number in FIRES
        for ours, theirs in (
            ("squeeze", "conv1x1_1"),
            ("expand1", "conv1x1_2"),
            ("expand3", "conv3x3_2"),
        )
    }
    return {"conv1": "conv1", **fires, "classifier": "conv_final"}
