"""Looks at the built pages before they replace the last good ones.

Every page of the table of contents is there, no cell failed or shows an empty output, every picture
has words for who cannot see it, no internal link is broken, and nothing outside the book is needed
to show a page: no script, style sheet, image, font, frame, formula or widget. Ordinary links to the
outside are fine.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from helpers.publish.addresses import Links, css_problems, outside_problems
from helpers.publish.assets import MATHJAX
from helpers.publish.errors import BookError

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
#: What an output may consist of when it holds no text.
SHOWS = ["img", "svg", "canvas", "video", "audio", "iframe", "object", "math", "input", "button"]
#: The class of a cell that has the tag ``raises-exception``.
MEANT_TO_FAIL = "tag_raises-exception"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one page."""

    page: str
    what: str

    def __str__(self) -> str:
        return f"{self.page}: {self.what}"


def guard(site: Path, pages: Iterable[str]) -> None:
    """Look at the built `site`.

    Args:
        site: the folder that holds ``index.html``.
        pages: the names of the table of contents, without suffix.

    Raises:
        BookError: lists every problem with its page.
    """
    if problems := list(problems_of(site, pages)):
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise BookError(f"The built pages have problems:\n{lines}")


def problems_of(site: Path, pages: Iterable[str]) -> Iterator[Problem]:
    """Every problem of the built `site`."""
    for page in pages:
        if not (site / f"{page}.html").is_file():
            yield Problem(f"{page}.html", "is in the table of contents but was not built")
    links = Links(site)
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site)
        if "_static" not in name.parts:
            soup = BeautifulSoup(path.read_text("utf8"), "html.parser")
            whats = [*_output_problems(soup), *outside_problems(soup), *_math_problems(soup)]
            for what in [*whats, *links.problems(path, soup)]:
                yield Problem(name.as_posix(), what)
    for path in sorted(site.rglob("*.css")):
        for what in css_problems(path.read_text("utf8")):
            yield Problem(path.relative_to(site).as_posix(), what)


def _output_problems(soup: BeautifulSoup) -> Iterator[str]:
    """Cells that failed, outputs in which there is nothing to see, and pictures without words."""
    for cell in soup.select("div.cell"):
        meant = MEANT_TO_FAIL in cell.get_attribute_list("class")
        for output in cell.select("div.cell_output"):
            text = output.get_text(strip=True)
            if not meant and (
                output.select_one(".traceback") or "Traceback (most recent call last)" in text
            ):
                yield f"the cell `{_first_line(cell)}` shows an error"
            if not text and not output.find(SHOWS) and not output.find("script", type=WIDGET_VIEW):
                yield f"the cell `{_first_line(cell)}` has an empty output"
    # A picture without words gets its own address for them.
    for image in soup.find_all("img", alt=re.compile("_images/")):
        around = image.find_parent("div", class_="cell")
        whose = str(image["src"]) if around is None else f"of the cell `{_first_line(around)}`"
        yield f"the picture {whose} has no words for who cannot see it; give it an alt"


def _first_line(cell: Tag) -> str:
    source = cell.select_one(".cell_input")
    text = source.get_text() if source is not None else "(no input shown)"
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _math_problems(soup: BeautifulSoup) -> Iterator[str]:
    """Formulas on a page that loads nothing to draw them."""
    sources = [str(script["src"]) for script in soup.find_all("script", src=True)]
    if soup.select_one(".math") and not any(MATHJAX in source for source in sources):
        yield f"has formulas but does not load {MATHJAX}"
