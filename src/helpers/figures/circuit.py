"""The circuit of the cerebellar cortex beside the model, corresponding parts at one height."""

from matplotlib.figure import Figure

from helpers.figures.anatomy import draw_anatomy
from helpers.figures.layers import GAP, HEIGHT, MARGIN, WIDTH, draw_layer_names
from helpers.figures.model_diagram import draw_model
from helpers.figures.style import COLUMN, book_style, new_figure


def draw_circuit() -> Figure:
    """The anatomy (left) and the model (right), after Liu, Li and Chen (2021), fig. 1.

    Parts that correspond have the same colour and stand at the same height.
    """
    panel = WIDTH + GAP
    total = MARGIN + 2 * panel
    figure = new_figure(width=COLUMN, height=COLUMN * HEIGHT / total)
    figure.set_layout_engine("none")
    with book_style():
        names = figure.add_axes((0, 0, MARGIN / total, 1))
        anatomy = figure.add_axes((MARGIN / total, 0, panel / total, 1))
        model = figure.add_axes(((MARGIN + panel) / total, 0, panel / total, 1))
        draw_layer_names(names)
        draw_anatomy(anatomy)
        draw_model(model)
    return figure
