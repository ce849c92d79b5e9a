"""Sleep with spike-timing-dependent plasticity (Tadros et al. 2020; Sritharan et al. 2021)."""

from helpers.sleep.control import (
    ORIGINAL_CONTROL,
    REPRODUCTION_CONTROL,
    ControlRecipe,
    train_control,
    train_further,
)
from helpers.sleep.deviations import DEVIATIONS, Deviation, without
from helpers.sleep.distillation import TEMPERATURE, distilled, own_outputs
from helpers.sleep.network import SleepNetwork
from helpers.sleep.neuron import integrate_and_fire
from helpers.sleep.normalisation import data_based_gains
from helpers.sleep.parameters import (
    ORIGINAL,
    ORIGINAL_FOR_MINIMAL,
    REPRODUCTION,
    SleepParameters,
)
from helpers.sleep.pruning import changed_cells, most_active_cells, pruned
from helpers.sleep.shifts import shifted
from helpers.sleep.sleep import Slept, sleep
from helpers.sleep.sleepers import EventSleeper, PlainSleeper
from helpers.sleep.spikes import poisson_spikes
from helpers.sleep.stdp import gate, stdp_

__all__ = [
    "DEVIATIONS",
    "ORIGINAL",
    "ORIGINAL_CONTROL",
    "ORIGINAL_FOR_MINIMAL",
    "REPRODUCTION",
    "REPRODUCTION_CONTROL",
    "TEMPERATURE",
    "ControlRecipe",
    "Deviation",
    "EventSleeper",
    "PlainSleeper",
    "SleepNetwork",
    "SleepParameters",
    "Slept",
    "changed_cells",
    "data_based_gains",
    "distilled",
    "gate",
    "integrate_and_fire",
    "most_active_cells",
    "own_outputs",
    "poisson_spikes",
    "pruned",
    "shifted",
    "sleep",
    "stdp_",
    "train_control",
    "train_further",
    "without",
]
