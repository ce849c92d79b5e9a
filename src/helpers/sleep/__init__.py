"""Sleep with spike-timing-dependent plasticity (Tadros et al. 2020; Sritharan et al. 2021)."""

from helpers.sleep.control import (
    ORIGINAL_CONTROL,
    REPRODUCTION_CONTROL,
    ControlRecipe,
    train_control,
    train_further,
)
from helpers.sleep.network import SleepNetwork
from helpers.sleep.neuron import integrate_and_fire
from helpers.sleep.normalisation import data_based_gains
from helpers.sleep.parameters import (
    ORIGINAL,
    ORIGINAL_FOR_MINIMAL,
    REPRODUCTION,
    SleepParameters,
)
from helpers.sleep.sleep import Slept, sleep
from helpers.sleep.sleepers import EventSleeper, PlainSleeper
from helpers.sleep.spikes import poisson_spikes
from helpers.sleep.stdp import gate, stdp_

__all__ = [
    "ORIGINAL",
    "ORIGINAL_CONTROL",
    "ORIGINAL_FOR_MINIMAL",
    "REPRODUCTION",
    "REPRODUCTION_CONTROL",
    "ControlRecipe",
    "EventSleeper",
    "PlainSleeper",
    "SleepNetwork",
    "SleepParameters",
    "Slept",
    "data_based_gains",
    "gate",
    "integrate_and_fire",
    "poisson_spikes",
    "sleep",
    "stdp_",
    "train_control",
    "train_further",
]
