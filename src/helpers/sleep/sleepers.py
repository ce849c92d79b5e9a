"""Two ways to go through the steps of a sleep: in plain torch, and event by event."""

import numpy as np
import torch
from numba import config, set_num_threads
from torch import Tensor

from helpers.sleep.neuron import integrate_and_fire
from helpers.sleep.parameters import SleepParameters
from helpers.sleep.stdp import GATE_WIDTH, stdp_


class PlainSleeper:
    """Spiking layers whose synapses learn, in plain torch: the equations, one step at a time.

    Args:
        weights: of each layer (receiving cells, sending cells); copied.
        biases: of each layer (receiving cells,), added to the voltage in every step.
        gains: of each layer, on the pull of its synapses.
        parameters: thresholds, leak and plasticity.

    Raises:
        ValueError: there are not as many thresholds, gains and biases as layers, or a layer does
            not fit the one before or its biases.
    """

    def __init__(
        self,
        weights: list[Tensor],
        biases: list[Tensor],
        gains: tuple[float, ...],
        parameters: SleepParameters,
    ) -> None:
        for name, given in (
            ("thresholds", parameters.thresholds),
            ("gains", gains),
            ("biases", biases),
        ):
            if len(given) != len(weights):
                raise ValueError(
                    f"{name} are {len(given)}; there may be {len(weights)}, one for each layer"
                )
        inputs = weights[0].shape[1]
        for number, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            if weight.shape != (len(bias), inputs):
                raise ValueError(
                    f"weights of layer {number} have shape {tuple(weight.shape)}; "
                    f"it may be {(len(bias), inputs)}, its biases by the cells before"
                )
            inputs = len(bias)
        self._weights = [weight.clone() for weight in weights]
        self.biases = biases
        self.gains, self.parameters = gains, parameters
        self.restart()

    @property
    def weights(self) -> list[Tensor]:
        """The weights of each layer (receiving cells, sending cells) as they are now."""
        return self._weights

    @property
    def voltages(self) -> list[Tensor]:
        """The voltage of each cell (cells,), by layer, as they are now."""
        return self._voltages

    def restart(self) -> None:
        """All voltages at 0."""
        self._voltages = [torch.zeros_like(bias) for bias in self.biases]

    def run(self, spikes: Tensor) -> list[Tensor]:
        """Sleep through input spikes (steps, inputs) bool; the spikes of each layer, likewise.

        Raises:
            ValueError: the spikes are not of that shape or not bool.
        """
        self._check(spikes)
        found = [
            torch.zeros(len(spikes), len(bias), dtype=torch.bool, device=spikes.device)
            for bias in self.biases
        ]
        rule = self.parameters
        for step, before in enumerate(spikes):
            for layer, weights in enumerate(self._weights):
                pull = self.gains[layer] * (weights @ before.to(weights)) + self.biases[layer]
                after, self._voltages[layer] = integrate_and_fire(
                    self._voltages[layer], pull, rule.thresholds[layer], rule.leak
                )
                stdp_(
                    weights,
                    before,
                    after,
                    potentiation=rule.potentiation,
                    depression=rule.depression,
                    gated=rule.gated,
                )
                found[layer][step] = before = after
        return found

    def _check(self, spikes: Tensor) -> None:
        inputs = self._weights[0].shape[1]
        if spikes.dtype != torch.bool:
            raise ValueError(f"spikes are {spikes.dtype}; they may be bool")
        if spikes.ndim != 2 or spikes.shape[1] != inputs:
            raise ValueError(
                f"spikes have shape {tuple(spikes.shape)}; it may be (steps, {inputs})"
            )


class EventSleeper(PlainSleeper):
    """The same on the CPU, where only spikes cost anything; :class:`PlainSleeper` is its twin."""

    def __init__(
        self,
        weights: list[Tensor],
        biases: list[Tensor],
        gains: tuple[float, ...],
        parameters: SleepParameters,
    ) -> None:
        super().__init__(weights, biases, gains, parameters)
        self._tiles = [_tiled(weight.T.contiguous()) for weight in self._weights]
        self._counts = [
            np.zeros((len(tiles), tiles.shape[2]), tiles.dtype) for tiles in self._tiles
        ]
        self._bias_tiles = [_tiled(bias[None])[:, 0] for bias in biases]

    @property
    def weights(self) -> list[Tensor]:
        """The weights of each layer (receiving cells, sending cells) as they are now."""
        found = []
        for tiles, counts, bias in zip(self._tiles, self._counts, self.biases, strict=True):
            whole = tiles - tiles.dtype.type(self.parameters.depression) * counts[:, None]
            rows = whole.transpose(0, 2, 1).reshape(-1, tiles.shape[1])[: len(bias)]
            found.append(torch.from_numpy(np.ascontiguousarray(rows)))
        return found

    @property
    def voltages(self) -> list[Tensor]:
        """The voltage of each cell (cells,), by layer, as they are now."""
        return [
            torch.from_numpy(tiles.reshape(-1)[: len(bias)].copy())
            for tiles, bias in zip(self._voltage_tiles, self.biases, strict=True)
        ]

    def restart(self) -> None:
        """All voltages at 0."""
        self._voltage_tiles = [_tiled(torch.zeros_like(bias)[None])[:, 0] for bias in self.biases]

    def run(self, spikes: Tensor) -> list[Tensor]:
        """Sleep through input spikes (steps, inputs) bool; the spikes of each layer, likewise.

        Raises:
            ValueError: the spikes are not of that shape or not bool.
        """
        from helpers.sleep.kernels import events  # compiled only where somebody sleeps

        self._check(spikes)
        rule, found, before = self.parameters, [], spikes.numpy()
        set_num_threads(min(torch.get_num_threads(), config.NUMBA_NUM_THREADS))  # type: ignore[attr-defined]
        for layer, tiles in enumerate(self._tiles):
            kind = tiles.dtype.type
            numbers, first = events.listed(before)
            before = events.run_layer(
                tiles,
                self._counts[layer],
                self._voltage_tiles[layer],
                self._bias_tiles[layer],
                len(self.biases[layer]),
                numbers,
                first,
                kind(self.gains[layer]),
                kind(rule.thresholds[layer]),
                kind(rule.leak),
                kind(rule.potentiation),
                kind(rule.depression),
                rule.gated,
                kind(GATE_WIDTH),
            )
            found.append(torch.from_numpy(before))
        return found


def _tiled(rows: Tensor) -> np.ndarray:
    """Rows (sending cells, receiving cells) as (tiles, sending cells, TILE), filled up with 0."""
    from helpers.sleep.kernels.events import TILE

    sending, receiving = rows.shape
    tiles = -(-receiving // TILE)
    wide = np.zeros((sending, tiles * TILE), rows.numpy().dtype)
    wide[:, :receiving] = rows.numpy()
    return np.ascontiguousarray(wide.reshape(sending, tiles, TILE).transpose(1, 0, 2))


def fastest_sleeper(weights: list[Tensor]) -> type[PlainSleeper]:
    """The sleeper to use for `weights` on this machine."""
    on_cpu = all(weight.device.type == "cpu" for weight in weights)
    return EventSleeper if on_cpu else PlainSleeper
