"""The fast paths of the cerebellum on a GPU against the same model written plainly, on it too."""

from collections.abc import Iterator

import torch

from benchmarks.bench_cerebellum import BETA, SETTING, K, Literal, M, attacks, data
from benchmarks.harness import OURS, Run, compare, settled
from helpers import cerebellum
from helpers.cerebellum.learners import fastest_learner
from helpers.records.benchmark import Row

__all__ = ["DEVICE", "SETTING", "rows"]

DEVICE = "cuda"
#: Ten epochs of MNIST.
STEPS = 600_000


def rows() -> Iterator[Row]:
    """Each ratio as soon as it is measured."""
    yield training(batch=50, steps=40, bound=2)
    yield training(batch=1, steps=2_560, bound=10)
    yield ten_epochs(bound=30, aim=15)
    yield attacking_the_sparse_model(bound=4)


def training(*, batch: int, steps: int, bound: float) -> Row:
    """A step of training against autograd and torch's RMSprop on the literal model."""
    cells = cerebellum.build(d=784, m=M, k=K, beta=BETA).to(DEVICE)
    literal = Literal(cells)
    optimizer = torch.optim.RMSprop([literal.W], lr=0.5 / M, alpha=0.99, eps=1e-8)
    ours = fastest_learner(cells, batch)(cells, 0.5 / M)
    images, labels = (each.to(DEVICE) for each in data(batch * steps))
    x, order = images.flatten(1), torch.arange(len(images), device=DEVICE)

    def literally() -> None:
        for chosen in order.split(batch):
            literal.learn(x[chosen], labels[chosen], optimizer)

    runs: dict[str, Run] = {
        "literal": literally,
        OURS: lambda: ours.learn(x, labels, order, batch),
    }
    what = f"training step, batch {batch}"
    return compare(what, runs, rounds=5, steps=steps, bound=bound, clock=settled)


def ten_epochs(*, bound: float, aim: float) -> Row:
    """Seconds for all the steps of a training on single images, from a tenth of them."""
    cells = cerebellum.build(d=784, m=M, k=K, beta=BETA).to(DEVICE)
    ours = fastest_learner(cells, 1)(cells, 0.5 / M)
    images, labels = (each.to(DEVICE) for each in data(STEPS // 10))
    x, order = images.flatten(1), torch.arange(len(images), device=DEVICE)
    ours.learn(x, labels, order[:1000], 1)
    start = settled()
    ours.learn(x, labels, order, 1)
    seconds = float(f"{10 * (settled() - start):.4g}")
    return Row("ten epochs at batch 1, seconds", seconds, bound, "at most", {OURS: seconds}, aim)


def attacking_the_sparse_model(*, bound: float) -> Row:
    """Four of PGD's forty steps on 250 images, as a record attacks them."""
    cells = cerebellum.build(d=784, m=M, k=K, beta=BETA).to(DEVICE)
    runs = attacks(cells, Literal(cells).eval(), steps=4, n=250, device=DEVICE)
    return compare("PGD, sparse model", runs, rounds=5, bound=bound, clock=settled)
