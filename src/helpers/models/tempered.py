"""Scores divided by a temperature."""

from torch import Tensor, nn

from helpers.checks import check_positive


class Tempered(nn.Module):
    """A model whose scores are divided by a temperature: the same answers, smaller gradients.

    With a temperature of 50 this is what the report on sleep calls defensive distillation: in its
    code there is a temperature at evaluation, and no teacher.

    Args:
        model: maps images to scores (n, classes).
        temperature: above 0.
    """

    def __init__(self, model: nn.Module, temperature: float) -> None:
        super().__init__()
        self.model = model
        self.temperature = check_positive("temperature", temperature)

    def forward(self, images: Tensor) -> Tensor:
        """Scores (n, classes) of images (n, ...)."""
        scores: Tensor = self.model(images) / self.temperature
        return scores
