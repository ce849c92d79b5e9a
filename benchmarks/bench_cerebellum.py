"""The fast paths of the cerebellum against their plain versions and two attack libraries.

Each row is a ratio: the peer and ours are timed in alternation in one run, and the medians are
divided. Run it on a quiet machine: ``make bench``.
"""

import statistics
import time
import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from helpers import cerebellum
from helpers.attacks import pgd
from helpers.cerebellum import Cerebellum
from helpers.cerebellum.learners import fastest_learner
from helpers.models import BaselineCNN
from helpers.records.provenance import describe

K, M, BATCH = 4, 200_000, 50


class Literal(nn.Module):
    """The sparse cerebellum as one would write it first: gather, multiply, sum."""

    def __init__(self, cells: Cerebellum) -> None:
        super().__init__()
        self.register_buffer("indices", cells.granule.indices)
        self.register_buffer("weights", cells.granule.weights)
        self.register_buffer("mu", cells.mu.clone())
        self.beta = cells.beta
        self.W = nn.Parameter(cells.W.detach().clone())

    def hidden(self, images: Tensor) -> Tensor:
        return torch.relu((images.flatten(1)[:, self.indices] * self.weights).sum(-1))

    def forward(self, images: Tensor) -> Tensor:
        return (self.hidden(images) - self.mu) @ self.W

    def learn(self, images: Tensor, labels: Tensor, optimizer: torch.optim.Optimizer) -> None:
        h = self.hidden(images)
        self.mu.mul_(self.beta).add_(h.mean(0), alpha=1 - self.beta)
        y_hat = (h - self.mu) @ self.W
        loss = (y_hat - nn.functional.one_hot(labels, 10)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def alternate(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each of `runs`, timed in turn after one warm-up each."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if number:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}


def show(
    what: str, seconds: dict[str, float], *, ours: str, floor: float, at_most: bool = False
) -> None:
    """One line: the ratio that counts, what it should reach, and the times behind it."""
    peer = min(value for name, value in seconds.items() if name != ours)
    ratio = seconds[ours] / peer if at_most else peer / seconds[ours]
    met = ratio <= floor if at_most else ratio >= floor
    times = ", ".join(f"{name} {1e3 * value:.3g} ms" for name, value in seconds.items())
    bound = f"{'at most' if at_most else 'at least'} {floor:g}"
    print(f"{what:<34} {ratio:8.2f}  ({bound}: {'met' if met else 'MISSED'})  {times}", flush=True)


def data(n: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(n, 1, 28, 28, generator=generator)
    images *= torch.rand(n, 1, 28, 28, generator=generator) < 0.2  # about as much ink as a digit
    return images, torch.randint(10, (n,), generator=generator)


def training(batch: int, steps: int, floor: float) -> None:
    cells = cerebellum.build(d=784, m=M, k=K, beta=0.99)
    literal = Literal(cells)
    optimizer = torch.optim.RMSprop([literal.W], lr=0.5 / M, alpha=0.99, eps=1e-8)
    ours = fastest_learner(cells, batch)(cells, 0.5 / M)
    images, labels = data(batch * steps)
    x, order = images.flatten(1), torch.arange(len(images))

    def literally() -> None:
        for rows in order.split(batch):
            literal.learn(x[rows], labels[rows], optimizer)

    seconds = alternate(
        {"literal": literally, "ours": lambda: ours.learn(x, labels, order, batch)}, rounds=5
    )
    per_step = {name: value / steps for name, value in seconds.items()}
    show(f"training step, batch {batch}", per_step, ours="ours", floor=floor)


def attacking(name: str, model: nn.Module, peer: nn.Module, floor: float, *, at_most: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import foolbox
        import torchattacks
    images, labels = data(BATCH)
    steps = 40 if at_most else 4  # of the literal model's forty steps, four are enough to time it
    theirs = foolbox.PyTorchModel(peer, bounds=(0, 1), device="cpu")
    reference = foolbox.attacks.LinfPGD(abs_stepsize=0.01, steps=steps)
    other = torchattacks.PGD(peer, eps=0.1, alpha=0.01, steps=steps)
    runs: dict[str, Callable[[], object]] = {
        "torchattacks": lambda: other(images, labels),
        "ours": lambda: pgd(
            model, images, labels, 0.1, step=0.01, steps=steps, loss="cross_entropy"
        ),
    }
    if not at_most:
        runs["foolbox"] = lambda: reference(theirs, images, labels, epsilons=0.1)
    show(f"PGD, {name}", alternate(runs, rounds=5), ours="ours", floor=floor, at_most=at_most)


def dense_layer(m: int = 20_000, n: int = 250) -> None:
    """Outputs of a dense model against the matrix products alone that they are made of."""
    cells = cerebellum.build(d=784, m=m, k=None, beta=0.99)
    x = data(n)[0].flatten(1)
    J, W, h = cells.granule.weights, cells.W, torch.empty(n, m)
    seconds = alternate(
        {"products": lambda: torch.mm(x, J, out=h) @ W, "ours": lambda: cells(x)}, rounds=15
    )
    show("dense layer, share of the products", seconds, ours="ours", floor=0.85)


def main() -> None:
    print(f"{describe(torch.device('cpu'))}, torch {torch.__version__}, k = {K}, m = {M:,}\n")
    with torch.no_grad():
        dense_layer()
    training(batch=50, steps=4, floor=20)
    training(batch=1, steps=50, floor=4)
    cells = cerebellum.build(d=784, m=M, k=K, beta=0.99)
    attacking("sparse model", cells, Literal(cells).eval(), floor=35, at_most=False)
    cnn = BaselineCNN(width=256).eval()
    attacking("small CNN", cnn, cnn, floor=1.05, at_most=True)


if __name__ == "__main__":
    main()
