import pytest

from helpers.publish import BookError
from helpers.publish.guard import guard, problems_of

GOOD = '<h1 id="a">A</h1>'


def _cell(output: str, *, classes: str = "cell") -> str:
    return (
        f'<div class="{classes}"><div class="cell_input"><pre>\nfirst line\nsecond</pre></div>'
        f'<div class="cell_output">{output}</div></div>'
    )


@pytest.fixture
def site(tmp_path):
    def site(body: str):
        (tmp_path / "a.html").write_text(f"<html><body>{GOOD}{body}</body></html>")
        return tmp_path

    return site


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (_cell('<div class="output traceback">boom</div>'), "`first line` shows an error"),
        (_cell("Traceback (most recent call last): boom"), "`first line` shows an error"),
        (_cell(""), "`first line` has an empty output"),
        (_cell('<div class="output text_html">\n</div>'), "`first line` has an empty output"),
        (_cell("<script>1</script>").replace("1", ""), "`first line` has an empty output"),
        ('<span class="math">a</span>', "has formulas but does not load vendor/tex-svg-full.js"),
        ('<a href="b.html">b</a>', "<a> leads to b.html, which is not in the book"),
        (
            _cell('<img src="a.html" alt="../_images/1e3b.svg"/>'),
            "the picture of the cell `first line` has no words",
        ),
        ('<img src="a.html" alt="_images/1e3b.svg"/>', "the picture a.html has no words"),
        ('<img src="https://a.org/x.png">', "<img> needs https://a.org/x.png"),
    ],
)
def test_a_problem_is_told_with_its_page(site, body, problem):
    (found,) = problems_of(site(body), ["a"])
    assert found.page == "a.html"
    assert problem in found.what


@pytest.mark.parametrize(
    "body",
    [
        "",
        _cell("42"),
        _cell('<img src="a.html"/>'),
        _cell('<img src="a.html" alt="two curves that fall"/>'),
        '<img src="a.html" alt="">',  # for decoration
        _cell("<svg></svg>"),
        _cell('<script type="application/vnd.jupyter.widget-view+json">{}</script>'),
        _cell('<div class="traceback">meant</div>', classes="cell tag_raises-exception"),
    ],
)
def test_a_good_page_passes(site, body):
    guard(site(body), ["a"])


def test_a_page_that_was_not_built_is_named(site):
    with pytest.raises(BookError, match=r"b/c\.html: is in the table of contents but was not"):
        guard(site(""), ["a", "b/c"])


def test_every_problem_of_every_page_is_listed(site):
    folder = site(_cell("") + '<a href="no.html">no</a>')
    (folder / "style.css").write_text("b { src: url(https://a.org/f.woff) }")
    with pytest.raises(BookError) as caught:
        guard(folder, ["a", "b"])
    assert len(str(caught.value).splitlines()) == 1 + 4
    assert "style.css: a style needs https://a.org/f.woff" in str(caught.value)


def test_formulas_with_the_books_own_mathjax_pass(site):
    folder = site('<p class="math">a</p><script src="_static/vendor/tex-svg-full.js"></script>')
    script = folder / "_static" / "vendor" / "tex-svg-full.js"
    script.parent.mkdir(parents=True)
    script.write_text("")
    guard(folder, ["a"])
