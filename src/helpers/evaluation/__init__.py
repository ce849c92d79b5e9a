"""How robust a model is: accuracy on clean and on adversarial images, with intervals."""

from helpers.evaluation.accuracy import AttackSetting, Interval, accuracy_under, wilson

__all__ = ["AttackSetting", "Interval", "accuracy_under", "wilson"]
