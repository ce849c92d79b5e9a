"""How a number is written in a sentence about it."""


def number_text(value: float) -> str:
    """One decimal, as for percent; below a tenth two significant digits, so that none vanishes.

    A norm of 0.00183 is ``0.0018`` and not ``0.0``.
    """
    return f"{value:.1f}" if value == 0 or abs(value) >= 0.1 else f"{value:.2g}"
