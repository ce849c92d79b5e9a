"""The ten places where the reproduction left the original, each to be undone by itself.

Sources: the text and the figures of Sritharan et al. (2021) and their code; Tadros et al. (2020)
and theirs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from helpers.checks import check_count
from helpers.sleep.control import ORIGINAL_CONTROL, REPRODUCTION_CONTROL, ControlRecipe
from helpers.sleep.parameters import ORIGINAL, REPRODUCTION, SleepParameters


@dataclass(frozen=True)
class Deviation:
    """One place where the reproduction differs.

    Attributes:
        name: of the place.
        what: the original's way, in a few words.
        awake: the fields of :class:`ControlRecipe` that undo it.
        asleep: the fields of :class:`SleepParameters` that undo it.
    """

    name: str
    what: str
    awake: Mapping[str, Any] = field(default_factory=dict)
    asleep: Mapping[str, Any] = field(default_factory=dict)


def _of(settings: object, *fields: str) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in fields}


DEVIATIONS = (
    Deviation(
        "time",
        "one step for each image, fewer input spikes, a leak",
        asleep=_of(ORIGINAL, "steps_per_image", "spike_probability", "leak"),
    ),
    Deviation("gate", "plasticity gated by g(W)", asleep=_of(ORIGINAL, "gated")),
    Deviation(
        "normalisation",
        "pulls normalised on data, with the thresholds that belong to them",
        asleep=_of(ORIGINAL, "normalised", "thresholds"),
    ),
    Deviation(
        "biases",
        "no biases, awake or asleep",
        awake=_of(ORIGINAL_CONTROL, "bias"),
        asleep=_of(ORIGINAL, "biases"),
    ),
    Deviation("restarts", "voltages start once", asleep=_of(ORIGINAL, "restart_every")),
    Deviation(
        "scaling",
        "the factor of 2.19 on the pulls, not on the weights",
        # Together: else the pulls would have the factor twice, or not at all.
        asleep=_of(ORIGINAL, "gain", "weight_scale", "divided_again"),
    ),
    Deviation(
        "dropout",
        "no units left out at evaluation",
        awake=_of(ORIGINAL_CONTROL, "always_drop"),
    ),
    Deviation("softmax", "no softmax in the network", awake=_of(ORIGINAL_CONTROL, "softmax")),
    Deviation(
        "training",
        "squared error, 50,000 images, batch 100, dropout in both layers, small first weights, "
        "ReLU on the outputs",
        awake=_of(
            ORIGINAL_CONTROL,
            "loss",
            "images",
            "batch",
            "dropout",
            "inverted",
            "small",
            "relu_output",
        ),
    ),
    Deviation("noise", "test noise that is clipped, not wrapped round"),
)


def without(undone: Collection[int]) -> tuple[ControlRecipe, SleepParameters]:
    """The reproduction with some of its deviations undone; with all it is the original.

    Args:
        undone: their numbers, from 1 to 10, in the order of :data:`DEVIATIONS`.

    Raises:
        ValueError: there is no deviation of that number.
    """
    awake, asleep = REPRODUCTION_CONTROL, REPRODUCTION
    for number in sorted(undone):
        check_count("number of a deviation", number, 1, len(DEVIATIONS))
        deviation = DEVIATIONS[number - 1]
        awake = replace(awake, **deviation.awake)
        asleep = replace(asleep, **deviation.asleep)
    return awake, asleep
