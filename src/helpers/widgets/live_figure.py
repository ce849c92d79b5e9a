"""A finished figure whose values a reader can read off and whose series can be hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
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
#: Labels that matplotlib gives by itself.
_NAMELESS = re.compile(r"(_nolegend_|_child\d+)?")


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

    The picture stays for print and for readers without. An artist is of the entry of a legend that
    has its label, with or without the _ that keeps it out of legends; a label of several lines
    names several, and the artist is hidden with any of them. Without a label it is of the
    entry with its colour, marker and line, and an open mark of the only entry with an open mark.
    The caps and bars of errors carry no value.

    Raises:
        ValueError: `figure` is no figure, shows no marker with a value to read off, or has an
            artist without a label that looks like two entries.
    """
    live = live_figure(figure)
    display(figure)
    return live


def live_figure(figure: Figure) -> LiveFigure:
    """The live one alone; see :func:`show_live`.

    Raises:
        ValueError: as there.
    """
    if not isinstance(figure, Figure):
        raise ValueError(f"figure is a {type(figure).__name__}; it may be a matplotlib Figure")
    to_svg(figure)  # the layout settles: now the places of the values are known
    entries = _entries(figure)
    points = []
    for number, (ax, artist) in enumerate(_artists(figure)):
        own = _label(ax, artist)
        places = _places(artist, own, entries)
        place = places[0] if places else -1
        if places:
            artist.set_gid(f"bb-{number}")
        for each in places:
            entries[each].artists.append(f"bb-{number}")
        if isinstance(artist, Line2D) and artist in ax.lines and not _is_of_errors(ax, artist):
            name = own or (entries[place].name if place >= 0 else "")
            points += [[*at, place, text] for at, text in _values(figure, ax, artist, name)]
    if not points:
        raise ValueError("figure has no marker to read a value off; it may have some")
    return LiveFigure(
        svg=to_svg(figure),
        series=[
            {"name": each.name, "color": each.look.color, "artists": each.artists}
            for each in entries
        ],
        points=points,
        size=[POINTS_PER_INCH * side for side in figure.get_size_inches()],
    )


class _Look(NamedTuple):
    """What tells one series from another: a mark may be open, a line a bar."""

    color: str
    marker: str | None
    style: str
    opened: bool
    bar: bool


@dataclass(eq=False)
class _Entry:
    """What a legend says of one series, and the ids of the artists that belong to it."""

    name: str
    look: _Look
    artists: list[str] = field(default_factory=list)


def _entries(figure: Figure) -> list[_Entry]:
    """The entries of all legends, each name once; those that show nothing stand for nothing."""
    legends = list(figure.legends)
    legends += [legend for ax in figure.axes if isinstance(legend := ax.get_legend(), Legend)]
    found: dict[str, _Entry] = {}
    for legend in legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            if not isinstance(handle, Line2D):
                continue
            name, look = text.get_text(), _look(handle)
            if look.marker or look.style != "None":
                found.setdefault(name, _Entry(name, look))
    return list(found.values())


def _artists(figure: Figure) -> Iterator[tuple[Axes, Artist]]:
    """Lines, the bars of errors, and bands."""
    for ax in figure.axes:
        for line in ax.get_lines():
            if np.size(line.get_xdata()) and line.get_visible():
                yield ax, line
        yield from ((ax, band) for band in ax.collections if band.get_visible())


def _errors(ax: Axes) -> Iterator[tuple[str, Artist]]:
    """The caps and bars of errors, with the label of the whole."""
    for container in ax.containers:
        if isinstance(container, ErrorbarContainer):
            _, caps, bars = container.lines
            yield from ((str(container.get_label()), part) for part in (*caps, *bars))


def _is_of_errors(ax: Axes, artist: Artist) -> bool:
    return any(part is artist for _, part in _errors(ax))


def _label(ax: Axes, artist: Artist) -> str:
    """What the figure calls `artist`; empty where it has no name."""
    own = str(artist.get_label())
    label = next((whole for whole, part in _errors(ax) if part is artist), own)
    return "" if _NAMELESS.fullmatch(label) else label.removeprefix("_")


def _places(artist: Artist, label: str, entries: list[_Entry]) -> list[int]:
    """The numbers of the entries that `artist` belongs to."""
    names = [entry.name for entry in entries]
    named = [names.index(each) for each in label.split("\n") if each in names]
    if named or not isinstance(artist, Line2D):
        return named
    look = _look(artist)
    alike = [number for number, entry in enumerate(entries) if entry.look == look]
    if len(alike) > 1:
        raise ValueError(
            f"an artist without a label looks like {[names[number] for number in alike]}; "
            "it may look like one, or have the label of one"
        )
    opened = [number for number, entry in enumerate(entries) if entry.look.opened]
    return alike or (opened if look.opened and len(opened) == 1 else [])


def _look(line: Line2D) -> _Look:
    marker = str(line.get_marker())
    marked = marker not in ("None", "none", "", " ")
    style = line.get_linestyle() if line.get_linestyle() not in ("none", " ", "") else "None"
    return _Look(
        color=to_hex(line.get_color()),
        marker=marker if marked else None,
        style=str(style),
        opened=marked and str(line.get_markerfacecolor()) == "none",
        bar=not marked and style != "None" and line.get_linewidth() >= BAR,
    )


def _values(
    figure: Figure, ax: Axes, line: Line2D, name: str
) -> Iterator[tuple[tuple[float, float], str]]:
    """Place and text of each value that `line` marks."""
    if line.get_transform() != ax.transData or _look(line).marker is None:
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
