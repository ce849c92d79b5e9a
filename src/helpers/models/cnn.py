"""The baseline convolutional network for 28x28 images."""

from torch import Tensor, nn

from helpers.checks import check_count


class BaselineCNN(nn.Module):
    """The MNIST network of Madry et al. (2017): two convolutions and two dense layers.

    The cerebellum paper does not give its own baseline, so this is a substitute: 5x5 convolutions
    to 32 and 64 channels, each followed by ReLU and 2x2 max-pooling, then 1,024 hidden units.

    Args:
        classes: number of outputs.
        width: hidden units of the dense layer; the convolutions have ``width / 32`` and
            ``width / 16`` channels. 1,024 in the paper; less for quick demonstrations.
    """

    def __init__(self, classes: int = 10, width: int = 1024) -> None:
        super().__init__()
        check_count("classes", classes, 2)
        check_count("width", width, 32)
        first, second = width // 32, width // 16
        self.layers = nn.Sequential(
            nn.Conv2d(1, first, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(first, second, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(49 * second, width),
            nn.ReLU(),
            nn.Linear(width, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, 1, 28, 28)."""
        if images.ndim != 4 or images.shape[1:] != (1, 28, 28):
            raise ValueError(f"images have shape {tuple(images.shape)}; it may be (n, 1, 28, 28)")
        return self.layers(images)
