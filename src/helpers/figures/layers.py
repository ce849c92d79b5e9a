"""The heights and colours that the drawn anatomy and the drawn model share."""

from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from helpers.figures.style import INK, NORMAL, SMALL

#: Size of a panel and of the strip with the layers' names, in drawing units (1 unit = 33 pixels).
WIDTH, HEIGHT, MARGIN, GAP = 10.0, 19.4, 0.95, 0.2

# Four parts of one circuit: shades of the cerebellum's blue, and amber for the error. All keep
# 4.5:1 against the layers' tints, since labels have the colour of what they name.
MOSSY = "#4A4A4A"
GRANULE = "#1673A5"
PURKINJE = "#0B3C6F"
CLIMBING = "#985A00"


@dataclass(frozen=True)
class Layer:
    """A horizontal band of the drawing."""

    name: str
    bottom: float
    top: float
    tint: str


LAYERS = (
    Layer("nuclei and brain stem", 0.0, 4.3, "#F6F6F4"),
    Layer("granular layer", 4.3, 9.3, "#EAF2F8"),
    Layer("Purkinje layer", 9.3, 11.2, "#F6F6F4"),
    Layer("molecular layer", 11.2, 18.4, "#EAF2F8"),
)

#: Where both panels put the same things.
ROSETTES = tuple((x, 5.75) for x in (0.45, 1.3, 2.15, 3.0, 3.85, 4.7))
CELLS = ((0.8, 8.0), (1.95, 8.0), (3.1, 8.0), (4.25, 8.0))
FIBRES = (16.9, 14.1, 15.5, 12.7)  # height of the parallel fibre of each granule cell
CLAWS = ((0, 1, 2, 3), (0, 1, 3, 4), (1, 2, 4, 5), (2, 3, 4, 5))  # four inputs per cell
PURKINJE_HEIGHT = 10.2
ERROR_HEIGHT = 2.6  # of the nuclei and of the node that forms the error


def prepare(ax: Axes, title: str) -> None:
    """Turn `ax` into a panel: no axes, the layers' bands, a title on top."""
    ax.set(xlim=(0, WIDTH + GAP), ylim=(0, HEIGHT))
    ax.set_axis_off()
    for layer in LAYERS:
        band = Rectangle((0, layer.bottom), WIDTH, layer.top - layer.bottom)
        band.set(facecolor=layer.tint, linewidth=0, zorder=0)
        ax.add_patch(band)
    ax.text(0.25, 18.9, title, fontsize=NORMAL + 1, fontweight="bold", color=INK, va="center")


def draw_layer_names(ax: Axes) -> None:
    """Fill the strip on the left with the names of the layers."""
    ax.set(xlim=(0, MARGIN), ylim=(0, HEIGHT))
    ax.set_axis_off()
    for layer in LAYERS:
        words = layer.name.replace(" and ", "\nand ").replace("Purkinje ", "Purkinje\n")
        ax.text(
            MARGIN / 2,
            (layer.bottom + layer.top) / 2,
            words,
            rotation=90,
            fontsize=SMALL,
            color=MOSSY,
            ha="center",
            va="center",
            linespacing=1.05,
        )


def note(ax: Axes, x: float, y: float, words: str, color: str, **options: Any) -> Text:
    """Write a label in the colour of what it names."""
    settings: dict[str, Any] = {"fontsize": NORMAL, "va": "center", "ha": "left", "zorder": 20}
    return ax.text(x, y, words, color=color, **(settings | options))
