"""What a criterion answers, and how it looks at several points."""

from collections.abc import Callable, Mapping, Sequence
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


def values_at(look: Look, metric: str, where: Point, over: Sequence[Point]) -> list[float | None]:
    """The mean at each point of `over`; None where nothing has run."""
    check_some("over", over)
    return [value_of(look({**where, **point}, metric)) for point in over]


def check_some(name: str, values: Sequence[object]) -> None:
    """Raise ValueError unless `values` are a list with something in it."""
    if not isinstance(values, list | tuple):
        raise ValueError(f"{name} is {values!r}; it may be a list")
    if not values:
        raise ValueError(f"{name} is empty; it may hold one or more")


def at_every(
    points: Sequence[Point],
    values: Sequence[float | None],
    passes: Callable[[float], bool],
    sentence: str,
    worst: Callable[..., float],
) -> Answer:
    """False as soon as one value fails, None while one is missing, else True."""
    known = [value for value in values if value is not None]
    if not known:
        return waiting(values)
    extreme = worst(known)
    text = sentence.format(
        n=f"{len(known)}" if len(known) == len(values) else f"{len(known)} of {len(values)}",
        worst=f"{number_text(extreme)}{place_among(points[values.index(extreme)], points)}",
    )
    if not all(passes(value) for value in known):
        return Answer(False, text)
    return Answer(None if len(known) < len(values) else True, text)


def waiting(values: Sequence[float | None]) -> Answer:
    """Open: not enough of `values` are there."""
    run = sum(value is not None for value in values)
    return Answer(None, f"{run} of {len(values)} points have run")


def value_of(mean: Mean | None) -> float | None:
    """The number itself."""
    return None if mean is None else mean.value


def place_among(point: Point, points: Sequence[Point]) -> str:
    """Where `point` is among `points`: the fields in which they differ."""
    named = short(point, points).replace(" ", ", ")
    return f" at {named}" if named else ""
