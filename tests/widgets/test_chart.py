"""The small drawings of the live pages, as far as they need no page."""

import json
from types import SimpleNamespace

import pytest

from helpers.widgets.scripts import SCRIPTS


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-0.004, 2, "0.00"),
        (-0.0, 0, "0"),
        (-0.006, 2, "-0.01"),
        (0.004, 2, "0.00"),
        (-10.0, 1, "-10.0"),
    ],
)
def test_zero_has_no_sign(in_node, tmp_path, value, digits, text):
    asked = f"""
import {{ fixed }} from {json.dumps((SCRIPTS / "chart.mjs").as_uri())};
process.stdout.write(fixed({value}, {digits}));
"""
    assert in_node(tmp_path, asked) == text


#: A page just large enough for elements that keep their attributes and children.
PAGE = """
globalThis.document = {
  createElementNS: (_, tag) => ({
    tag, children: [], attributes: {},
    setAttribute(name, value) { this.attributes[name] = value; },
    append(...more) { this.children.push(...more); },
  }),
};
"""


@pytest.fixture
def drawn(in_node, tmp_path):
    """Draws with `chart.mjs`; the parts of the drawing, each with its attributes as fields."""

    def drawn(call):
        asked = f"""{PAGE}
import * as chart from {json.dumps((SCRIPTS / "chart.mjs").as_uri())};
const figure = chart.{call};
process.stdout.write(JSON.stringify(figure.children));
"""
        parts = json.loads(in_node(tmp_path, asked))
        return [
            SimpleNamespace(
                tag=part["tag"], text=part["children"], **{"class": ""} | part["attributes"]
            )
            for part in parts
        ]

    return drawn


def kind(parts, name):
    return [part for part in parts if vars(part)["class"] == name]


def test_a_curve_goes_up_with_the_accuracy_and_right_with_the_level(drawn):
    parts = drawn(
        """curve({ points: [[0, 90, 100, 100], [0.5, 0, 50, 60], [1, 0, 0, 0]],
          other: [[0, 0, 25, 0]], marks: [[0.5, 75, "paper"]],
          at: 1, xlabel: "eps", ylabel: "right", tick: 0.5 })"""
    )
    (mean,), (other,), (mark,) = (kind(parts, name) for name in ("mean", "other", "paper"))
    (left, top), (middle, half), (right, bottom) = (
        tuple(map(float, pair.split(","))) for pair in mean.points.split()
    )
    assert left < middle < right
    assert top < half < bottom
    assert half == pytest.approx((top + bottom) / 2, abs=0.1)
    assert middle == pytest.approx((left + right) / 2, abs=0.1)
    ticks = {part.text[0]: part for part in parts if part.tag == "text"}
    assert float(ticks["100"].y) - 4 == pytest.approx(top, abs=0.1)
    assert float(ticks["0"].y) - 4 == pytest.approx(bottom, abs=0.1)
    assert float(ticks["1.0"].x) == pytest.approx(right, abs=0.1)
    assert (mark.cx, mark.cy) == (pytest.approx(middle), pytest.approx((top + half) / 2, abs=0.1))
    assert float(other.points.split(",")[1]) == pytest.approx((half + bottom) / 2, abs=0.1)
    (here,) = kind(parts, "here")
    assert here.x1 == here.x2 == pytest.approx(right, abs=0.1)
    (edge,) = kind(parts, "range")
    heights = [float(pair.split(",")[1]) for pair in edge.points.split()]
    assert heights == pytest.approx(
        [bottom - part * (bottom - top) for part in (1, 0.6, 0, 0, 0, 0.9)], abs=0.1
    )


def test_bars_stand_on_zero_and_ticks_say_where_they_are(drawn):
    parts = drawn("""barPairs({ labels: ["a", "b"], pairs: [[0.5, -0.25], [0, 1.004]] })""")
    before, after = kind(parts, "before"), kind(parts, "after")
    (zero,) = {line.y1 for line in kind(parts, "axis")}
    assert [bar.y + bar.height for bar in (before[0], after[1])] == pytest.approx([zero, zero])
    assert after[0].y == pytest.approx(zero)
    assert before[0].height == pytest.approx(2 * after[0].height)
    assert after[1].height == pytest.approx(1.004 / 0.5 * before[0].height)
    assert before[0].x < after[0].x < before[1].x < after[1].x
    words = [part.text[0] for part in parts if part.tag == "text"]
    assert words == ["-0.25", "0", "1.00", "a", "b"]


@pytest.mark.parametrize(
    ("value", "color"), [(0, [255, 255, 255]), (-1, [10, 20, 30]), (9, [40, 50, 60])]
)
def test_two_colours_around_white(in_node, tmp_path, value, color):
    asked = f"""
import {{ diverging }} from {json.dumps((SCRIPTS / "chart.mjs").as_uri())};
const shade = diverging(1, [10, 20, 30], [40, 50, 60]);
process.stdout.write(JSON.stringify(shade({value})));
"""
    assert json.loads(in_node(tmp_path, asked)) == color


def test_the_extremes_of_more_numbers_than_a_call_may_have_arguments(in_node, tmp_path):
    asked = f"""
import {{ extent }} from {json.dumps((SCRIPTS / "chart.mjs").as_uri())};
const values = Float64Array.from({{ length: 1_000_000 }}, (_, n) => n - 7);
process.stdout.write(JSON.stringify(extent(values)));
"""
    assert json.loads(in_node(tmp_path, asked)) == [-7, 999_992]
