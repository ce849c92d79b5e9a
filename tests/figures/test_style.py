import io
import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from helpers.figures import PALETTE, book_style, new_figure, to_svg, use_book_style
from helpers.figures.images import _WRONG
from helpers.figures.layers import CLIMBING, GRANULE, LAYERS, MOSSY, PURKINJE
from helpers.figures.plasticity import _SHADES
from helpers.figures.spikes import LAYER_LOOKS
from helpers.figures.style import CARD, COLUMN, INK, SMALL

SVG = "{http://www.w3.org/2000/svg}"


def luminance(color):
    """Relative luminance as WCAG 2.1 defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_has_its_known_ends():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.01)  # WCAG's own example


@pytest.mark.parametrize("color", [*PALETTE.values(), *_SHADES, *(look[0] for look in LAYER_LOOKS)])
def test_lines_stand_out_from_the_card(color):
    assert contrast(color, CARD) >= 3


@pytest.mark.parametrize("color", [INK, _WRONG])
def test_text_stands_out_from_the_card(color):
    assert contrast(color, CARD) >= 4.5


@pytest.mark.parametrize("color", [MOSSY, GRANULE, PURKINJE, CLIMBING])
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_labels_of_the_circuit_stand_out_from_every_layer(color, layer):
    assert contrast(color, layer.tint) >= 4.5


def test_palette_is_okabe_and_ito_with_one_meaning_for_each_colour():
    okabe_ito = {"#0072B2", "#009E73", "#CC79A7", "#D55E00", "#E69F00", "#56B4E9", "#F0E442"}
    assert {color for name, color in PALETTE.items() if name != "baseline"} <= okabe_ito
    assert len(set(PALETTE.values())) == len(PALETTE)
    assert to_rgb(PALETTE["baseline"])[0] == to_rgb(PALETTE["baseline"])[2]  # a grey


def example():
    figure = new_figure()
    with book_style():
        ax = figure.subplots()
        ax.plot([0, 1], [0, 1], label="a line")
        ax.set(xlabel="the axis", ylabel="another")
        ax.legend()
    return figure


def test_svg_holds_text_a_light_card_and_the_same_bytes_each_time():
    first, second = to_svg(example()), to_svg(example())
    assert first == second
    assert "<dc:date>" not in first
    tree = ElementTree.fromstring(first)
    words = {"".join(text.itertext()) for text in tree.iter(f"{SVG}text")}
    assert {"the axis", "another", "a line"} <= words
    assert "sans-serif" in first
    assert "fill: #ffffff" in first


def test_a_figure_fills_the_column():
    tree = ElementTree.fromstring(to_svg(example()))
    assert float(tree.get("width").removesuffix("pt")) * 96 / 72 == pytest.approx(700)
    assert SMALL >= 9


def test_pyplot_does_not_hold_figures():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    new_figure()
    assert plt.get_fignums() == before


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        ({"width": 0.0}, "width is 0.0"),
        ({"height": -1.0}, "height is -1.0"),
        ({"width": COLUMN + 0.1}, "width is .*the column"),
        ({"height": float("nan")}, "height is nan"),
    ],
)
def test_wrong_sides_are_refused(sides, words):
    with pytest.raises(ValueError, match=words):
        new_figure(**sides)


def test_svg_of_something_else_is_refused():
    with pytest.raises(ValueError, match="figure is a str; it may be a matplotlib Figure"):
        to_svg("figure")


def test_style_is_left_at_the_end_of_its_context():
    before = mpl.rcParams["svg.fonttype"]
    with book_style():
        assert mpl.rcParams["svg.fonttype"] == "none"
    assert mpl.rcParams["svg.fonttype"] == before


def test_use_book_style_outside_a_notebook_sets_the_style_and_no_more():
    with mpl.rc_context():
        use_book_style()
        assert mpl.rcParams["svg.fonttype"] == "none"
        file = io.StringIO()
        example().savefig(file, format="svg")
    assert "<text" in file.getvalue()


def test_in_a_notebook_a_figure_is_shown_as_svg_without_a_date():
    script = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from helpers.figures import book_style, new_figure, use_book_style
use_book_style()
figure = new_figure()
figure.subplots().set(xlabel="the axis")
shown, _ = shell.display_formatter.format(figure)
assert "image/png" not in shown
assert "<dc:date>" not in shown["image/svg+xml"]
assert "the axis</text>" in shown["image/svg+xml"]
assert 'width="525pt"' in shown["image/svg+xml"]
"""
    subprocess.run([sys.executable, "-W", "error::UserWarning", "-c", script], check=True)
