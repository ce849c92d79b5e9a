"""A ratio says something only if both sides come to the same."""

from dataclasses import replace

import pytest
import torch

from benchmarks import bench_cerebellum, bench_similarity, bench_sleep
from helpers import cerebellum
from helpers.cerebellum.delta_rule import PlainLearner
from helpers.neural_similarity.loss import pair_similarities
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
