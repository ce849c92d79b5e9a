"""The settings of a sleep: what the original and its reproduction did, each difference a switch.

Sources: Tadros et al. (2020) and their MATLAB code; the reproduction of Sritharan et al. (2021).
"""

from dataclasses import dataclass
from typing import Literal, get_args

from helpers.checks import check_choice, check_count, check_not_negative, check_positive

Biases = Literal["none", "kept", "fresh"]
BIASES: tuple[Biases, ...] = get_args(Biases)


@dataclass(frozen=True, kw_only=True)
class SleepParameters:
    """How a network sleeps.

    One step is one millisecond. The defaults are the original's; a field in which the reproduction
    differs is a switch of its own.

    Attributes:
        images: number of training images that are shown, the first ones, each once.
        steps_per_image: steps for which an image stays.
        spike_probability: of an input cell whose pixel is 1, in one step; in proportion below.
        leak: share of its voltage that a cell keeps from one step to the next.
        thresholds: voltage at which a cell of each layer fires.
        gain: factor on the weights' pulls, on top of the normalisation.
        normalised: whether each layer's pulls are also scaled by :func:`data_based_gains`.
        gated: whether a change of a weight is multiplied by g(W), see :func:`helpers.sleep.gate`.
        potentiation: added to a weight when both its cells fire.
        depression: subtracted when only the receiving cell fires.
        restart_every: voltages start again at 0 after so many images; None for once only.
        biases: what a cell adds to its voltage in every step, and what the network keeps
            afterwards: nothing, the network's own biases, or new random ones.
        weight_scale: weights are multiplied by it before sleep and divided by it after, so that the
            plastic changes count that much less. (The reproduction does both around every batch of
            images, which comes to the same.)
        divided_again: whether the weights are divided by `weight_scale` once more in the end.
    """

    images: int = 27_105
    steps_per_image: int = 1
    spike_probability: float = 2 * 39.037119 * 0.001
    leak: float = 0.999
    thresholds: tuple[float, ...] = (36.186585, 23.362736, 36.384713)
    gain: float = 2.193698
    normalised: bool = True
    gated: bool = True
    potentiation: float = 0.063997
    depression: float = 0.069220
    restart_every: int | None = None
    biases: Biases = "none"
    weight_scale: float = 1.0
    divided_again: bool = False

    def __post_init__(self) -> None:
        check_count("images", self.images, 1)
        check_count("steps_per_image", self.steps_per_image, 1)
        for name in ("spike_probability", "leak"):
            if not 0 <= getattr(self, name) <= 1:  # also catches NaN
                raise ValueError(f"{name} is {getattr(self, name)}; it may be from 0 to 1")
        if not self.thresholds:
            raise ValueError("thresholds are empty; there may be one for each layer of weights")
        for threshold in self.thresholds:
            if not threshold > 0:  # also catches NaN; one that is infinite never fires
                raise ValueError(f"thresholds are {self.thresholds}; each may be above 0")
        check_positive("gain", self.gain)
        for name in ("potentiation", "depression"):
            check_not_negative(name, getattr(self, name))
        if self.restart_every is not None:
            check_count("restart_every", self.restart_every, 1)
        check_choice("biases", self.biases, BIASES)
        check_positive("weight_scale", self.weight_scale)

    @property
    def steps(self) -> int:
        """Steps of the whole sleep."""
        return self.images * self.steps_per_image


#: Tadros et al. (2020), for blur, noise and FGSM.
ORIGINAL = SleepParameters()

#: Tadros et al. (2020), for the attacks that look for small perturbations: tuned on those.
ORIGINAL_FOR_MINIMAL = SleepParameters(
    images=3_365,
    spike_probability=2 * 455.36 * 0.001,
    potentiation=0.0661,
    depression=0.0550,
    thresholds=(22.69, 48.09, 18.98),
    gain=34.66,
)

#: Sritharan et al. (2021).
REPRODUCTION = SleepParameters(
    steps_per_image=100,
    spike_probability=0.4,
    leak=1.0,
    thresholds=(16.281, 0.369, 16.371),
    gain=1.0,
    normalised=False,
    gated=False,
    restart_every=128,
    biases="fresh",
    weight_scale=2.19,
    divided_again=True,
)
