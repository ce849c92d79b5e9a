"""The fast paths of the cerebellum against their plain versions and two attack libraries."""

import warnings
from collections.abc import Callable, Iterator
from time import perf_counter

import torch
from torch import Tensor, nn

from benchmarks.harness import OURS, Run, compare
from helpers import cerebellum
from helpers.attacks import pgd
from helpers.cerebellum import Cerebellum
from helpers.cerebellum.learners import fastest_learner
from helpers.models import BaselineCNN
from helpers.records.benchmark import Row

K, M, BETA, BATCH = 4, 200_000, 0.99, 50
#: Of the dense layer: its matrix at M cells would fill most of a small machine's memory.
DENSE_M, DENSE_N = 20_000, 250
SETTING = f"k = {K}, m = {M:,}"
DEVICE = "cpu"


class Literal(nn.Module):
    """The sparse cerebellum as one would write it first: gather, multiply, sum."""

    indices: Tensor
    weights: Tensor
    mu: Tensor

    def __init__(self, cells: Cerebellum) -> None:
        super().__init__()
        self.register_buffer("indices", cells.granule.indices)
        self.register_buffer("weights", cells.granule.weights)
        self.register_buffer("mu", cells.mu.clone())
        self.W = nn.Parameter(cells.W.detach().clone())

    def hidden(self, images: Tensor) -> Tensor:
        """Granule activity h (n, m)."""
        return torch.relu((images.flatten(1)[:, self.indices] * self.weights).sum(-1))

    def forward(self, images: Tensor) -> Tensor:
        """Outputs y_hat (n, c)."""
        return (self.hidden(images) - self.mu) @ self.W

    def learn(self, images: Tensor, labels: Tensor, optimizer: torch.optim.Optimizer) -> None:
        """One step of training by autograd."""
        h = self.hidden(images)
        self.mu.mul_(BETA).add_(h.mean(0), alpha=1 - BETA)
        y_hat = (h - self.mu) @ self.W
        loss = (y_hat - nn.functional.one_hot(labels, 10)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def rows() -> Iterator[Row]:
    """Each ratio as soon as it is measured."""
    yield dense_layer()
    yield training(batch=50, steps=4, bound=20, aim=30)
    yield training(batch=1, steps=50, bound=4, aim=8)
    yield attacking_the_sparse_model(bound=35, aim=50)
    yield attacking_a_small_cnn(bound=1.05)


def data(n: int) -> tuple[Tensor, Tensor]:
    """Random images with about as much ink as a digit, and labels."""
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(n, 1, 28, 28, generator=generator)
    images *= torch.rand(n, 1, 28, 28, generator=generator) < 0.2
    return images, torch.randint(10, (n,), generator=generator)


@torch.no_grad()
def dense_layer() -> Row:
    """Outputs of a dense model against the matrix products alone that they are made of."""
    cells = cerebellum.build(d=784, m=DENSE_M, k=None, beta=BETA)
    x = data(DENSE_N)[0].flatten(1)
    J, W, h = cells.granule.weights, cells.W, torch.empty(DENSE_N, DENSE_M)
    runs: dict[str, Run] = {
        "products": lambda: torch.mm(x, J, out=h) @ W,
        OURS: lambda: cells(x),
    }
    return compare("dense layer, share of the products", runs, rounds=15, bound=0.85)


def training(
    *,
    batch: int,
    steps: int,
    bound: float,
    aim: float | None = None,
    device: str = DEVICE,
    clock: Callable[[], float] = perf_counter,
) -> Row:
    """A step of training against autograd and torch's RMSprop on the literal model."""
    cells = cerebellum.build(d=784, m=M, k=K, beta=BETA).to(device)
    literal = Literal(cells)
    optimizer = torch.optim.RMSprop([literal.W], lr=0.5 / M, alpha=0.99, eps=1e-8)
    ours = fastest_learner(cells, batch)(cells, 0.5 / M)
    images, labels = (each.to(device) for each in data(batch * steps))
    x, order = images.flatten(1), torch.arange(len(images), device=device)

    def literally() -> None:
        for chosen in order.split(batch):
            literal.learn(x[chosen], labels[chosen], optimizer)

    runs: dict[str, Run] = {
        "literal": literally,
        OURS: lambda: ours.learn(x, labels, order, batch),
    }
    what = f"training step, batch {batch}"
    return compare(what, runs, rounds=5, steps=steps, bound=bound, aim=aim, clock=clock)


def attacking_the_sparse_model(
    *,
    bound: float,
    aim: float | None = None,
    n: int = BATCH,
    device: str = DEVICE,
    clock: Callable[[], float] = perf_counter,
) -> Row:
    """Four of PGD's forty steps: the literal model is slow enough to be timed on so few."""
    cells = cerebellum.build(d=784, m=M, k=K, beta=BETA).to(device)
    runs = attacks(cells, Literal(cells).eval(), steps=4, n=n, device=device)
    return compare("PGD, sparse model", runs, rounds=5, bound=bound, aim=aim, clock=clock)


def attacking_a_small_cnn(*, bound: float) -> Row:
    """PGD on the same network as the library: here nothing but the attack itself can be slow."""
    cnn = BaselineCNN(width=256).eval()
    runs = attacks(cnn, cnn, steps=40)
    del runs["foolbox"]
    return compare("PGD, small CNN", runs, rounds=5, bound=bound, side="at most")


def attacks(
    model: nn.Module, peer: nn.Module, *, steps: int, n: int = BATCH, device: str = DEVICE
) -> dict[str, Run]:
    """Our PGD on `model` and those of two libraries on `peer`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from foolbox.attacks import LinfPGD
        from foolbox.models.pytorch import PyTorchModel
        from torchattacks import PGD
    images, labels = (each.to(device) for each in data(n))
    theirs = PGD(peer, eps=0.1, alpha=0.01, steps=steps)
    reference = LinfPGD(abs_stepsize=0.01, steps=steps)
    wrapped = PyTorchModel(peer, bounds=(0, 1), device=device)
    return {
        "torchattacks": lambda: theirs(images, labels),
        OURS: lambda: pgd(model, images, labels, 0.1, step=0.01, steps=steps, loss="cross_entropy"),
        "foolbox": lambda: reference(wrapped, images, labels, epsilons=0.1),
    }
