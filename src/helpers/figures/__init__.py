"""Figures of the book: one palette, one look, real text in every SVG.

What draws from records and claims, such as `helpers.figures.rows` and
`helpers.figures.ledger_table`, is imported by its own name, so that a page that draws neither does
not depend on them.
"""

from helpers.figures.anatomy import draw_anatomy
from helpers.figures.caption import Caption, caption
from helpers.figures.circuit import draw_circuit
from helpers.figures.comparison import Comparison, against_paper
from helpers.figures.curves import accuracy_curve, curve_legend, paper_points
from helpers.figures.expansion import dimension_panels
from helpers.figures.images import show_attack
from helpers.figures.model_diagram import draw_model
from helpers.figures.size_panels import SizeCurve, size_panels
from helpers.figures.style import (
    ATTACK,
    BASELINE,
    CEREBELLUM,
    NEURAL_SIMILARITY,
    PALETTE,
    SLEEP,
    book_style,
    new_figure,
    to_svg,
    use_book_style,
)
from helpers.figures.training import training_curves

__all__ = [
    "ATTACK",
    "BASELINE",
    "CEREBELLUM",
    "NEURAL_SIMILARITY",
    "PALETTE",
    "SLEEP",
    "Caption",
    "Comparison",
    "SizeCurve",
    "accuracy_curve",
    "against_paper",
    "book_style",
    "caption",
    "curve_legend",
    "dimension_panels",
    "draw_anatomy",
    "draw_circuit",
    "draw_model",
    "new_figure",
    "paper_points",
    "show_attack",
    "size_panels",
    "to_svg",
    "training_curves",
    "use_book_style",
]
