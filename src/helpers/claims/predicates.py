"""The criteria of the sentences, most of them fixed before any of our results was looked at.

Exceptions: `spread_below` judged every cell by itself until the first runs showed that one of many
would fail it by chance. `stays_above` and `mostly_one` were written when some of what they judge
had run, and `alike` when a one-sided criterion had let a difference to the other side pass.

A predicate is given `look`, which answers a selector and a metric with a mean over seeds, and the
claim's parameters; those that leave nothing to look at raise ValueError. It says whether the
sentence holds, or None while the runs that decide it are missing, and states what it saw. A point
is a set of configuration fields, added to `where`.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import sqrt

from helpers.claims.answer import (
    Answer,
    Point,
    at_every,
    check_some,
    place_among,
    value_of,
    values_at,
    waiting,
)
from helpers.claims.comparisons import alike, exceeds, gains_less
from helpers.claims.means import Look
from helpers.claims.wording import number_text


def increases(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], margin: float
) -> Answer:
    """The metric grows along `over`.

    The last point's mean lies more than `margin` above the first's, and no point's mean lies more
    than `margin` below that of the point before it.
    """
    values = values_at(look, metric, where, over)
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return waiting(values)
    falls = [before - after for before, after in pairwise(known)]
    fall = max([0.0, *falls])
    return Answer(
        known[-1] - known[0] > margin and fall <= margin,
        f"from {number_text(known[0])} to {number_text(known[-1])}, "
        f"the deepest fall on the way is {number_text(fall)}",
    )


def maximum_at(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], at: Point
) -> Answer:
    """Of the points of `over`, the metric's mean is the largest at `at`."""
    values = values_at(look, metric, where, over)
    if at not in over:
        raise ValueError(f"at is {dict(at)}; it may be one of the points of over")
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return waiting(values)
    best = over[known.index(max(known))]
    return Answer(
        best == at, f"the largest, {number_text(max(known))}, is{place_among(best, over)}"
    )


def stays_below(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], limit: float
) -> Answer:
    """At every point of `over` the metric's mean is below `limit`."""
    values = values_at(look, metric, where, over)
    return at_every(over, values, lambda value: value < limit, "the largest of {n} is {worst}", max)


def stays_above(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], limit: float
) -> Answer:
    """At every point of `over` the metric's mean is above `limit`."""
    values = values_at(look, metric, where, over)
    return at_every(
        over, values, lambda value: value > limit, "the smallest of {n} is {worst}", min
    )


def varies_less(
    look: Look,
    metric: str,
    *,
    where: Point,
    over: Sequence[Point],
    metrics: Sequence[str],
    limit: float,
) -> Answer:
    """At every point of `over` the means of `metrics` lie less than `limit` apart.

    `metric` is among `metrics`; the largest of the means is compared with the smallest.
    """
    check_some("over", over)
    check_some("metrics", metrics)
    ranges: list[float | None] = []
    for point in over:
        means = [value_of(look({**where, **point}, name)) for name in metrics]
        known = [mean for mean in means if mean is not None]
        ranges.append(max(known) - min(known) if len(known) == len(means) else None)
    return at_every(
        over, ranges, lambda apart: apart < limit, "the largest range of {n} is {worst}", max
    )


def mostly_one(
    look: Look,
    metric: str,
    *,
    where: Point,
    over: Sequence[Point],
    metrics: Sequence[str],
    limit: float,
) -> Answer:
    """At more than half of the points of `over` the largest of `metrics` is above `limit`.

    `metric` is among `metrics`. Which of them is the largest may differ from point to point, so
    each point is to be a single seed: a mean over seeds would blur it.
    """
    check_some("over", over)
    check_some("metrics", metrics)
    largest: list[float] = []
    for point in over:
        means = [value_of(look({**where, **point}, name)) for name in metrics]
        known = [mean for mean in means if mean is not None]
        if len(known) == len(means):
            largest.append(max(known))
    above, left = sum(value > limit for value in largest), len(over) - len(largest)
    text = f"at {above} of {len(largest)} points one is above {limit:g}"
    if 2 * above > len(over):
        return Answer(True, text)
    return Answer(None if 2 * (above + left) > len(over) else False, text)


def spread_below(
    look: Look,
    metric: str,
    *,
    where: Point,
    over: Sequence[Point],
    metrics: Sequence[str],
    limit: float,
) -> Answer:
    """The spread over seeds, pooled over `over` and `metrics`, is below `limit`.

    A cell is a point of `over` with one of `metrics`, and `metric` is among them. The pooled
    spread is the root mean square of the sample standard deviations of all cells with two seeds
    or more, each weighted with its number of seeds less one. The deviation of two seeds scatters
    widely, so that among many cells some exceed a limit that the true spread keeps; how many do,
    and the largest, is said and does not decide. Open until every cell has run.
    """
    check_some("over", over)
    check_some("metrics", metrics)
    cells = [{**point, "metric": name} for point in over for name in metrics]
    means = [look({**where, **point}, name) for point in over for name in metrics]
    if None in means:
        return waiting([value_of(mean) for mean in means])
    spread = [
        (mean.sd, mean.seeds - 1, cell)
        for mean, cell in zip(means, cells, strict=True)
        if mean is not None and mean.sd is not None
    ]
    if not spread:
        return Answer(None, f"none of {len(cells)} cells has two seeds")
    freedom = sum(weight for _, weight, _ in spread)
    pooled = sqrt(sum(weight * sd**2 for sd, weight, _ in spread) / freedom)
    largest, _, at = max(spread, key=lambda each: each[0])
    above = sum(sd > limit for sd, _, _ in spread)
    return Answer(
        pooled < limit,
        f"pooled over {len(spread)} of {len(cells)} cells it is {pooled:.2f}; {above} exceed "
        f"{limit:g}, the largest is {number_text(largest)}{place_among(at, cells)}",
    )


#: Every predicate, by the name under which the tables call it.
PREDICATES: dict[str, Callable[..., Answer]] = {
    predicate.__name__: predicate
    for predicate in (
        increases,
        maximum_at,
        stays_below,
        stays_above,
        exceeds,
        gains_less,
        alike,
        varies_less,
        mostly_one,
        spread_below,
    )
}
