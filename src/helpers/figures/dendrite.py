"""A drawn dendritic tree: flat, forking in two and two; of the branches that fork no two cross."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.checks import check_count, check_positive

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Tree:
    """The branches of a tree.

    Attributes:
        branches: polylines of shape (points, 2), each from a fork to the next fork or a tip.
        widths: line width of each branch in points.
        trunk: (points, 2), a way from the root to a tip that turns left and right in turn.
    """

    branches: list[Array]
    widths: list[float]
    trunk: Array


def grow(
    root: tuple[float, float],
    span: tuple[float, float],
    ceiling: Callable[[float], float],
    *,
    forks: int = 5,
    tip_width: float = 1.0,
    seed: int = 0,
) -> Tree:
    """Grow a tree from `root` up to `ceiling` over the whole `span`.

    Each branch owns a part of the span and ends below its middle; a fork divides the part. So no
    two of them cross, as in the espalier of a Purkinje cell; the branchlets at their sides may.

    Args:
        root: (x, y) of the foot.
        span: left and right end of the crown.
        ceiling: height of the crown above an x.
        forks: how often a way from the root to a tip divides.
        tip_width: line width of the last branches in points.
        seed: of the small irregularities.

    Raises:
        ValueError: `span` is empty, `forks` is below 1 or `tip_width` is not above zero.
    """
    check_count("forks", forks, 1)
    check_positive("tip_width", tip_width)
    if not span[0] < span[1]:
        raise ValueError(f"span is {span}; its left end may be below its right end")
    rng = np.random.default_rng(seed)
    branches: list[Array] = []
    widths: list[float] = []
    trunk: list[Array] = []

    def branch(start: Array, left: float, right: float, level: int, *, on_trunk: bool) -> None:
        middle = (left + right) / 2
        room = ceiling(middle) - start[1]
        if level == 0:
            end = np.array([middle, start[1] + room * rng.uniform(0.8, 1.0)])
        else:
            rise = room * rng.uniform(0.8, 1.2) / (level + 1.7)
            end = np.array([start[0] + 0.85 * (middle - start[0]), start[1] + rise])
        # Leaves along the way to its part of the crown, arrives upright.
        path = _curve(start, np.array([end[0], start[1] + 0.45 * (end[1] - start[1])]), end)
        branches.append(path)
        widths.append(tip_width * 2 ** (0.47 * level))
        if on_trunk:
            trunk.append(path)
        for at in (3, 6):  # branchlets, to the left and to the right in turn
            reach = min(rng.uniform(0.5, 0.9) * (right - left) / 2, 0.36)
            if 0 < level < forks and reach > 0.12:
                side = reach if (at + level) % 2 else -reach
                elbow, tip = path[at] + [side, 0.1], path[at] + [side, 0.25 + 1.3 * reach]
                branches.append(_curve(path[at], elbow, tip))
                widths.append(tip_width)
        if level:
            cut = left + (right - left) * rng.uniform(0.4, 0.6)
            turn = level % 2 == 0
            branch(end, left, cut, level - 1, on_trunk=on_trunk and turn)
            branch(end, cut, right, level - 1, on_trunk=on_trunk and not turn)

    branch(np.array(root, dtype=float), *span, forks, on_trunk=True)
    way = np.concatenate([trunk[0], *(path[1:] for path in trunk[1:])])
    return Tree(branches, widths, way)


def _curve(start: Array, bend: Array, end: Array) -> Array:
    """Nine points of the quadratic Bezier curve from `start` to `end`."""
    s = np.linspace(0, 1, 9)[:, None]
    return (1 - s) ** 2 * start + 2 * s * (1 - s) * bend + s**2 * end
