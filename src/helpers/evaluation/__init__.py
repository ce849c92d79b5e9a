"""How robust a model is: accuracy on attacked and corrupted images, smallest perturbations."""

from helpers.evaluation.attacked import AttackSetting, accuracy_under
from helpers.evaluation.corruptions import Corruption, accuracy_corrupted
from helpers.evaluation.interval import Interval, wilson
from helpers.evaluation.minimal import Try, grid, minimal_norms
from helpers.evaluation.smallest import MinimalNorms

__all__ = [
    "AttackSetting",
    "Corruption",
    "Interval",
    "MinimalNorms",
    "Try",
    "accuracy_corrupted",
    "accuracy_under",
    "grid",
    "minimal_norms",
    "wilson",
]
