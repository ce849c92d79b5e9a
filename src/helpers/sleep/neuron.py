"""Integrate-and-fire cells, in steps of a millisecond."""

from torch import Tensor


def integrate_and_fire(
    voltage: Tensor, pull: Tensor, threshold: float, leak: float
) -> tuple[Tensor, Tensor]:
    """One step: ``V = leak V + pull``; cells with V at the threshold or above fire, then V = 0.

    Source: Abbott (1999); Tadros et al. (2020), whose paper does not mention the reset that their
    code makes.

    Args:
        voltage: (cells,) before the step; not changed.
        pull: (cells,) what the spikes of this step add.
        threshold: at which a cell fires.
        leak: share of the voltage that is kept.

    Returns:
        spikes (cells,) bool and the voltage (cells,) after the step.

    Raises:
        ValueError: `voltage` and `pull` differ in shape, or the threshold is not above 0.
    """
    if voltage.shape != pull.shape:
        raise ValueError(
            f"pull has shape {tuple(pull.shape)}; it may be {tuple(voltage.shape)}, as the voltage"
        )
    if not threshold > 0:
        raise ValueError(f"threshold is {threshold}; it may be above 0")
    reached = leak * voltage + pull
    spikes = reached >= threshold
    return spikes, reached.masked_fill(spikes, 0)
