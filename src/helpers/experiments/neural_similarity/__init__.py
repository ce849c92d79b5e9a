"""Experiments on neural similarity."""
