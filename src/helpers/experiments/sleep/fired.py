"""How often the cells of a network that has slept fired, as a metric."""

import re

from helpers.sleep.sleep import Slept


def fired(metric: str, slept: Slept | None) -> float:
    """Percent of the cells of a layer that fired in a step, as ``fired_<layer>`` asks, inputs 0.

    Raises:
        ValueError: there is no such layer, or the network has not slept.
    """
    found = re.fullmatch(r"fired_(\d+)", metric)
    if found is None or slept is None or int(found[1]) >= len(slept.fired):
        raise ValueError(f"metric is {metric!r}; it may be of a layer of a network that has slept")
    return slept.fired[int(found[1])]
