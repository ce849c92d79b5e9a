"""Attacks on any model that maps images in [0, 1] to class scores."""

from helpers.attacks.fgsm import fgsm
from helpers.attacks.losses import LOSSES, input_gradient
from helpers.attacks.pgd import pgd, uniform_start
from helpers.attacks.result import AttackResult, Model, check_request

__all__ = [
    "LOSSES",
    "AttackResult",
    "Model",
    "check_request",
    "fgsm",
    "input_gradient",
    "pgd",
    "uniform_start",
]
