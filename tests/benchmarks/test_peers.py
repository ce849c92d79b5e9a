"""A ratio says something only if both sides come to the same."""

from dataclasses import replace

import pytest
import torch

from benchmarks import bench_cerebellum, bench_similarity, bench_sleep
from helpers import cerebellum
from helpers.cerebellum.delta_rule import PlainLearner
from helpers.models.gray_resnet import GrayResNet
from helpers.neural_similarity.joint import train_jointly
from helpers.neural_similarity.loss import LayerWeights, pair_similarities
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.similarity import similarity_matrix
from helpers.neural_similarity.target import Target
from helpers.sleep import PlainSleeper


@pytest.mark.parametrize("batch", [1, 5])
def test_the_literal_cerebellum_learns_as_ours_does(batch):
    cells = cerebellum.build(d=784, m=300, k=4, beta=bench_cerebellum.BETA)
    literal = bench_cerebellum.Literal(cells)
    images, labels = bench_cerebellum.data(20)
    x, rate = images.flatten(1), 1e-3
    optimizer = torch.optim.RMSprop([literal.W], lr=rate, alpha=0.99, eps=1e-8)
    torch.testing.assert_close(literal(images), cells(images))
    untrained = cells(images)
    PlainLearner(cells, rate).learn(x, labels, torch.arange(20), batch)
    for start in range(0, 20, batch):
        literal.learn(x[start : start + batch], labels[start : start + batch], optimizer)
    assert (cells(images) - untrained).abs().max() > 0.01
    torch.testing.assert_close(literal.mu, cells.mu)
    torch.testing.assert_close(literal(images), cells(images), atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("peer", [bench_sleep.Dense, bench_sleep.Rows, bench_sleep.Literal])
def test_the_dense_sleeps_change_the_same_synapses_as_ours(peer, monkeypatch):
    monkeypatch.setattr(bench_sleep, "SIZES", (40, 30, 20, 10))
    weights, parameters, spikes = bench_sleep.firing(30, 60)
    rule = replace(parameters, potentiation=0.002, depression=0.0005)
    ours = PlainSleeper(weights, [torch.zeros(len(each)) for each in weights], (1.0,) * 3, rule)
    ours.run(spikes)
    theirs = peer(weights, rule)
    for before in spikes.float():
        theirs.step(before)
    found = (
        [each.weight for each in theirs.layers] if peer is bench_sleep.Literal else theirs.weights
    )
    for before, after, other in zip(weights, ours.weights, found, strict=True):
        assert (after - before).abs().max() > 0.001
        torch.testing.assert_close(other.detach(), after)


def test_the_literal_similarities_are_ours():
    maps = torch.randn(8, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    literal = bench_similarity.literally_alike(maps)
    torch.testing.assert_close(literal, pair_similarities([maps])[0])


def test_plain_steps_with_two_losses_end_with_our_weights(monkeypatch):
    # Nothing is shuffled, as the plain steps take the images as they come; the rate stays as it is.
    monkeypatch.setattr(torch, "randperm", lambda n, generator=None: torch.arange(n))
    small = {"width": 4, "epochs": 1, "batch": 8, "pairs": 6, "validation": 0.2}
    constant = {"cycles": 1, "phases": 1, "learning_rate": 0.01}
    recipe = JointRecipe(**small, **constant, half_precision=False)
    made = {}
    for kind in (GrayResNet, LayerWeights):  # the plain steps return neither

        def keep(kind=kind, **options):
            made[kind] = kind(**options)
            return made[kind]

        monkeypatch.setattr(bench_similarity, kind.__name__, keep)
    monkeypatch.setattr(bench_similarity, "RECIPE", recipe)
    monkeypatch.setattr(bench_similarity, "STEPS", 2)
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (20, 1, 16, 16), generator=generator, dtype=torch.uint8)
    stimuli = torch.randint(0, 256, (6, 1, 12, 18), generator=generator, dtype=torch.uint8)
    labels = torch.arange(20) % 10
    target = Target("pixels", stimuli, similarity_matrix(stimuli.float()))
    found = train_jointly(recipe, images, labels, target=target)
    torch.manual_seed(0)
    bench_similarity.plain(images[4:], labels[4:], target)  # four are held out
    ours = found.model.state_dict()
    for name, theirs in made[GrayResNet].state_dict().items():
        torch.testing.assert_close(theirs, ours[name], atol=1e-5, rtol=1e-4)
    gamma = made[LayerWeights].gamma.tolist()
    assert gamma == pytest.approx(found.epochs[-1].gamma, abs=1e-6)
    assert max(gamma) - min(gamma) > 1e-5
