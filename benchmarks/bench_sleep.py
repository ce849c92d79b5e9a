"""Sleep event by event against two ways to write it in dense torch."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import torch
from torch import Tensor, nn

from benchmarks.harness import OURS, Run, alternate, compare, share
from helpers.records.benchmark import Row
from helpers.sleep import ORIGINAL, REPRODUCTION, EventSleeper, SleepNetwork, sleep
from helpers.sleep.parameters import SleepParameters

SIZES = (784, 1200, 1200, 10)
#: Steps of a run; the literal version, which is far slower, is timed on fewer.
STEPS, LITERAL_STEPS = 2_000, 1_000
#: What the original's whole sleep may take.
SECONDS = 10.0
SETTING = "784-1200-1200-10, additive rule, one core"
DEVICE = "cpu"


class Dense:
    """The reproduction's sleep in place: one product and one rank-1 call per layer and step."""

    def __init__(self, weights: list[Tensor], parameters: SleepParameters) -> None:
        self.weights = [weight.clone() for weight in weights]
        self.parameters = parameters
        self.voltages = [torch.zeros(len(weight)) for weight in weights]

    def step(self, before: Tensor) -> None:
        """One step of input spikes (inputs,), 0 or 1."""
        rule = self.parameters
        for layer, weight in enumerate(self.weights):
            voltage = self.voltages[layer].mul_(rule.leak).addmv_(weight, before)
            after = (voltage >= rule.thresholds[layer]).float()
            voltage.mul_(1 - after)
            change = (rule.potentiation + rule.depression) * before - rule.depression
            weight.addr_(after, change)
            before = after


class Rows(Dense):
    """The same, with synapses changed only where the receiving cell fired."""

    def step(self, before: Tensor) -> None:
        """One step of input spikes (inputs,), 0 or 1."""
        rule = self.parameters
        for layer, weight in enumerate(self.weights):
            voltage = self.voltages[layer].mul_(rule.leak).addmv_(weight, before)
            fired = (voltage >= rule.thresholds[layer]).nonzero().flatten()
            voltage[fired] = 0
            change = (rule.potentiation + rule.depression) * before - rule.depression
            weight.index_add_(0, fired, change.expand(len(fired), -1))
            before = torch.zeros(len(weight)).index_fill_(0, fired, 1)


class Literal(Dense):
    """As a first version has it: layers called as modules, and new parameters at every step."""

    def __init__(self, weights: list[Tensor], parameters: SleepParameters) -> None:
        super().__init__(weights, parameters)
        self.layers = [nn.Linear(i, o, bias=False) for i, o in pairwise(SIZES)]
        for layer, weight in zip(self.layers, weights, strict=True):
            layer.weight = nn.Parameter(weight.clone())

    def step(self, before: Tensor) -> None:
        """One step of input spikes (inputs,), 0 or 1."""
        rule = self.parameters
        for number, layer in enumerate(self.layers):
            voltage = self.voltages[number] + layer(before)
            after = (voltage >= rule.thresholds[number]).float()
            self.voltages[number] = (voltage * (1 - after)).detach()
            raised = rule.potentiation * torch.outer(after, before)
            lowered = rule.depression * torch.outer(after, 1 - before)
            layer.weight = nn.Parameter((layer.weight + raised - lowered).detach())
            before = after


def rows() -> Iterator[Row]:
    """Each ratio as soon as it is measured."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for percent in (1, 5):
            yield against(percent, {"dense in place": Dense, "rows": Rows}, STEPS, bound=25)
            yield against(percent, {"literal": Literal}, LITERAL_STEPS, bound=300)
        yield whole()
    finally:
        torch.set_num_threads(threads)


def against(percent: int, peers: Mapping[str, type[Dense]], steps: int, *, bound: float) -> Row:
    """A step of ours and of each peer while `percent` of all cells fire."""
    weights, parameters, spikes = firing(percent, steps)
    ours = EventSleeper(weights, [torch.zeros(n) for n in SIZES[1:]], (1.0,) * 3, parameters)
    inputs = spikes.float()

    def steps_of(peer: type[Dense]) -> Run:
        theirs = peer(weights, parameters)

        def run() -> None:
            for before in inputs:
                theirs.step(before)

        return run

    runs: dict[str, Run] = {name: steps_of(peer) for name, peer in peers.items()}
    runs[OURS] = lambda: ours.run(spikes)
    what = f"sleep, {percent} % firing, {' and '.join(peers)}"
    return compare(what, runs, rounds=5, steps=steps, bound=bound)


@torch.no_grad()
def firing(percent: int, steps: int) -> tuple[list[Tensor], SleepParameters, Tensor]:
    """Weights, parameters and input spikes with which about `percent` of the cells fire.

    A cell's mean pull is the share of cells that fire before it, so with a threshold of 1 it fires
    as often as they do. The plastic changes are too small to alter that, and cost the same.
    """
    generator = torch.Generator().manual_seed(0)
    spikes = torch.rand(steps, SIZES[0], generator=generator) < percent / 100
    weights = [torch.rand(o, i, generator=generator) * (2 / i) for i, o in pairwise(SIZES)]
    parameters = replace(
        REPRODUCTION, thresholds=(1.0, 1.0, 1.0), potentiation=1e-9, depression=1e-9
    )
    return weights, parameters, spikes


def whole() -> Row:
    """A sleep as long as the original's, from images to the network that wakes up.

    Thresholds are a hundredth of the original's, so that all layers of this untrained network fire.
    """
    images = torch.rand(ORIGINAL.images, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    images *= images > 0.8  # about as much ink as a digit has
    network = SleepNetwork().eval()
    low = tuple(threshold / 100 for threshold in ORIGINAL.thresholds)
    awake = replace(ORIGINAL, thresholds=low, depression=ORIGINAL.potentiation / 50)
    runs: dict[str, Run] = {OURS: lambda: sleep(network, images, awake)}
    seconds = alternate(runs, rounds=3)[OURS]
    return share("a sleep as long as the original's", seconds, SECONDS)
