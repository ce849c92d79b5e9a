"""A finished figure whose values a reader can read off and whose series can be hidden."""

from collections.abc import Hashable, Iterator

import anywidget
import numpy as np
import traitlets
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FuncFormatter

from helpers.figures.style import to_svg
from helpers.widgets.scripts import bundled

#: The SVG counts in points.
POINTS_PER_INCH = 72
#: A line of this width or more, in points, is a bar of a spread and not a curve.
BAR = 3.5


class LiveFigure(anywidget.AnyWidget):
    """The part in the reader's browser: see ``scripts/live_figure.mjs``.

    Attributes:
        svg: the picture, its artists named ``bb-0``, ``bb-1``, ...
        series: for each entry of the legend its name, its colour, and the artists that it stands
            for.
        points: the values: place in the picture (points from the left and from the top), number
            of the series or -1, and what is said of it.
        size: width and height of the picture in points.
    """

    _esm = bundled("chart", "live_figure")
    svg = traitlets.Unicode().tag(sync=True)
    series = traitlets.List[object]().tag(sync=True)
    points = traitlets.List[object]().tag(sync=True)
    size = traitlets.List[float]().tag(sync=True)


def show_live(figure: Figure) -> LiveFigure:
    """Show `figure`, and return the live one that takes its place on a page with JavaScript.

    The picture stays for print and for readers without. What belongs together is found by its
    look: artists with the colour, marker and line of an entry of a legend are of that entry.

    Raises:
        ValueError: `figure` is no figure, or shows no marker with a value to read off.
    """
    live = live_figure(figure)
    display(figure)
    return live


def live_figure(figure: Figure) -> LiveFigure:
    """The live one alone; see :func:`show_live`.

    Raises:
        ValueError: `figure` is no figure, or shows no marker with a value to read off.
    """
    if not isinstance(figure, Figure):
        raise ValueError(f"figure is a {type(figure).__name__}; it may be a matplotlib Figure")
    to_svg(figure)  # the layout settles: now the places of the values are known
    entries = _entries(figure)
    names = [name for name, _ in entries.values()]
    artists: list[list[str]] = [[] for _ in names]
    places = {look: number for number, look in enumerate(entries)}
    points = []
    for number, (ax, line) in enumerate(_lines(figure)):
        place = places.get(_look(line), -1)
        if place >= 0:
            line.set_gid(f"bb-{number}")
            artists[place].append(f"bb-{number}")
        name = names[place] if place >= 0 else ""
        points += [[*at, place, text] for at, text in _values(figure, ax, line, name)]
    if not points:
        raise ValueError("figure has no marker to read a value off; it may have some")
    return LiveFigure(
        svg=to_svg(figure),
        series=[
            {"name": name, "color": to_hex(handle.get_color()), "artists": found}
            for (name, handle), found in zip(entries.values(), artists, strict=True)
        ],
        points=points,
        size=[POINTS_PER_INCH * side for side in figure.get_size_inches()],
    )


def _lines(figure: Figure) -> Iterator[tuple[Axes, Line2D]]:
    for ax in figure.axes:
        for line in ax.get_lines():
            if np.size(line.get_xdata()) and line.get_visible():
                yield ax, line


def _entries(figure: Figure) -> dict[Hashable, tuple[str, Line2D]]:
    """The entries of all legends by their look."""
    legends = list(figure.legends)
    legends += [legend for ax in figure.axes if isinstance(legend := ax.get_legend(), Legend)]
    found: dict[Hashable, tuple[str, Line2D]] = {}
    for legend in legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            if isinstance(handle, Line2D):
                found.setdefault(_look(handle), (text.get_text(), handle))
    return found


def _look(line: Line2D) -> Hashable:
    marker = str(line.get_marker())
    marked = marker not in ("None", "none", "", " ")
    style = line.get_linestyle() if line.get_linestyle() not in ("none", " ", "") else "None"
    return (
        to_hex(line.get_color()),
        marker if marked else None,
        style,
        marked and str(line.get_markerfacecolor()) == "none",
        not marked and style != "None" and line.get_linewidth() >= BAR,
    )


def _values(
    figure: Figure, ax: Axes, line: Line2D, name: str
) -> Iterator[tuple[tuple[float, float], str]]:
    """Place and text of each value that `line` marks."""
    if line.get_transform() != ax.transData or _look(line)[1] is None:  # type: ignore[index]
        return
    data = np.column_stack([line.get_xdata(), line.get_ydata()]).astype(float)
    scale = POINTS_PER_INCH / figure.dpi
    height = POINTS_PER_INCH * figure.get_size_inches()[1]
    title = ax.get_title() or ax.get_title(loc="left")
    for x, y in data[np.isfinite(data).all(axis=1)]:
        left, up = ax.transData.transform((x, y)) * scale
        said = ", ".join(part for part in (name, title) if part)
        values = f"{_named(figure, ax.xaxis, x, 'x')}, {_named(figure, ax.yaxis, y, 'y')}"
        text = f"{said}: {values}" if said else values
        yield (round(left, 1), round(height - up, 1)), text


def _named(figure: Figure, axis: Axis, value: float, side: str) -> str:
    """A value with the name of its axis, as the axis writes it where it has a word for it."""
    number = f"{value:,.6g}" if abs(value) >= 1_000 else f"{value:.4g}"
    if isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter):
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False):
            if np.isclose(place, value) and label.get_text():
                number = label.get_text()
    shared = figure.get_supxlabel() if side == "x" else figure.get_supylabel()
    return f"{axis.get_label_text() or shared} {number}".strip()
