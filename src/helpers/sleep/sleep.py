"""Sleep: a network turned into spiking cells, shown its training images, and turned back.

Source: Tadros et al. (2020), algorithm 1, and their MATLAB code; Sritharan et al. (2021).
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from helpers.checks import check_count, check_images
from helpers.sleep.network import SleepNetwork
from helpers.sleep.normalisation import data_based_gains
from helpers.sleep.parameters import ORIGINAL, SleepParameters
from helpers.sleep.sleepers import PlainSleeper, fastest_sleeper
from helpers.sleep.spikes import poisson_spikes

#: Steps that a layer runs before the next one starts, about.
CHUNK = 1000


@dataclass(frozen=True)
class Slept:
    """What a sleep leaves.

    Attributes:
        network: the network, awake again, in evaluation mode.
        fired: of each layer, inputs first, the mean share of its cells that fire in a step, in
            percent.
        steps: of a millisecond each.
    """

    network: SleepNetwork
    fired: tuple[float, ...]
    steps: int


@torch.no_grad()
def sleep(
    network: SleepNetwork,
    images: Tensor,
    parameters: SleepParameters = ORIGINAL,
    *,
    reference: Tensor | None = None,
    seed: int = 0,
    sleeper: Callable[..., PlainSleeper] | None = None,
    every: int | None = None,
    look: Callable[[int, SleepNetwork, tuple[float, ...]], None] | None = None,
) -> Slept:
    """Let `network` sleep over `images`; the network itself is not changed.

    Args:
        network: in evaluation mode.
        images: (n, ...) in [0, 1]; the first `parameters.images` of them are shown, in order.
        parameters: how it sleeps.
        reference: images (n, ...) for :func:`data_based_gains`; `images` when not given.
        seed: of the spikes and of fresh biases.
        sleeper: what goes through the steps; by default the fastest on this device.
        every: images after which `look` is called.
        look: called with the number of images so far, the network as it would wake up, and what
            fired since the last call, as in :class:`Slept`.

    Raises:
        ValueError: fewer images than `parameters` shows, or not in [0, 1]; the network is in
            training mode, or has no biases where they are to be kept; only one of `every`
            and `look` is given.
    """
    check_images(images)
    if network.training:
        raise ValueError("network is in training mode; it may be in evaluation mode (eval())")
    if len(images) < parameters.images:
        raise ValueError(
            f"images are {len(images)}; the parameters ask for {parameters.images} of them"
        )
    if (every is None) != (look is None):
        raise ValueError("only one of every and look is given; they may be given both or neither")
    if every is not None:
        check_count("every", every, 1)
    generator = torch.Generator().manual_seed(seed)
    gains = _gains(network, images if reference is None else reference, parameters)
    biases = _biases(network, parameters, generator)
    weights = [parameters.weight_scale * weight for weight in network.weights]
    asleep = (sleeper or fastest_sleeper(weights))(weights, biases, gains, parameters)
    total = [0.0] * (len(weights) + 1)
    since, counted = list(total), 0
    shown = images[: parameters.images]
    for start, end in _parts(parameters, every):
        if parameters.restart_every is not None and start % parameters.restart_every == 0:
            asleep.restart()
        spikes = poisson_spikes(
            shown[start:end],
            parameters.spike_probability,
            generator,
            steps=parameters.steps_per_image,
        ).to(images.device)
        for layer, found in enumerate([spikes, *asleep.run(spikes)]):
            share = 100 * found.double().mean().item() * (end - start)
            total[layer] += share
            since[layer] += share
        if look is not None and every is not None and (end % every == 0 or end == len(shown)):
            fired = tuple(each / (end - counted) for each in since)
            look(end, _awake(network, asleep.weights, biases, parameters), fired)
            since, counted = [0.0] * len(since), end
    return Slept(
        _awake(network, asleep.weights, biases, parameters),
        tuple(each / len(shown) for each in total),
        parameters.steps,
    )


def _parts(parameters: SleepParameters, every: int | None) -> list[tuple[int, int]]:
    """Runs of images of about CHUNK steps that end where voltages restart or somebody looks."""
    at_once = max(1, CHUNK // parameters.steps_per_image)
    borders = {parameters.images}
    for period in (at_once, parameters.restart_every, every):
        if period is not None:
            borders |= set(range(0, parameters.images, period))
    ordered = sorted(borders | {0})
    return list(pairwise(ordered))


def _gains(
    network: SleepNetwork, reference: Tensor, parameters: SleepParameters
) -> tuple[float, ...]:
    if not parameters.normalised:
        return (parameters.gain,) * len(network.weights)
    return tuple(parameters.gain * gain for gain in data_based_gains(network, reference))


def _biases(
    network: SleepNetwork, parameters: SleepParameters, generator: torch.Generator
) -> list[Tensor]:
    """What each cell adds to its voltage in every step, by layer."""
    if parameters.biases == "kept":
        if any(layer.bias is None for layer in network.layers):
            raise ValueError("biases is 'kept' and the network has none; it may be 'none'")
        return [layer.bias.detach().clone() for layer in network.layers]
    drawn = []
    for layer in network.layers:
        bias = torch.zeros(layer.out_features)
        if parameters.biases == "fresh":  # as PyTorch draws them
            span = layer.in_features**-0.5
            bias.uniform_(-span, span, generator=generator)
        drawn.append(bias.to(layer.weight))
    return drawn


def _awake(
    network: SleepNetwork,
    weights: list[Tensor],
    biases: list[Tensor],
    parameters: SleepParameters,
) -> SleepNetwork:
    """A copy of `network` with the weights of a sleep, and its biases where they are to be."""
    awake = copy.deepcopy(network)
    scale = parameters.weight_scale * (parameters.weight_scale if parameters.divided_again else 1)
    for layer, weight, bias in zip(awake.layers, weights, biases, strict=True):
        layer.weight.data.copy_(weight / scale)
        if layer.bias is not None:
            layer.bias.data.copy_(bias)  # nothing, its own or fresh ones
    return awake.eval()
