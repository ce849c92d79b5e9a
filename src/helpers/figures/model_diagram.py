"""The computational model in the places of the anatomy, after Liu, Li and Chen (2021), fig. 1b."""

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from helpers.figures.curves import check_axes
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
    note,
    prepare,
)
from helpers.figures.style import SMALL, book_style

_COLUMNS = (6.85, 7.85, 8.85)  # the Purkinje cells, one for each class
_BESIDE = 0.42  # from a Purkinje cell to its error line
_CENTRING = 5.55
#: Areas of the weights' dots, a row for each parallel fibre; for the eye only.
_DOTS = ((34, 14, 58), (52, 30, 16), (18, 60, 36), (44, 20, 50))


def draw_model(ax: Axes) -> None:
    """Draw inputs, granule cells, centring, weights, outputs and errors with their symbols.

    Raises:
        ValueError: `ax` is not a matplotlib Axes.
    """
    check_axes(ax)
    with book_style():
        prepare(ax, "Model")
        _inputs(ax)
        _cells(ax)
        _readout(ax)
        _errors(ax)
        for line, (words, color) in enumerate(
            (
                ("h = ReLU(Jᵀx)", GRANULE),
                ("z = h − μ", GRANULE),
                ("ŷ = Wᵀz", PURKINJE),
                ("e = ŷ − y", CLIMBING),
                ("ΔW ∝ −z eᵀ", CLIMBING),
            )
        ):
            note(ax, 0.5, 3.65 - 0.72 * line, words, color)


def _inputs(ax: Axes) -> None:
    for (x, y), grey in zip(ROSETTES, ("1.0", "0.85", "0.35", "0.15", "0.6", "0.95"), strict=True):
        ax.add_patch(Circle((x, y), 0.27, facecolor=grey, edgecolor=MOSSY, lw=1.6, zorder=6))
    _symbol(ax, 5.2, ROSETTES[0][1], "x", MOSSY)


def _cells(ax: Axes) -> None:
    for (x, y), height, claws in zip(CELLS, FIBRES, CLAWS, strict=True):
        for claw in claws:
            ax.plot([x, ROSETTES[claw][0]], [y, ROSETTES[claw][1]], color=GRANULE, lw=1.1, zorder=4)
        ax.plot([x, x, _COLUMNS[-1]], [y, height, height], color=GRANULE, lw=1.5, zorder=4)
        ax.add_patch(Circle((x, y), 0.29, facecolor="#A9D4EE", edgecolor=GRANULE, lw=1.6, zorder=6))
        ax.add_patch(
            Circle(
                (_CENTRING, height), 0.4, facecolor="white", edgecolor=PURKINJE, lw=1.6, zorder=6
            )
        )
        note(ax, _CENTRING, height - 0.02, "−μ", PURKINJE, ha="center", fontsize=SMALL)
    _symbol(ax, 4.85, CELLS[0][1], "h", GRANULE)
    _symbol(ax, 5.2, 6.9, "J", GRANULE)
    note(ax, _CENTRING, 17.65, "LTD", PURKINJE, ha="center", fontweight="bold")
    _symbol(ax, 6.25, 17.3, "z", GRANULE)


def _readout(ax: Axes) -> None:
    for i, x in enumerate(_COLUMNS):
        ax.plot([x, x], [ERROR_HEIGHT, FIBRES[0] + 0.3], color=PURKINJE, lw=2.2, zorder=4)
        ax.add_patch(Circle((x, PURKINJE_HEIGHT), 0.33, facecolor=PURKINJE, lw=0, zorder=6))
        for height, dots in zip(FIBRES, _DOTS, strict=True):
            ax.scatter(x, height, s=dots[i], color=PURKINJE, edgecolor="white", lw=0.8, zorder=7)
    _symbol(ax, 6.35, PURKINJE_HEIGHT, "ŷ", PURKINJE, ha="right")
    _symbol(ax, _COLUMNS[1], 17.75, "W", PURKINJE, ha="center")


def _errors(ax: Axes) -> None:
    for x in _COLUMNS:
        up = x + _BESIDE
        way = Path(
            [
                (x, ERROR_HEIGHT),
                (up, ERROR_HEIGHT),
                (up, ERROR_HEIGHT + 0.5),
                (up, FIBRES[0] + 0.3),
            ],
            [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO],
        )
        ax.add_patch(PathPatch(way, facecolor="none", edgecolor=CLIMBING, lw=1.7, zorder=5))
        for height in FIBRES:
            ax.plot(up - 0.1, height, "<", color=CLIMBING, ms=5, mew=0, zorder=7)
        ax.annotate(
            "",
            xy=(x, ERROR_HEIGHT - 0.3),
            xytext=(x, 1.05),
            arrowprops={"arrowstyle": "-|>", "color": MOSSY, "lw": 1.6, "shrinkA": 0, "shrinkB": 0},
        )
        ax.add_patch(
            Circle(
                (x, ERROR_HEIGHT), 0.31, facecolor="#F6E7CF", edgecolor=CLIMBING, lw=1.6, zorder=6
            )
        )
        note(ax, x, ERROR_HEIGHT, "−", CLIMBING, ha="center")
    _symbol(ax, 9.45, 5.4, "e", CLIMBING)
    _symbol(ax, _COLUMNS[1], 0.6, "y", MOSSY, ha="center")


def _symbol(ax: Axes, x: float, y: float, letter: str, color: str, *, ha: str = "left") -> None:
    note(ax, x, y, letter, color, ha=ha, fontsize=15, fontstyle="italic", fontweight="bold")
