"""Targets that ask what thresholded pixels owe to the pixels, and what to the threshold."""

import torch

from helpers.neural_similarity.similarity import upper
from helpers.neural_similarity.target import Target


def thresholded_like(target: Target, other: Target) -> Target:
    """`target` in three steps, with as many pairs in each step as `other` has.

    The pairs of `target` that are most alike count as 1, those least alike as -1, all others as 0.
    A fixed threshold would let through other numbers of pairs, as no two kinds of similarity are
    spread alike: those of the model of V1 never come below -.4.

    Raises:
        ValueError: there are other stimuli, or similarities of `other` besides -1, 0 and 1.
    """
    if not torch.equal(target.stimuli, other.stimuli):
        raise ValueError(f"stimuli of {target.name} and {other.name} differ; they may be the same")
    steps = upper(other.similarity)
    if not bool(torch.isin(steps, torch.tensor([-1.0, 0.0, 1.0])).all()):
        raise ValueError(f"similarity of {other.name} may be -1, 0 or 1; see thresholded")
    ranked = torch.empty_like(steps)
    ranked[upper(target.similarity).argsort(stable=True)] = steps.sort().values
    found = torch.eye(len(target.similarity))
    rows, columns = torch.triu_indices(len(found), len(found), 1)
    found[rows, columns] = found[columns, rows] = ranked
    return Target(f"{target.name}_thresholded", target.stimuli, found)


def uncorrelated(target: Target) -> Target:
    """The similarity 0 for every pair: all photographs are to be apart, whatever they show."""
    return Target("uncorrelated", target.stimuli, torch.eye(len(target.similarity)))
