from dataclasses import replace

import pytest
import torch

from helpers.experiments.sleep.patches_run import PATCHES_SLEEP, RECIPE
from helpers.sleep import ORIGINAL, SleepNetwork, SleepParameters, train_control
from helpers.sleep.firing import halvings
from helpers.sleep.patches import patches
from helpers.sleep.repeated import repeated

PARAMETERS = SleepParameters(
    spike_probability=1.0, leak=1.0, gain=1.0, normalised=False, gated=False, thresholds=(8.0, 3.0)
)


@pytest.fixture
def chain():
    """One cell after the other, joined by weights of 1."""
    network = SleepNetwork((1, 1, 1), dropout=(0,)).eval()
    for layer in network.layers:
        layer.weight.data.fill_(1)
    return network


def test_by_hand(chain):
    # The input fires in every step. With a threshold of 8 the next cell does in every eighth, with
    # 1 in every one; the last one then goes from 3 over 1.5 to .75.
    assert halvings(chain, torch.ones(24, 1), PARAMETERS) == (3, 2)
    assert halvings(chain, torch.ones(24, 1), replace(PARAMETERS, thresholds=(1.0, 0.5))) == (0, 0)


def test_a_layer_that_cannot_fire(chain):
    chain.layers[1].weight.data.fill_(-1)
    with pytest.raises(ValueError, match="at_most is 4; layer 2 fires in 0 % of the steps then"):
        halvings(chain, torch.ones(24, 1), PARAMETERS, at_most=4)


def test_those_of_the_patches():
    images = patches(10, 6)
    network = train_control(RECIPE, images, torch.arange(4), classes=4)
    start = replace(ORIGINAL, thresholds=ORIGINAL.thresholds[::2])
    found = halvings(network, repeated(images, 3_000), start, reference=images)
    assert found == (4, 4)
    assert PATCHES_SLEEP.thresholds == tuple(threshold / 2**4 for threshold in start.thresholds)
