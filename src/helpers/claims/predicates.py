"""The criteria of the sentences, most of them fixed before any of our results was looked at.

Exceptions: `spread_below` judged every cell by itself until the first runs showed that one of many
would fail it by chance. `stays_above` and `mostly_one` were written when some of what they judge
had run, and `alike` when a one-sided criterion had let a difference to the other side pass.

A predicate is given `look`, which answers a selector and a metric with a mean over seeds, and the
claim's parameters; those that leave nothing to look at raise ValueError. It says whether the
sentence holds, or None while the runs that decide it are missing, and states what it saw. A point
is a set of configuration fields, added to `where`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import sqrt
from typing import Any, NamedTuple

from helpers.claims.means import Look, Mean
from helpers.claims.wording import number_text
from helpers.records import short

Point = Mapping[str, Any]


class Answer(NamedTuple):
    """What a predicate found."""

    holds: bool | None
    """None while the runs that decide it are missing."""
    sentence: str
    """What it saw."""


def increases(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], margin: float
) -> Answer:
    """The metric grows along `over`.

    The last point's mean lies more than `margin` above the first's, and no point's mean lies more
    than `margin` below that of the point before it.
    """
    values = _values(look, metric, where, over)
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return _waiting(values)
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
    values = _values(look, metric, where, over)
    if at not in over:
        raise ValueError(f"at is {dict(at)}; it may be one of the points of over")
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return _waiting(values)
    best = over[known.index(max(known))]
    return Answer(best == at, f"the largest, {number_text(max(known))}, is{_at(best, over)}")


def stays_below(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], limit: float
) -> Answer:
    """At every point of `over` the metric's mean is below `limit`."""
    values = _values(look, metric, where, over)
    return _at_every(
        over, values, lambda value: value < limit, "the largest of {n} is {worst}", max
    )


def stays_above(
    look: Look, metric: str, *, where: Point, over: Sequence[Point], limit: float
) -> Answer:
    """At every point of `over` the metric's mean is above `limit`."""
    values = _values(look, metric, where, over)
    return _at_every(
        over, values, lambda value: value > limit, "the smallest of {n} is {worst}", min
    )


def exceeds(
    look: Look,
    metric: str,
    *,
    where: Point,
    left: Sequence[Point],
    right: Sequence[Point],
    margin: float,
    right_metric: str | None = None,
    metrics: Sequence[str] | None = None,
) -> Answer:
    """The mean at each of `left` lies more than `margin` above that at its `right`.

    The points of `left` and `right` are compared in pairs; an only one with every one of the
    other side. `right_metric` is the metric at `right` where that is another one. Where `metrics`
    are given, `metric` is among them and the same has to hold for every one.
    """
    pairs = _pairs(left, right)
    if metrics is not None:
        _check_some("metrics", metrics)
    names = [metric] if metrics is None else metrics
    gains = [
        gain for name in names for gain in _gains(look, name, right_metric or name, where, pairs)
    ]
    points = [one for one, _ in pairs] if len(left) > 1 else [other for _, other in pairs]
    return _at_every(
        [{**point, "metric": name} for name in names for point in points],
        gains,
        lambda gain: gain > margin,
        "the smallest difference of {n} is {worst}",
        min,
    )


def gains_less(
    look: Look,
    metric: str,
    *,
    where: Point,
    left: Sequence[Point],
    right: Sequence[Point],
    margin: float,
) -> Answer:
    """The mean at each of `left` is less than `margin` above that at its `right`.

    The points of `left` and `right` are compared in pairs; an only one with every one of the
    other side.
    """
    pairs = _pairs(left, right)
    gains = _gains(look, metric, metric, where, pairs)
    return _at_every(
        [one for one, _ in pairs] if len(left) > 1 else [other for _, other in pairs],
        gains,
        lambda gain: gain < margin,
        "the largest gain of {n} is {worst}",
        max,
    )


def alike(
    look: Look,
    metric: str,
    *,
    where: Point,
    left: Sequence[Point],
    right: Sequence[Point],
    margin: float,
) -> Answer:
    """The mean at each of `left` lies less than `margin` above or below that at its `right`.

    The points of `left` and `right` are compared in pairs; an only one with every one of the
    other side.
    """
    pairs = _pairs(left, right)
    gains = _gains(look, metric, metric, where, pairs)
    return _at_every(
        [one for one, _ in pairs] if len(left) > 1 else [other for _, other in pairs],
        gains,
        lambda gain: abs(gain) < margin,
        "the largest difference of {n} is {worst}",
        partial(max, key=abs),
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
    _check_some("over", over)
    _check_some("metrics", metrics)
    ranges: list[float | None] = []
    for point in over:
        means = [_value(look({**where, **point}, name)) for name in metrics]
        known = [mean for mean in means if mean is not None]
        ranges.append(max(known) - min(known) if len(known) == len(means) else None)
    return _at_every(
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
    _check_some("over", over)
    _check_some("metrics", metrics)
    largest: list[float] = []
    for point in over:
        means = [_value(look({**where, **point}, name)) for name in metrics]
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
    _check_some("over", over)
    _check_some("metrics", metrics)
    cells = [{**point, "metric": name} for point in over for name in metrics]
    means = [look({**where, **point}, name) for point in over for name in metrics]
    if None in means:
        return _waiting([_value(mean) for mean in means])
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
        f"{limit:g}, the largest is {number_text(largest)}{_at(at, cells)}",
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


def _values(look: Look, metric: str, where: Point, over: Sequence[Point]) -> list[float | None]:
    _check_some("over", over)
    return [_value(look({**where, **point}, metric)) for point in over]


def _check_some(name: str, values: Sequence[object]) -> None:
    if not values:
        raise ValueError(f"{name} is empty; it may hold one or more")


def _pairs(left: Sequence[Point], right: Sequence[Point]) -> list[tuple[Point, Point]]:
    _check_some("left", left)
    _check_some("right", right)
    n = max(len(left), len(right))
    if {len(left), len(right)} - {1, n}:
        raise ValueError(
            f"left and right hold {len(left)} and {len(right)} points; "
            "they may hold as many, or one of them a single one"
        )
    return [(left[i % len(left)], right[i % len(right)]) for i in range(n)]


def _gains(
    look: Look,
    metric: str,
    right_metric: str,
    where: Point,
    pairs: Sequence[tuple[Point, Point]],
) -> list[float | None]:
    """The mean at the left less that at the right, for each pair."""
    gains: list[float | None] = []
    for left, right in pairs:
        one = _value(look({**where, **left}, metric))
        other = _value(look({**where, **right}, right_metric))
        gains.append(None if one is None or other is None else one - other)
    return gains


def _at_every(
    points: Sequence[Point],
    values: Sequence[float | None],
    passes: Callable[[float], bool],
    sentence: str,
    worst: Callable[..., float],
) -> Answer:
    """False as soon as one value fails, None while one is missing, else True."""
    known = [value for value in values if value is not None]
    if not known:
        return _waiting(values)
    extreme = worst(known)
    text = sentence.format(
        n=f"{len(known)}" if len(known) == len(values) else f"{len(known)} of {len(values)}",
        worst=f"{number_text(extreme)}{_at(points[values.index(extreme)], points)}",
    )
    if not all(passes(value) for value in known):
        return Answer(False, text)
    return Answer(None if len(known) < len(values) else True, text)


def _waiting(values: Sequence[float | None]) -> Answer:
    run = sum(value is not None for value in values)
    return Answer(None, f"{run} of {len(values)} points have run")


def _value(mean: Mean | None) -> float | None:
    return None if mean is None else mean.value


def _at(point: Point, points: Sequence[Point]) -> str:
    """Where `point` is among `points`: the fields in which they differ."""
    named = short(point, points).replace(" ", ", ")
    return f" at {named}" if named else ""
