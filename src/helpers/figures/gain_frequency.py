"""What a target gains under noise, against the frequencies that its network uses."""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple

from matplotlib.figure import Figure

from helpers.evaluation.frequencies import BANDS, centre_of
from helpers.figures.record_table import by_seed
from helpers.figures.style import BASELINE, COLUMN, book_style, new_figure
from helpers.figures.targets import fields_of, look_of
from helpers.records import Record


def gains_and_centres(
    noisy: Iterable[Record],
    spectra: Iterable[Record],
    targets: Sequence[str],
    metric: str,
    *,
    against: str = "none",
    scale: str = "scaled",
) -> dict[str, list[tuple[float, float]]]:
    """For each target and seed the mean frequency of the gradient and the gain of `metric`.

    Args:
        noisy: records of ``neural_similarity/noise``.
        spectra: records of ``neural_similarity/frequencies``.
        targets: each one that :func:`helpers.figures.targets.look_of` knows.
        metric: an accuracy of `noisy`, percent.
        against: the target that is subtracted, seed by seed.
        scale: "scaled" or "paper".

    Returns:
        By target, for the seeds that both experiments have, cycles per image and points.
    """
    held, seen = list(noisy), list(spectra)
    base = by_seed(held, metric, fields_of(against, scale))
    found: dict[str, list[tuple[float, float]]] = {}
    for target in targets:
        where: Mapping[str, Any] = fields_of(target, scale)
        values = by_seed(held, metric, where)
        shares = {low: by_seed(seen, f"gradient_{low}", where) for low in BANDS}
        seeds = [s for s in values if s in base and all(s in share for share in shares.values())]
        found[target] = [
            (centre_of({low: shares[low][seed] for low in BANDS}), values[seed] - base[seed])
            for seed in sorted(seeds)
        ]
    return found


class RankCorrelation(NamedTuple):
    """Spearman's correlation of frequency and gain over targets.

    Attributes:
        rho: NaN with fewer than three targets.
        p: the share of all orders of the gains that are as far from 0, in either direction.
        targets: how many there are.
    """

    rho: float
    p: float
    targets: int


def rank_correlation(
    points: Mapping[str, Sequence[tuple[float, float]]], *, without: Sequence[str] = ()
) -> RankCorrelation:
    """Whether targets with coarser gradients gain more, over means of their networks.

    The networks of one target are not independent of each other, so each target counts once.

    Args:
        points: see :func:`gains_and_centres`; "none", whose gain is 0 by definition, is left out.
        without: targets that are left out too.

    Raises:
        ValueError: `without` names a target that is not among `points`.
    """
    if unknown := set(without) - set(points):
        raise ValueError(f"without names {sorted(unknown)}; it may name one of {list(points)}")
    means = [
        (fmean(x for x, _ in networks), fmean(y for _, y in networks))
        for name, networks in points.items()
        if networks and name not in ("none", *without)
    ]
    if len(means) < 3:
        return RankCorrelation(math.nan, math.nan, len(means))
    from scipy.stats import permutation_test, spearmanr  # slow to import, and only needed here

    frequencies, gains = zip(*means, strict=True)
    found = permutation_test(
        [gains],
        lambda order: spearmanr(frequencies, order).statistic,
        permutation_type="pairings",
        n_resamples=50_000,  # up to eight targets all orders, 8! = 40,320
        rng=0,
    )
    return RankCorrelation(float(found.statistic), float(found.pvalue), len(means))


def gain_against_frequency(
    points: Mapping[str, Sequence[tuple[float, float]]], *, ylabel: str
) -> Figure:
    """One mark for each network, in the look of its target.

    Args:
        points: see :func:`gains_and_centres`; a target without networks is named in the legend.
        ylabel: what is gained.

    Raises:
        ValueError: there are no targets, or one is unknown.
    """
    if not points:
        raise ValueError("points are empty; there may be one target or more")
    figure = new_figure(height=0.62 * COLUMN)
    with book_style():
        ax = figure.subplots()
        for target, networks in points.items():
            label, color, marker, _ = look_of(target)
            ax.plot(
                [x for x, _ in networks],
                [y for _, y in networks],
                marker,
                color=color,
                label=label if networks else f"{label} (not run)",
            )
        ax.axhline(0, color=BASELINE, linewidth=1)
        ax.set(xlabel="mean frequency of the gradient (cycles per image)", ylabel=ylabel)
        figure.legend(loc="outside upper left", ncols=2)
    return figure
