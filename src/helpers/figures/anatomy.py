"""A schematic of the cerebellar cortex, after Liu, Li and Chen (2021), fig. 1a."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse, PathPatch
from matplotlib.path import Path

from helpers.figures.curves import check_axes
from helpers.figures.dendrite import Tree, grow
from helpers.figures.layers import (
    CELLS,
    CLAWS,
    CLIMBING,
    ERROR_HEIGHT,
    FIBRES,
    GRANULE,
    MOSSY,
    PURKINJE,
    PURKINJE_HEIGHT,
    ROSETTES,
    WIDTH,
    note,
    prepare,
)
from helpers.figures.style import book_style

_SOMA = (7.35, PURKINJE_HEIGHT)
_NUCLEI = (6.1, ERROR_HEIGHT)
_OLIVE = (8.75, 1.75)
_APART = 0.5  # closest distance of two drawn synapses on one parallel fibre


def draw_anatomy(ax: Axes) -> None:
    """Draw mossy fibres, granule cells, the Purkinje cell, its climbing fibre and the loop below.

    The tree of a Purkinje cell is flat and stands at right angles to the parallel fibres; it is
    drawn turned into the page.

    Raises:
        ValueError: `ax` is not a matplotlib Axes.
    """
    check_axes(ax)
    with book_style():
        prepare(ax, "Anatomy")
        _mossy_fibres(ax)
        _granule_cells(ax)
        tree = grow((_SOMA[0], _SOMA[1] + 0.5), (5.15, 9.65), _crown)
        _purkinje_cell(ax, tree)
        _synapses(ax, tree)
        _climbing_fibre(ax, tree)
        _loop(ax)


def _crown(x: float) -> float:
    """Height of the rounded top of the tree above `x`."""
    return 17.75 - 0.25 * abs(x - _SOMA[0]) ** 2


def _mossy_fibres(ax: Axes) -> None:
    for x, targets in ((0.6, (0, 1, 2)), (1.25, (3, 4, 5))):
        fork = (x, 4.2)
        ax.plot([x, x], [0.5, fork[1]], color=MOSSY, lw=2.2, solid_capstyle="round", zorder=3)
        ax.plot(x, 0.45, "^", color=MOSSY, markersize=6.5, zorder=3)
        for target in targets:
            _bend(ax, fork, (ROSETTES[target][0], ROSETTES[target][1] - 0.1), MOSSY, 1.7)
    for x, y in ROSETTES:
        for turn in np.arange(5) * 2 * np.pi / 5:
            lobe = (x + 0.11 * np.cos(turn), y + 0.11 * np.sin(turn))
            ax.add_patch(Circle(lobe, 0.1, facecolor=MOSSY, linewidth=0, zorder=4))
    note(ax, 1.65, 3.75, "mossy fibres", MOSSY)


def _granule_cells(ax: Axes) -> None:
    for (x, y), height, claws in zip(CELLS, FIBRES, CLAWS, strict=True):
        for claw in claws:
            tip = (ROSETTES[claw][0], ROSETTES[claw][1] + 0.3)
            # Dendrites leave the soma on the side of their rosette.
            side = 0.16 * np.sign(tip[0] - x) if abs(tip[0] - x) > 0.3 else 0
            _bend(ax, (x + side, y - 0.12), tip, GRANULE, 1.1)
            angles = np.linspace(0.1 * np.pi, 0.9 * np.pi, 9)
            ax.plot(
                tip[0] + 0.24 * np.cos(angles),
                tip[1] - 0.2 + 0.22 * np.sin(angles),
                color=GRANULE,
                lw=1.3,
                solid_capstyle="round",
                zorder=5,
            )
        ax.plot([x, x], [y, height], color=GRANULE, lw=1.3, zorder=5)
        ax.plot([0.1, WIDTH - 0.1], [height] * 2, color=GRANULE, lw=1.5, zorder=5)
        ax.add_patch(Circle((x, y), 0.25, facecolor="#A9D4EE", edgecolor=GRANULE, lw=1.4, zorder=6))
        ax.add_patch(Circle((x, y), 0.09, facecolor=GRANULE, lw=0, zorder=6))
    note(ax, 4.7, 8.0, "granule\ncells", GRANULE, linespacing=1.05)
    note(ax, 0.2, 17.55, "parallel fibres", GRANULE)


def _purkinje_cell(ax: Axes, tree: Tree) -> None:
    for branch, width in zip(tree.branches, tree.widths, strict=True):
        ax.plot(
            *branch.T,
            color=PURKINJE,
            lw=width,
            solid_capstyle="round",
            solid_joinstyle="round",
            zorder=4,
        )
    x, y = _SOMA
    pear = [
        (x, y + 0.95), (x + 0.25, y + 0.6), (x + 0.62, y + 0.35), (x + 0.52, y - 0.25),
        (x + 0.42, y - 0.68), (x - 0.42, y - 0.68), (x - 0.52, y - 0.25),
        (x - 0.62, y + 0.35), (x - 0.25, y + 0.6), (x, y + 0.95),
    ]  # fmt: skip
    codes = [Path.MOVETO] + [Path.CURVE4] * 9
    ax.add_patch(PathPatch(Path(pear, codes), facecolor=PURKINJE, linewidth=0, zorder=6))
    _bend(ax, (x, y - 0.5), (_NUCLEI[0], 5.7), PURKINJE, 2.0)
    _inhibit(ax, (_NUCLEI[0], 5.7), (_NUCLEI[0], _NUCLEI[1] + 0.62), PURKINJE)
    note(ax, 6.6, y, "Purkinje\ncell", PURKINJE, ha="right", linespacing=1.05)


def _synapses(ax: Axes, tree: Tree) -> None:
    depressed = None
    for height in FIBRES:
        crossings = sorted(_crossings(tree, height))
        last = -np.inf
        for x in crossings:
            if x - last >= _APART:
                last = x
                ax.plot(x, height, "o", color=GRANULE, mec="white", mew=0.8, ms=6, zorder=7)
                if height == FIBRES[1] and depressed is None:
                    depressed = x
    assert depressed is not None, "no branch crosses the parallel fibre that is to show depression"
    spot = (depressed, FIBRES[1])
    ax.add_patch(Circle(spot, 0.3, facecolor="none", edgecolor=PURKINJE, lw=1.8, zorder=8))
    ax.plot([4.75, spot[0] - 0.24], [14.8, spot[1] + 0.2], color=PURKINJE, lw=1.1, zorder=8)
    note(ax, 4.7, 14.82, "LTD", PURKINJE, ha="right", fontweight="bold")


def _crossings(tree: Tree, height: float) -> list[float]:
    found = []
    for branch in tree.branches:
        (x0, y0), (x1, y1) = branch[:-1].T, branch[1:].T
        between = (y0 - height) * (y1 - height) < 0
        share = (height - y0[between]) / (y1 - y0)[between]
        found += list(x0[between] + share * (x1 - x0)[between])
    return found


def _climbing_fibre(ax: Axes, tree: Tree) -> None:
    trunk = tree.trunk
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(trunk, axis=0), axis=1))])
    smooth = np.linspace(0, along[-1] * 0.8, 160)
    points = np.stack([np.interp(smooth, along, trunk[:, i]) for i in (0, 1)], axis=1)
    tangent = np.gradient(points, axis=0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], 1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    winding = points + normal * (0.2 * np.cos(2 * np.pi * smooth / 1.3))[:, None]
    y = _SOMA[1]
    start = winding[0]
    ax.plot(*winding.T, color=CLIMBING, lw=2.0, solid_capstyle="round", zorder=7)
    way = [
        (_OLIVE[0], _OLIVE[1] + 0.4), (_OLIVE[0], y - 2.4), (_OLIVE[0], y - 0.2),
        (start[0] + 0.55, start[1] - 0.75), tuple(start),
    ]  # fmt: skip
    codes = [Path.MOVETO, Path.LINETO] + [Path.CURVE4] * 3
    ax.add_patch(PathPatch(Path(way, codes), facecolor="none", edgecolor=CLIMBING, lw=2, zorder=7))
    note(ax, 8.5, 5.4, "climbing\nfibre", CLIMBING, ha="right", linespacing=1.05)


def _loop(ax: Axes) -> None:
    ax.add_patch(Ellipse(_NUCLEI, 1.7, 1.05, facecolor="#D9E4EF", edgecolor=PURKINJE, lw=1.5))
    for dx, dy in ((-0.35, 0.08), (0.08, -0.15), (0.4, 0.14)):
        cell = (_NUCLEI[0] + dx, _NUCLEI[1] + dy)
        ax.add_patch(Circle(cell, 0.13, facecolor=PURKINJE, lw=0, zorder=4))
    ax.add_patch(Ellipse(_OLIVE, 1.7, 0.95, facecolor="#F6E7CF", edgecolor=CLIMBING, lw=1.5))
    fold = np.linspace(-0.55, 0.55, 60)
    ax.plot(
        _OLIVE[0] + fold, _OLIVE[1] + 0.17 * np.sin(fold * 15), color=CLIMBING, lw=1.5, zorder=4
    )
    _inhibit(ax, (_NUCLEI[0] + 0.78, 2.35), (_OLIVE[0] - 0.98, 1.95), PURKINJE)
    ax.annotate(
        "",
        xy=(5.0, 0.95),
        xytext=(5.65, 2.15),
        arrowprops={"arrowstyle": "-|>", "color": PURKINJE, "lw": 1.8, "shrinkA": 0, "shrinkB": 0},
    )
    note(ax, 4.95, 0.6, "output", PURKINJE, ha="center")
    note(ax, 5.05, 2.6, "cerebellar\nnuclei", PURKINJE, ha="right", linespacing=1.05)
    note(ax, 9.85, 0.75, "inferior olive", CLIMBING, ha="right")


def _bend(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str, width: float
) -> None:
    """A fibre that leaves and arrives vertically."""
    middle = (start[1] + end[1]) / 2
    path = Path([start, (start[0], middle), (end[0], middle), end], [1, 4, 4, 4])
    ax.add_patch(
        PathPatch(path, facecolor="none", edgecolor=color, lw=width, capstyle="round", zorder=3)
    )


def _inhibit(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    """A line that ends in the flat bar of an inhibitory synapse."""
    ax.plot([start[0], end[0]], [start[1], end[1]], color=color, lw=2.0, zorder=4)
    way = np.array(end) - np.array(start)
    across = np.array([-way[1], way[0]]) / np.linalg.norm(way) * 0.24
    ax.plot(*np.array([end - across, end + across]).T, color=color, lw=2.4, zorder=4)
