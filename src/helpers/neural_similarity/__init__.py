"""Part II: the similarity of images to a visual cortex, and networks that are held to it.

Source: Li et al. (2019), *Learning from brains how to regularize machines*.
"""

from helpers.neural_similarity.fluctuation import repeat_fluctuation, scan_fluctuation
from helpers.neural_similarity.reliability import signal_to_noise
from helpers.neural_similarity.similarity import (
    centred_similarity,
    oracle_similarity,
    similarity_matrix,
    trial_similarity,
    upper,
)

__all__ = [
    "centred_similarity",
    "oracle_similarity",
    "repeat_fluctuation",
    "scan_fluctuation",
    "signal_to_noise",
    "similarity_matrix",
    "trial_similarity",
    "upper",
]
