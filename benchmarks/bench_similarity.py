"""Training with two losses in half precision, against the same steps in plain float32."""

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from benchmarks.harness import OURS, compare
from helpers.data import as_float
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.joint import train_jointly
from helpers.neural_similarity.loss import LayerWeights, similarity_loss
from helpers.neural_similarity.pairs import PairOrder
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.similarity import similarity_matrix
from helpers.neural_similarity.target import Target
from helpers.records.benchmark import Row
from helpers.training.augmentation import cropped_and_flipped

#: So many that setting up, which both sides do, hardly counts.
STEPS = 20
RECIPE = JointRecipe(epochs=1)
#: So many that behind those held out STEPS batches are left.
IMAGES = int(STEPS * RECIPE.batch / (1 - RECIPE.validation))
SETTING = "ResNet-18 of width 64, 64 images of 32x32 and 32 pairs of 18x32 in a step"
DEVICE = "cpu"


def rows() -> Iterator[Row]:
    """The ratio of a step, setting up included on both sides."""
    images, labels, target = data(IMAGES, stimuli=100, shown=(18, 32))
    yield compare(
        "training step with pairs",
        {
            OURS: partial(train_jointly, RECIPE, images, labels, target=target),
            "plain float32": partial(plain, images, labels, target),
        },
        rounds=3,
        bound=1.9,
        steps=STEPS,
    )


def data(n: int, *, stimuli: int, shown: tuple[int, int]) -> tuple[Tensor, Tensor, Target]:
    """Noise as images of 32x32 with labels, and as stimuli of another size with similarities."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (n, 1, 32, 32), generator=generator, dtype=torch.uint8)
    labels = torch.randint(0, 10, (n,), generator=generator)
    pictures = torch.randint(0, 256, (stimuli, 1, *shown), generator=generator, dtype=torch.uint8)
    return images, labels, Target("pixels", pictures, similarity_matrix(pictures.float()))


def plain(images: Tensor, labels: Tensor, target: Target) -> None:
    """The same steps as a first version has them: float32, channels first."""
    network, weights = GrayResNet(width=RECIPE.width), LayerWeights()
    optimizer = torch.optim.SGD(
        [*network.parameters(), *weights.parameters()], lr=RECIPE.learning_rate, momentum=0.9
    )
    pairs = PairOrder(len(target.stimuli), RECIPE.pairs, seed=0)
    generator = torch.Generator().manual_seed(0)
    batches = zip(images.split(RECIPE.batch), labels.split(RECIPE.batch), strict=True)
    for step, (x, y) in enumerate(batches):
        if step == STEPS:
            break
        loss = cross_entropy(network(cropped_and_flipped(as_float(x), generator)), y)
        first, second = pairs.step(step)
        features = network.features(as_float(target.stimuli[torch.cat([first, second])]))
        found = weights(torch.stack([literally_alike(maps) for maps in features]))
        wanted = target.similarity[first, second]
        loss = loss + RECIPE.alpha * similarity_loss(found, wanted)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def literally_alike(maps: Tensor) -> Tensor:
    """Equation 9 as one would write it first: maps (2 * pairs, ...) to cosines (pairs,)."""
    flat = maps.flatten(1)
    first, second = (flat - flat.mean(0)).chunk(2)
    return torch.cosine_similarity(first, second, dim=1)
