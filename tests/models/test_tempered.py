import pytest
import torch
from torch import nn

from helpers.models.tempered import Tempered


def test_the_same_answers_from_smaller_scores():
    model = nn.Linear(4, 3)
    x = torch.rand(6, 4)
    torch.testing.assert_close(Tempered(model, 50.0)(x), model(x) / 50)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_bad_temperatures(temperature):
    with pytest.raises(ValueError, match="temperature is"):
        Tempered(nn.Identity(), temperature)
