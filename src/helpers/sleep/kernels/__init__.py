"""Numba kernels of sleep; each has a plain-torch twin."""
