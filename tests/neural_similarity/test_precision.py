"""Training in half precision and in float32: the same loss curves, but for what seeds make of them.

Rounding is like another seed: what it changes grows from step to step until two trainings with the
same seed are as far apart as two others. So means over seeds are compared, with the spread between
seeds in float32 as the yardstick.
"""

from dataclasses import replace
from itertools import combinations

import pytest
import torch

from helpers.data import load
from helpers.data.stimuli import stimuli
from helpers.neural_similarity.joint import train_jointly
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.similarity import similarity_matrix
from helpers.neural_similarity.target import Target

SEEDS = range(5)
#: The width of the networks of the scaled grid, images and pairs of a step as in the paper.
RECIPE = JointRecipe(width=16, epochs=4, cycles=1, phases=2, learning_rate=0.05, validation=0.1)
#: Behind those held out six whole batches are left.
IMAGES = 426
LOSSES = ("task_loss", "similarity_loss")


@pytest.fixture(scope="module")
def curves():
    """By whether it is in half precision and by loss: (seeds, epochs) of a training on digits."""
    digits = load("digits")
    images = stimuli(digits.train_images[:IMAGES], height=16, width=16)
    shown = stimuli(digits.train_images[-60:], height=9, width=16)
    target = Target("pixels", shown, similarity_matrix(shown.float()))
    found = {}
    for half in (False, True):
        recipe = replace(RECIPE, half_precision=half)
        trainings = [
            train_jointly(recipe, images, digits.train_labels[:IMAGES], target=target, seed=seed)
            for seed in SEEDS
        ]
        for loss in LOSSES:
            found[half, loss] = torch.tensor(
                [[getattr(epoch, loss) for epoch in each.epochs] for each in trainings]
            )
    return found


def root_mean_square(values):
    return values.square().mean().sqrt()


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_curves_differ_less_than_those_of_two_seeds(curves, loss):
    exact, half = curves[False, loss], curves[True, loss]
    assert not torch.equal(exact, half)
    seeds = root_mean_square(torch.stack([one - two for one, two in combinations(exact, 2)]))
    assert root_mean_square(half.mean(0) - exact.mean(0)) < seeds
    # The yardstick is short: while it learns the loss falls by more than twice as much.
    assert exact.mean(0)[0] - exact.mean(0)[-1] > 2 * seeds
