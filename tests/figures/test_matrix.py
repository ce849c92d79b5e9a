import pytest

from helpers.figures import new_figure
from helpers.figures.matrix import DARKEST, accuracy_matrix
from helpers.figures.style import INK
from tests.figures.test_style import contrast

NAMES = {"rows": ["a", "b"], "columns": ["c", "d", "e"], "xlabel": "target", "ylabel": "source"}


def test_each_cell_has_its_number():
    ax = new_figure().subplots()
    accuracy_matrix(ax, [[0, 99.6, None], [12.3, 4, 5]], **NAMES)
    cells = {text.get_position(): text.get_text() for text in ax.texts}
    assert cells[1, 0] == "100"
    assert cells[2, 0] == "·"
    assert cells[0, 1] == "12"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["c", "d", "e"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("target", "source")


@pytest.mark.parametrize("value", range(101))
def test_every_number_can_be_read(value):
    ax = new_figure().subplots()
    accuracy_matrix(ax, [[value, 0, 100]] * 2, **NAMES)
    (shown,) = ax.images
    assert (shown.norm.vmin, shown.norm.vmax) == (0, DARKEST)
    assert {text.get_color() for text in ax.texts} == {INK}
    assert contrast(INK, shown.cmap(shown.norm(value))) >= 4.5


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([[1, 2, 3]], r"rows of \[3\]; they may be 2 rows of 3"),
        ([[1, 2, 3], [1, 2]], r"rows of \[3, 2\]"),
        ([[1, 2, 3], [1, 2, 101]], "values span 1 to 101"),
        ([[1, 2, 3], [1, 2, -1]], "values span -1 to 3"),
    ],
)
def test_bad_values(values, text):
    with pytest.raises(ValueError, match=text):
        accuracy_matrix(new_figure().subplots(), values, **NAMES)
