"""ResNet-18 and ResNet-34 for small gray images."""

import torch
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock

from helpers.checks import check_count

#: Channels from which a 1x1 convolution may have a stride, see :class:`SkippingConvolution`.
SAFE = 16
#: Blocks of two convolutions in each of the four sections, by depth.
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}


class GrayResNet(nn.Module):
    """torchvision's residual blocks behind a stem for small images, without its pooling.

    The stem is a 7x7 convolution of stride 1 that keeps the size, so 32x32 images enter the first
    section whole; the other three halve it and double the channels. Pixels x in [0, 1] enter as
    5 (x - 0.5), as in the successor's published code.

    Args:
        depth: 18 or 34 layers.
        width: channels of the stem and of the first section, 64 in the papers.
        classes: number of scores.

    Raises:
        ValueError: `depth` is neither, or `width` or `classes` is too small.

    Sources: He et al. (2016); Li et al. (2019), section 4; Attias et al. (2024), published code.
    """

    def __init__(self, depth: int = 18, *, width: int = 64, classes: int = 10) -> None:
        super().__init__()
        sections = _blocks(depth)
        check_count("width", width, 1)
        check_count("classes", classes, 2)
        self.depth, self.width = depth, width
        self.stem = nn.Sequential(
            nn.Conv2d(1, width, 7, padding=3, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        channels, self.sections = width, nn.ModuleList()
        for number, blocks in enumerate(sections):
            wide = width * 2**number
            stride = 1 if number == 0 else 2
            self.sections.append(
                nn.Sequential(
                    _block(channels, wide, stride),
                    *(_block(wide, wide, 1) for _ in range(blocks - 1)),
                )
            )
            channels = wide
        self.scores = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def features(self, images: Tensor) -> list[Tensor]:
        """The maps behind the stem and behind each section: layers 1, 5, 9, 13 and 17 of 18.

        Args:
            images: (n, 1, h, w) in [0, 1], of any size.

        Raises:
            ValueError: the images are not (n, 1, h, w).
        """
        if images.ndim != 4 or images.shape[1] != 1:
            raise ValueError(f"images have shape {tuple(images.shape)}; it may be (n, 1, h, w)")
        maps = [self.stem(5 * (images - 0.5))]
        for section in self.sections:
            maps.append(section(maps[-1]))
        return maps

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, 1, h, w) in [0, 1]."""
        return self.scores(self.features(images)[-1].mean((2, 3)))


def _blocks(depth: int) -> tuple[int, ...]:
    """The blocks of each section."""
    whole = check_count("depth", depth, 1)  # neither text nor 18.0, which equals the key 18
    if whole not in BLOCKS:
        raise ValueError(f"depth is {whole}; it may be {' or '.join(map(str, BLOCKS))}")
    return BLOCKS[whole]


class SkippingConvolution(nn.Conv2d):
    """A 1x1 convolution of the pixels in every `step`-th row and column.

    That is a stride, taken before the convolution. Within it, and with fewer than :data:`SAFE`
    input channels that lie last in memory, oneDNN 3.13 computes gradients of the weights past the
    end of its workspace (uxlfoundation/oneDNN, issue 6035), which ends the process or worse.
    """

    def __init__(self, channels: int, wide: int, step: int) -> None:
        super().__init__(channels, wide, 1, bias=False)
        self.step = step

    def forward(self, x: Tensor) -> Tensor:
        """(n, channels, h, w) to (n, wide, ceil(h / step), ceil(w / step))."""
        return super().forward(x[:, :, :: self.step, :: self.step])


def _block(channels: int, wide: int, stride: int) -> BasicBlock:
    shortcut = None
    if stride != 1 or channels != wide:
        # The same but for rounding. The networks of results/ are wide enough to have the stride.
        convolution = (
            SkippingConvolution(channels, wide, stride)
            if channels < SAFE
            else nn.Conv2d(channels, wide, 1, stride, bias=False)
        )
        shortcut = nn.Sequential(convolution, nn.BatchNorm2d(wide))
    return BasicBlock(channels, wide, stride, shortcut)


def layers_read(depth: int) -> tuple[int, ...]:
    """The number of the convolution behind which each of the five features is read.

    For 18 layers 1, 5, 9, 13 and 17, as in Li et al. (2019).

    Raises:
        ValueError: `depth` is neither 18 nor 34.
    """
    ends = torch.tensor(_blocks(depth)).cumsum(0)
    return (1, *(1 + 2 * int(end) for end in ends))
