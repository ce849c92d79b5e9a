"""The criteria that compare one network with another, point by point."""

from collections.abc import Callable, Sequence
from functools import partial

from helpers.claims.answer import Answer, Point, at_every, check_some, value_of
from helpers.claims.means import Look


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
        check_some("metrics", metrics)
    names = [metric] if metrics is None else metrics
    gains = [
        gain for name in names for gain in _gains(look, name, right_metric or name, where, pairs)
    ]
    points = _told_apart(left, pairs)
    return at_every(
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

    The points of `left` and `right` are compared as in :func:`exceeds`.
    """
    text = "the largest gain of {n} is {worst}"
    return _each(look, metric, where, left, right, lambda gain: gain < margin, text, max)


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

    The points of `left` and `right` are compared as in :func:`exceeds`.
    """
    text, worst = "the largest difference of {n} is {worst}", partial(max, key=abs)
    return _each(look, metric, where, left, right, lambda gain: abs(gain) < margin, text, worst)


def _each(
    look: Look,
    metric: str,
    where: Point,
    left: Sequence[Point],
    right: Sequence[Point],
    passes: Callable[[float], bool],
    sentence: str,
    worst: Callable[..., float],
) -> Answer:
    """Whether the difference of every pair passes."""
    pairs = _pairs(left, right)
    gains = _gains(look, metric, metric, where, pairs)
    return at_every(_told_apart(left, pairs), gains, passes, sentence, worst)


def _told_apart(left: Sequence[Point], pairs: Sequence[tuple[Point, Point]]) -> list[Point]:
    """The point of each pair that tells it from the others."""
    return [one if len(left) > 1 else other for one, other in pairs]


def _pairs(left: Sequence[Point], right: Sequence[Point]) -> list[tuple[Point, Point]]:
    check_some("left", left)
    check_some("right", right)
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
        one = value_of(look({**where, **left}, metric))
        other = value_of(look({**where, **right}, right_metric))
        gains.append(None if one is None or other is None else one - other)
    return gains
