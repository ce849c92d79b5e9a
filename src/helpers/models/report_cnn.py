"""The convolutional network of the report on sleep."""

from torch import Tensor, nn

from helpers.checks import check_count


class ReportCNN(nn.Module):
    """The network behind "defensive distillation" in Sritharan et al. (2021).

    A 5x5 convolution to 32 channels, a 3x3 convolution to 64, 1,200 hidden units. What stands
    between them is not said; here ReLU and 2x2 max-pooling behind each convolution.

    Args:
        classes: number of outputs.
    """

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        check_count("classes", classes, 2)
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(64 * 25, 1200),
            nn.ReLU(),
            nn.Linear(1200, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, 1, 28, 28)."""
        if images.ndim != 4 or images.shape[1:] != (1, 28, 28):
            raise ValueError(f"images have shape {tuple(images.shape)}; it may be (n, 1, 28, 28)")
        return self.layers(images)
