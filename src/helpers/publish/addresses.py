"""The addresses on a built page: what is fetched to show it, and where its links lead."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

#: Elements that fetch what they name while the page is shown, and the attributes that name it.
FETCHING = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "input": ("src",),
}
#: `link` elements with these relations are for search engines; browsers fetch nothing, unless it is
#: a style sheet too.
NOT_FETCHED = {"canonical", "author", "license", "help", "alternate", "next", "prev", "index"}
OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
CSS_URL = re.compile(r"""(?:@import\s*(?:url\(\s*)?|url\(\s*)["']?([^"')\s;]+)""", re.IGNORECASE)
#: A choice of images, with addresses in quotes or in `url()`.
CSS_IMAGES = re.compile(r"image-set\(((?:[^()]|\([^()]*\))*)\)", re.IGNORECASE)
QUOTED = re.compile(r"""["']([^"']+)["']""")
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
#: An address in the text of a script; behind a quote it may lack the protocol. XML namespaces are
#: names, not places.
SCRIPT_URL = re.compile(
    r"""https?://(?!www\.w3\.org/)[^\s"'`<>)]+|(?<=["'`])//[\w-]+(?:\.[\w-]+)+(?::\d+)?/[^\s"'`<>)]*"""
)
#: The types of scripts that do not run and fetch nothing: data and templates.
DATA = re.compile(r".*[/+]json|text/(x-)?(template|html|.*-template)")
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def outside_problems(soup: BeautifulSoup) -> Iterator[str]:
    """What the page needs from outside the book: elements, styles, scripts and widgets."""
    for tag in soup.find_all(list(FETCHING)):
        if tag.name == "link":
            relations = {str(each).lower() for each in tag.get_attribute_list("rel")}
            if relations & NOT_FETCHED and "stylesheet" not in relations:
                continue
        for attribute in FETCHING[tag.name]:
            value = str(tag.get(attribute) or "")
            for address in value.split(",") if attribute == "srcset" else [value]:
                if OUTSIDE.match(address.strip()):
                    yield f"<{tag.name}> needs {address.strip()}"
        if tag.name == "iframe" and tag.get("srcdoc"):
            yield from outside_problems(BeautifulSoup(str(tag["srcdoc"]), "html.parser"))
    styles = [style.get_text() for style in soup.find_all("style")]
    for css in [*styles, *(str(tag["style"]) for tag in soup.find_all(style=True))]:
        yield from css_problems(css)
    for text in _scripts(soup):
        yield from (f"a script names {address}" for address in SCRIPT_URL.findall(text))


def css_problems(css: str) -> Iterator[str]:
    """What a style sheet needs from outside the book."""
    css = CSS_COMMENT.sub("", css)
    addresses = CSS_URL.findall(css)
    for choice in CSS_IMAGES.findall(css):
        addresses += QUOTED.findall(choice)
    for address in dict.fromkeys(addresses):
        if OUTSIDE.match(address):
            yield f"a style needs {address}"


def _scripts(soup: BeautifulSoup) -> Iterator[str]:
    """The scripts written inside the page, and those that its widgets carry in their state."""
    for script in soup.find_all("script"):
        kind = str(script.get("type") or "").partition(";")[0].strip().lower()
        if kind == WIDGET_STATE:
            for model in json.loads(script.get_text())["state"].values():
                yield from (str(model["state"].get(part, "")) for part in ("_esm", "_css"))
        elif not DATA.fullmatch(kind):
            yield script.get_text()


class Links:
    """Checks where links lead; remembers the places on each page of one site."""

    def __init__(self, site: Path) -> None:
        """Take the folder that holds ``index.html``."""
        self.site = site.resolve()
        self._places: dict[Path, set[str]] = {}

    def problems(self, page: Path, soup: BeautifulSoup) -> Iterator[str]:
        """The links and sources of `page` that stay inside the book and lead nowhere."""
        for tag in soup.find_all(["a", *FETCHING]):
            for attribute in ("href", "src", "data", "poster", "xlink:href"):
                value = tag.get(attribute)
                if isinstance(value, str) and value not in ("", "#"):
                    wrong = self._wrong(page, value)
                    if wrong is not None:
                        yield f"<{tag.name}> leads to {value}, {wrong}"

    def _wrong(self, page: Path, address: str) -> str | None:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        target = (page.parent / unquote(parts.path) if parts.path else page).resolve()
        if not target.is_relative_to(self.site):
            return "out of the book"
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file():
            return "which is not in the book"
        place = unquote(parts.fragment)
        if place and target.suffix == ".html" and place not in self._places_on(target):
            return "and there is no such place on that page"
        return None

    def _places_on(self, page: Path) -> set[str]:
        if page not in self._places:
            soup = BeautifulSoup(page.read_text("utf8"), "html.parser")
            named = {str(tag["name"]) for tag in soup.find_all("a", attrs={"name": True})}
            self._places[page] = named | {str(tag["id"]) for tag in soup.find_all(id=True)}
        return self._places[page]
