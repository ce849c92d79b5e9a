"""Training of conventional networks, and accuracy on clean images."""

from helpers.training.accuracy import accuracy
from helpers.training.classifier import train_classifier

__all__ = ["accuracy", "train_classifier"]
