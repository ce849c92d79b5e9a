"""The smallest perturbations of many images, and who found them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.attacks.norms import NORMS

#: In place of the number of a try: the image is misclassified as it is, or no try breaks it.
WITHOUT_ATTACK = -1
BY_NOBODY = -2


@dataclass(frozen=True)
class MinimalNorms:
    """The smallest perturbation of every image.

    Attributes:
        norms: by norm, (n,) the size of the smallest perturbation: changed pixel values for "l0",
            pixel values for the others; 0 for an image that is misclassified as it is, infinity for
            one that nothing breaks.
        found_by: by norm, (n,) the number of the try that found it, or WITHOUT_ATTACK or BY_NOBODY.
        tries: what the tries were, in their order.
    """

    norms: Mapping[str, np.ndarray]
    found_by: Mapping[str, np.ndarray]
    tries: tuple[str, ...]

    @classmethod
    def nothing_found(cls, n: int, tries: tuple[str, ...]) -> "MinimalNorms":
        """`n` images before the first attack."""
        return cls(
            {norm: np.full(n, np.inf) for norm in NORMS},
            {norm: np.full(n, BY_NOBODY) for norm in NORMS},
            tries,
        )

    def __len__(self) -> int:
        return len(self.norms[NORMS[0]])

    def offer(self, rows: np.ndarray, sizes: Mapping[str, np.ndarray], number: int) -> None:
        """Keep those of the perturbations that try `number` found that are smaller than before.

        Args:
            rows: (k,) which images it broke.
            sizes: by norm, (k,) the sizes of their perturbations.
            number: of the try; of two perturbations of one size the earlier try keeps it.
        """
        for norm, new in sizes.items():
            closer = new < self.norms[norm][rows]
            self.norms[norm][rows[closer]] = new[closer]
            self.found_by[norm][rows[closer]] = number
