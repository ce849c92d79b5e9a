"""One palette and one look for every figure of the book.

A colour means one thing everywhere. All but the tints are from the Okabe-Ito palette, made for
colour-blind readers; each colour used for lines keeps a contrast of 3:1 against the white card.
"""

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from helpers.checks import check_positive

CEREBELLUM = "#0072B2"
NEURAL_SIMILARITY = "#009E73"
SLEEP = "#CC79A7"
ATTACK = "#D55E00"
BASELINE = "#6B6B6B"
INK = "#222222"
CARD = "#FFFFFF"

#: What each colour of a line or a mark stands for.
PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "cerebellum": CEREBELLUM,
        "neural_similarity": NEURAL_SIMILARITY,
        "sleep": SLEEP,
        "attack": ATTACK,
        "baseline": BASELINE,
    }
)

#: Width of the page's text column in inches: 700 CSS pixels at 96 to the inch.
COLUMN = 700 / 96
#: Size of the smallest text in points. A phone shows the column at about half its width.
SMALL, NORMAL, LARGE = 10.0, 11.0, 12.5

# Any: matplotlib 3.11 types the keys as one Literal of all its settings, older ones as str.
_STYLE: Any = {
    # Text stays text. DejaVu Sans comes with matplotlib, so the layout is the same everywhere;
    # the other fonts are for a reader's browser that lacks it and are no wider.
    "svg.fonttype": "none",
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "Helvetica"],
    "mathtext.fontset": "dejavusans",
    "font.size": NORMAL,
    "axes.labelsize": NORMAL,
    "axes.titlesize": LARGE,
    "legend.fontsize": NORMAL,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    # The ids inside a file are the same at every build.
    "svg.hashsalt": "borrowed-brains",
    # A light card of its own keeps a figure legible on a dark page.
    "figure.facecolor": CARD,
    "savefig.facecolor": CARD,
    "axes.facecolor": CARD,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": BASELINE,
    "xtick.color": BASELINE,
    "xtick.labelcolor": INK,
    "ytick.color": BASELINE,
    "ytick.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.0,
    "lines.markersize": 7.0,
    "legend.frameon": False,
    "legend.handlelength": 2.8,  # long enough to show that a line is dashed
    "figure.figsize": (COLUMN, 0.62 * COLUMN),
    "figure.dpi": 96,
    "figure.constrained_layout.use": True,
}


@contextmanager
def book_style() -> Iterator[None]:
    """A context, or with ``@`` a function, in which matplotlib draws in the style of the book."""
    with mpl.rc_context(_STYLE):
        yield


def use_book_style() -> None:
    """Make matplotlib draw in the style of the book; in a notebook, show figures as SVG."""
    mpl.rcParams.update(_STYLE)
    # Only a notebook has a shell; elsewhere importing IPython would slow every command down.
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        # A tight box would crop each figure to another width; a date would change every build.
        set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None})


def new_figure(*, width: float = COLUMN, height: float = 0.62 * COLUMN) -> Figure:
    """An empty figure of the book, `width` by `height` inches, that pyplot does not hold on to.

    Raises:
        ValueError: a side is not above zero, or `width` is wider than the column.
    """
    check_positive("width", width)
    check_positive("height", height)
    if width > COLUMN:
        raise ValueError(f"width is {width}; it may be at most {COLUMN:.2f} inches, the column")
    with book_style():
        return Figure(figsize=(width, height), layout="constrained")


def to_svg(figure: Figure) -> str:
    """The SVG text of `figure`: real text inside, the same bytes at every call."""
    if not isinstance(figure, Figure):
        raise ValueError(f"figure is a {type(figure).__name__}; it may be a matplotlib Figure")
    file = io.StringIO()
    with book_style():
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None})
    return file.getvalue()
