"""Experiments on the cerebellum paper."""
