"""A check-up for any model: is what an attack leaves right a sign of robustness?"""

from helpers.evaluation.checkup.line import MARKS, Checkup, Line
from helpers.evaluation.checkup.paired import paired_difference
from helpers.evaluation.checkup.run import checkup

__all__ = ["MARKS", "Checkup", "Line", "checkup", "paired_difference"]
