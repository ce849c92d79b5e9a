import pytest
from bs4 import BeautifulSoup

from helpers.publish.addresses import Links, css_problems, outside_problems

OUT = "https://cdn.example.org/x"
STATE = (
    '{"state": {"m": {"state": {"_esm": %s, "_css": "", "value": "<a href=\'https://a.org\'>"}}}}'
)


def _soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize(
    "html",
    [
        f'<script src="{OUT}"></script>',
        '<script src="//cdn.example.org/x"></script>',
        f'<link rel="stylesheet" href="{OUT}">',
        f'<link rel="preload" as="font" href="{OUT}">',
        f'<img src="{OUT}">',
        f'<img srcset="a.png 1x, {OUT} 2x">',
        f'<iframe src="{OUT}"></iframe>',
        f"""<iframe srcdoc="<script src='{OUT}'></script>"></iframe>""",
        f'<svg><image xlink:href="{OUT}"/></svg>',
        f'<video poster="{OUT}"></video>',
        f'<object data="{OUT}"></object>',
        f"<style>@import '{OUT}';</style>",
        f'<style>@import"{OUT}";</style>',
        f"<style>@IMPORT URL({OUT});</style>",
        f"<style>b {{ background: image-set('a.png' 1x, '{OUT}' 2x) }}</style>",
        f"<style>b {{ background: -webkit-image-set(url({OUT}) 1x) }}</style>",
        f"<style>b {{ background: image-set(url('{OUT}') 1x) }}</style>",
        f'<link rel="alternate stylesheet" href="{OUT}">',
        f'<script type="importmap">{{"imports": {{"a": "{OUT}"}}}}</script>',
        f'<script type="text/javascript; charset=utf-8">load("{OUT}")</script>',
        f'<script type="Text/JavaScript">load("{OUT}")</script>',
        f'<script type="text/x-mathjax-config">load("{OUT}")</script>',
        '<script>s.src="//cdn.example.org/x"</script>',
        "<script>s.src = `//cdn.example.org/x`</script>",
        f'<p style="background: url({OUT})"></p>',
        f'<script>require.config({{paths: {{plotly: "{OUT}"}}}})</script>',
        f'<script type="module">import x from "{OUT}"</script>',
        '<script type="application/vnd.jupyter.widget-state+json">'
        + STATE % f"\"import x from '{OUT}'\""
        + "</script>",
    ],
)
def test_whatever_is_fetched_from_outside_is_named(html):
    (problem,) = outside_problems(_soup(html))
    assert "cdn.example.org/x" in problem


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="{OUT}">an ordinary link</a>',
        f'<link rel="canonical" href="{OUT}">',
        f'<link rel="alternate" type="application/rss+xml" href="{OUT}">',
        f'<script type="text/x-template"><a href="{OUT}">a</a></script>',
        f'<script type="application/json">{{"url": "{OUT}"}}</script>',
        "<script>// a remark\nconst half = '//'; const path = 'a//b.c/d';</script>",
        f'<script type="application/ld+json">{{"url": "{OUT}"}}</script>',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<script>const svg = "http://www.w3.org/2000/svg";</script>',
        '<img src="data:image/png;base64,//8=">',
        '<img src="../_images/a.png"><script src="x.js"></script>',
        '<style>/* https://a.org */ b { background: url("data:image/svg+xml,a") }</style>',
        '<script type="application/vnd.jupyter.widget-state+json">' + STATE % '"1"' + "</script>",
    ],
)
def test_what_needs_nothing_from_outside_passes(html):
    assert list(outside_problems(_soup(html))) == []


def test_style_sheets_are_read_without_their_comments():
    css = "/* url(https://a.org/x) */ @import url(https://a.org/y.css); b { src: url('a.woff') }"
    assert list(css_problems(css)) == ["a style needs https://a.org/y.css"]


@pytest.fixture
def site(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text('<h1 id="top">A</h1><a name="old"></a>')
    (tmp_path / "sub" / "b c.html").write_text("<p>B</p>")
    (tmp_path.parent / "outside.html").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("../index.html", None),
        ("../index.html#top", None),
        ("../index.html#old", None),
        ("..", None),
        ("b%20c.html?v=1", None),
        ("#", None),
        ("mailto:a@b.org", None),
        ("https://a.org", None),
        ("gone.html", "which is not in the book"),
        ("../index.html#gone", "no such place"),
        ("#gone", "no such place"),
        ("../../outside.html", "out of the book"),
        ("/index.html", "out of the book"),
    ],
)
def test_links_inside_the_book_lead_somewhere(site, address, problem):
    page = site / "sub" / "b c.html"
    found = list(Links(site).problems(page, _soup(f'<a href="{address}">x</a>')))
    if problem is None:
        assert found == []
    else:
        (only,) = found
        assert only.startswith(f"<a> leads to {address}, ")
        assert problem in only


def test_a_missing_image_is_a_broken_link(site):
    (only,) = Links(site).problems(site / "index.html", _soup('<img src="_images/no.png">'))
    assert only == "<img> leads to _images/no.png, which is not in the book"
