import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

from helpers.figures import draw_anatomy, draw_circuit, draw_model, new_figure, to_svg
from helpers.figures.layers import CELLS, CLAWS, FIBRES, ROSETTES


@pytest.fixture(scope="module")
def figure():
    figure = draw_circuit()
    figure.draw_without_rendering()
    return figure


def words(ax):
    return [text for text in ax.texts if text.get_text()]


def test_no_words_overlap_or_leave_the_picture(figure):
    boxes = [
        (text.get_text(), text.get_window_extent()) for ax in figure.axes for text in words(ax)
    ]
    assert len(boxes) > 20
    for i, (name, box) in enumerate(boxes):
        for other, its in boxes[:i]:
            assert not box.overlaps(its), f"{name!r} overlaps {other!r}"
        assert box.x0 >= 0, name
        assert box.x1 <= figure.bbox.x1, name
        assert box.y0 >= 0, name
        assert box.y1 <= figure.bbox.y1, name


def test_no_fibre_runs_through_a_label(figure):
    for ax in figure.axes:
        lines = [
            artist.get_transform().transform_path(artist.get_path())
            for artist in ax.get_children()
            if (isinstance(artist, Line2D) and artist.get_linestyle() != "None")
            or (isinstance(artist, PathPatch) and artist.get_facecolor()[3] == 0)
        ]
        for text in words(ax):
            if text.get_text() in ("−", "−μ"):  # stand inside circles on a line
                continue
            box = text.get_window_extent()
            hits = [line for line in lines if line.intersects_bbox(box, filled=False)]
            assert not hits, f"{len(hits)} lines run through {text.get_text()!r}"


def test_every_piece_of_the_anatomy_and_every_symbol_of_the_model_is_named(figure):
    _, anatomy, model = figure.axes
    names = {text.get_text().replace("\n", " ") for text in words(anatomy)}
    assert names >= {
        "mossy fibres", "granule cells", "parallel fibres", "Purkinje cell",
        "climbing fibre", "inferior olive", "cerebellar nuclei", "LTD",
    }  # fmt: skip
    symbols = {text.get_text() for text in words(model)}
    assert symbols >= {"x", "J", "h", "z", "W", "ŷ", "e", "y", "−μ", "LTD"}


def test_corresponding_pieces_have_one_colour(figure):
    _, anatomy, model = figure.axes
    colors = {
        text.get_text().replace("\n", " "): text.get_color()
        for ax in (anatomy, model)
        for text in words(ax)
    }
    for piece, symbol in [
        ("mossy fibres", "x"),
        ("granule cells", "h"),
        ("parallel fibres", "z"),
        ("Purkinje cell", "ŷ"),
        ("climbing fibre", "e"),
    ]:
        assert colors[piece] == colors[symbol]
    assert len({colors[symbol] for symbol in ("x", "h", "ŷ", "e")}) == 4


def test_panels_share_their_heights(figure):
    names, anatomy, model = figure.axes
    assert names.get_ylim() == anatomy.get_ylim() == model.get_ylim()
    assert anatomy.get_position().y0 == model.get_position().y0
    assert anatomy.get_position().height == model.get_position().height


def test_each_granule_cell_has_four_inputs_and_its_own_fibre():
    assert all(len(set(claws)) == 4 for claws in CLAWS)
    assert max(max(claws) for claws in CLAWS) < len(ROSETTES)
    assert len(set(CLAWS)) == len(CELLS) == len(set(FIBRES))


def test_svg_holds_the_words_as_text_and_is_the_same_each_time():
    first = to_svg(draw_circuit())
    assert first == to_svg(draw_circuit())
    for name in ("mossy fibres", "parallel fibres", "inferior olive", "ŷ = Wᵀz"):
        assert f"{name}</text>" in first


@pytest.mark.parametrize("draw", [draw_anatomy, draw_model])
def test_a_panel_stands_alone(draw):
    ax = new_figure(width=3.5, height=6).add_axes((0, 0, 1, 1))
    draw(ax)
    assert words(ax)


@pytest.mark.parametrize("draw", [draw_anatomy, draw_model])
def test_something_else_than_axes_is_refused(draw):
    with pytest.raises(ValueError, match="ax is a Figure; it may be a matplotlib Axes"):
        draw(new_figure())
