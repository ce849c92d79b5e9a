"""A network behind a fixed blur."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad

from helpers.checks import check_positive
from helpers.models.gray_resnet import GrayResNet


class Blurred(nn.Module):
    """A network whose images are blurred first, by a Gaussian that nothing trains.

    Li et al. (2023) report that a blur of 1.5 pixels before a network defends it as well as the
    similarity to mouse V1. Borders are mirrored about the last pixel; the Gaussian is cut at four
    standard deviations.

    Args:
        network: what sees the blurred images.
        sigma: standard deviation of the Gaussian in pixels.

    Raises:
        ValueError: `sigma` is not a finite number above 0.
    """

    kernel: Tensor

    def __init__(self, network: GrayResNet, sigma: float) -> None:
        super().__init__()
        check_positive("sigma", sigma)
        self.network, self.sigma = network, sigma
        reach = max(1, int(4 * sigma + 0.5))
        bell = torch.exp(-(torch.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
        self.register_buffer("kernel", bell / bell.sum())

    def blur(self, images: Tensor) -> Tensor:
        """Blurred images, of the shape (n, 1, h, w) they have.

        Raises:
            ValueError: the images are not (n, 1, h, w), or no larger than the Gaussian reaches.
        """
        reach = len(self.kernel) // 2
        if images.ndim != 4 or images.shape[1] != 1 or min(images.shape[2:]) <= reach:
            raise ValueError(
                f"images have shape {tuple(images.shape)}; it may be (n, 1, h, w) with more than "
                f"{reach} pixels a side"
            )
        kernel = self.kernel.to(images.dtype)
        # In training as in use: half precision would blur by another Gaussian.
        with torch.autocast(images.device.type, enabled=False):
            wide = pad(images, (reach, reach, 0, 0), mode="reflect")
            wide = conv2d(wide, kernel.view(1, 1, 1, -1))
            high = pad(wide, (0, 0, reach, reach), mode="reflect")
            return conv2d(high, kernel.view(1, 1, -1, 1))

    def features(self, images: Tensor) -> list[Tensor]:
        """See :meth:`GrayResNet.features`."""
        return self.network.features(self.blur(images))

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, 1, h, w) in [0, 1]."""
        return self.network(self.blur(images))
