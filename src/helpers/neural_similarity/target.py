"""What a network is held to: images, and how alike each pair of them is to be."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Target:
    """Stimuli and the similarity of each pair.

    Attributes:
        name: what found them alike, for instance "neural_model".
        stimuli: (n, 1, h, w) uint8, as the network sees them.
        similarity: (n, n) float32, in [-1, 1], on the CPU.
    """

    name: str
    stimuli: Tensor
    similarity: Tensor

    def __post_init__(self) -> None:
        shape = self.stimuli.shape
        if self.stimuli.dtype != torch.uint8 or len(shape) != 4 or shape[1] != 1:
            raise ValueError(
                f"stimuli are {self.stimuli.dtype} {tuple(self.stimuli.shape)}; they may be uint8 "
                "(n, 1, h, w)"
            )
        n = len(self.stimuli)
        if self.similarity.shape != (n, n):
            raise ValueError(
                f"similarity has shape {tuple(self.similarity.shape)}; it may be ({n}, {n}), as "
                f"there are {n} stimuli"
            )
        if self.similarity.dtype != torch.float32:
            raise ValueError(f"similarity is {self.similarity.dtype}; it may be torch.float32")
        if not bool((self.similarity.abs() <= 1 + 1e-6).all()):  # also catches NaN
            raise ValueError("similarity holds numbers outside [-1, 1]; it may be cosines")


def shuffled(target: Target, *, seed: int) -> Target:
    """The same similarities, of the wrong images: rows and columns in another order.

    It stays a matrix of cosines, with the distribution of the original's, which says nothing about
    these stimuli. The paper does not say how it shuffled.
    """
    order = torch.randperm(len(target.stimuli), generator=torch.Generator().manual_seed(seed))
    return Target("shuffle", target.stimuli, target.similarity[order][:, order])


def thresholded(target: Target, threshold: float = 0.8) -> Target:
    """Only what is very alike or very unlike: 1 above the threshold, -1 below its negative, else 0.

    Source: Attias et al. (2024), with .8 for CIFAR-10.

    Raises:
        ValueError: `threshold` is not in [0, 1).
    """
    if not 0 <= threshold < 1:
        raise ValueError(f"threshold is {threshold}; it may be in [0, 1)")
    far = target.similarity.abs() > threshold
    return Target(f"{target.name}_thresholded", target.stimuli, target.similarity.sign() * far)
