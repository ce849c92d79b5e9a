"""Experiments on sleep."""
