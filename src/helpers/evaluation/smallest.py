"""The smallest perturbations of many images: who found them, their average, what they leave."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.attacks.norms import NORMS
from helpers.checks import check_choice, check_count, check_eps
from helpers.evaluation.accuracy import Interval, wilson

#: In place of the number of a try: the image is misclassified as it is, or no try breaks it.
WITHOUT_ATTACK = -1
BY_NOBODY = -2


@dataclass(frozen=True)
class Estimate:
    """A statistic over images, in the units of the norm, with the ends of its 95 % interval.

    The interval speaks of the sampling of test images only, not of the spread over seeds.
    """

    value: float
    low: float
    high: float


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

    def finders(self, norm: str) -> dict[str, int]:
        """How many images each try has the smallest perturbation of, the most successful first.

        Raises:
            ValueError: `norm` is unknown.
        """
        check_choice("norm", norm, NORMS)
        names = {WITHOUT_ATTACK: "without attack", BY_NOBODY: "by nobody"}
        names |= dict(enumerate(self.tries))
        return {names[i]: n for i, n in Counter(self.found_by[norm].tolist()).most_common()}

    def median(self, norm: str, *, resamples: int = 2000, seed: int = 0) -> Estimate:
        """The median over images; infinite when half of them are not broken.

        Raises:
            ValueError: `norm` is unknown; there are fewer than two images.
        """
        return self._bootstrap(np.median, norm, resamples, seed)

    def mean(self, norm: str, *, resamples: int = 2000, seed: int = 0) -> Estimate:
        """The mean over images; infinite when one of them is not broken.

        Raises:
            ValueError: `norm` is unknown; there are fewer than two images.
        """
        return self._bootstrap(np.mean, norm, resamples, seed)

    def accuracy(self, norm: str, epsilons: Iterable[float]) -> tuple[Interval, ...]:
        """Percent of images that no perturbation of size `eps` or smaller breaks, for every `eps`.

        Raises:
            ValueError: `norm` is unknown; an `eps` is negative, NaN or infinite.
        """
        check_choice("norm", norm, NORMS)
        return tuple(
            wilson(int((self.norms[norm] > check_eps(eps)).sum()), len(self)) for eps in epsilons
        )

    def _bootstrap(self, statistic: Any, norm: str, resamples: int, seed: int) -> Estimate:
        """Percentiles of the statistic over resampled images (Efron 1979)."""
        check_choice("norm", norm, NORMS)
        check_count("number of images", len(self), 2)
        check_count("resamples", resamples, 1)
        from scipy.stats import bootstrap  # slow to import, and only needed here

        # An interval is wanted where values are infinite too: between two of those SciPy would
        # interpolate, so the ends are taken from its resampled statistics as they are.
        with np.errstate(invalid="ignore"):
            drawn = bootstrap(
                (self.norms[norm],),
                statistic,
                n_resamples=resamples,
                batch=100,
                method="percentile",
                rng=np.random.default_rng(seed),
            ).bootstrap_distribution
            low, high = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf")
            return Estimate(float(statistic(self.norms[norm])), float(low), float(high))
