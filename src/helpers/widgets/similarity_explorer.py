"""Two images side by side, and how alike pixels, neurons and models find them."""

from collections.abc import Iterable, Mapping
from statistics import mean

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets
from torch import Tensor

from helpers.evaluation.corruptions import NEURAL_NOISE_STD, Corruption
from helpers.experiments.neural_similarity.noise import ALPHA, ALPHAS
from helpers.figures.record_table import seed_values
from helpers.figures.similarity import clustered_order
from helpers.figures.targets import fields_of
from helpers.records import Record
from helpers.widgets.panel import Link, panel
from helpers.widgets.scripts import bundled

#: More images would make the page too large.
MOST = 150


class Pair(anywidget.AnyWidget):
    """The part that answers, in the reader's browser: see ``scripts/similarity_explorer.mjs``.

    Attributes:
        facts: names, sizes, the order of the matrix, and curves.
        images: (n, height, width) uint8.
        matrices: (viewers, n, n) int8, 127 for a similarity of 1.
        first, second: numbers of the two images.
        viewer: whose matrix is drawn.
        alpha: place of the chosen strength among the curves.
    """

    _esm = bundled("chart", "similarity_explorer")
    facts = traitlets.Dict().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)
    matrices = traitlets.Bytes().tag(sync=True)
    first = traitlets.Int(0).tag(sync=True)
    second = traitlets.Int(1).tag(sync=True)
    viewer = traitlets.Int(0).tag(sync=True)
    alpha = traitlets.Int(0).tag(sync=True)


def similarity_explorer(
    images: Tensor, matrices: Mapping[str, Tensor], records: Iterable[Record] = ()
) -> ipywidgets.Box:
    """Controls for two images, and how alike each of some viewers finds them.

    Args:
        images: (n, 1, height, width) uint8, of at most :data:`MOST`.
        matrices: by the name of a viewer its similarities (n, n), in [-1, 1].
        records: of ``neural_similarity/noise``: accuracies by the strength of the regularisation.

    Raises:
        ValueError: the images are not that, there are no viewers, one has another shape or holds
            what is no similarity.
    """
    n = len(images)
    gray = images.ndim == 4 and images.shape[1] == 1
    if images.dtype != torch.uint8 or not gray or not 2 <= n <= MOST:
        raise ValueError(
            f"images are {images.dtype} {tuple(images.shape)}; they may be uint8 "
            f"(n, 1, height, width) with n from 2 to {MOST}"
        )
    if not matrices:
        raise ValueError("matrices are empty; there may be one viewer or more")
    for name, matrix in matrices.items():
        if matrix.shape != (n, n):
            raise ValueError(f"{name} has shape {tuple(matrix.shape)}; it may be ({n}, {n})")
        if not bool((matrix.abs() <= 1 + 1e-6).all()):  # also catches NaN
            worst = matrix.flatten()[matrix.abs().nan_to_num(torch.inf).argmax()].item()
            raise ValueError(f"{name} holds {worst:g}; a similarity may be in [-1, 1]")
    packed = [
        np.round(127 * matrix.double().numpy()).astype(np.int8) for matrix in matrices.values()
    ]
    curves = _curves(records)
    pair = Pair(
        facts={
            "n": n,
            "height": int(images.shape[2]),
            "width": int(images.shape[3]),
            "viewers": list(matrices),
            "order": clustered_order(next(iter(matrices.values()))).tolist(),
            "curves": curves,
        },
        images=images.numpy().tobytes(),
        matrices=np.stack(packed).tobytes(),
    )
    wide = {"layout": {"width": "19rem"}, "style": {"description_width": "7rem"}}
    first = ipywidgets.IntSlider(value=0, max=n - 1, description="first image", **wide)
    second = ipywidgets.IntSlider(value=1, max=n - 1, description="second image", **wide)
    viewer = ipywidgets.Dropdown(options=list(matrices), index=0, description="matrix of", **wide)
    links: list[Link] = [
        (first, "value", "first"),
        (second, "value", "second"),
        (viewer, "index", "viewer"),
    ]
    if curves:
        strengths = [curve["alpha"] for curve in curves]
        alpha = ipywidgets.SelectionSlider(
            options=strengths, index=0, description="strength α", **wide
        )
        links.append((alpha, "index", "alpha"))
    return panel(pair, links)


def _curves(records: Iterable[Record]) -> list[dict[str, object]]:
    """Accuracy against noise for each strength that has run, with the range over seeds."""
    held = list(records)
    found: list[dict[str, object]] = []
    for alpha in (0, *sorted((*ALPHAS, ALPHA))):
        where = fields_of("none") if alpha == 0 else fields_of("neural_model", alpha=alpha)
        points = []
        for level in NEURAL_NOISE_STD:
            metric = Corruption("noise_std", level).metric if level else "test_acc"
            values = seed_values(held, metric, where)
            if values:
                points.append([level, min(values), mean(values), max(values)])
        if len(points) == len(NEURAL_NOISE_STD):
            found.append({"alpha": alpha, "points": points})
    return found
