"""Experiments on all three papers together."""
