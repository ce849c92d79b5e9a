"""Attacks on any model that maps images in [0, 1] to class scores."""

from helpers.attacks.fgsm import fgsm
from helpers.attacks.losses import LOSSES, input_gradient
from helpers.attacks.norms import NORMS, size
from helpers.attacks.pgd import pgd, uniform_start
from helpers.attacks.pgd_adam import pgd_adam
from helpers.attacks.result import AttackResult, Model, check_request
from helpers.attacks.table import ATTACKS, Attack, named_attack

__all__ = [
    "ATTACKS",
    "LOSSES",
    "NORMS",
    "Attack",
    "AttackResult",
    "Model",
    "check_request",
    "fgsm",
    "input_gradient",
    "named_attack",
    "pgd",
    "pgd_adam",
    "size",
    "uniform_start",
]
