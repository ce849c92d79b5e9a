"""Figures of the book: one palette, one look, real text in every SVG."""

from helpers.figures.anatomy import draw_anatomy
from helpers.figures.caption import Caption, caption
from helpers.figures.circuit import draw_circuit
from helpers.figures.comparison import Comparison, against_paper
from helpers.figures.curves import accuracy_curve, curve_legend, paper_points
from helpers.figures.expansion import dimension_panels
from helpers.figures.images import show_attack
from helpers.figures.ledger_table import paper_table, sentence_table, verdict_counts
from helpers.figures.model_diagram import draw_model
from helpers.figures.rows import paper_rows
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
    "paper_rows",
    "paper_table",
    "sentence_table",
    "show_attack",
    "to_svg",
    "training_curves",
    "use_book_style",
    "verdict_counts",
]
