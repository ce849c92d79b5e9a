"""Numbers in the names of metrics, such as 0.05 in ``noise_std_0.05`` or 2/255."""

from fractions import Fraction

import numpy as np

#: The pattern of one: a decimal number, or a fraction of two whole ones.
NUMBER = r"(?:\d+/[1-9]\d*|\d+(?:\.\d+)?)"


def read_number(text: str) -> float:
    """The value of what :data:`NUMBER` matches."""
    return float(Fraction(text))


def write_number(value: float) -> str:
    """A number as the name of a metric has it: never with an exponent."""
    return np.format_float_positional(value, trim="-")
