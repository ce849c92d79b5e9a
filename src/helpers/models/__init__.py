"""Conventional networks that the three mechanisms are compared with."""

from helpers.models.cnn import BaselineCNN

__all__ = ["BaselineCNN"]
