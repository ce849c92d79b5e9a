"""How alike populations are in what they find alike: a matrix of areas and layers."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from torch import Tensor

from helpers.checks import check_count
from helpers.figures.similarity import ALIKE
from helpers.figures.style import (
    BASELINE,
    COLUMN,
    INK,
    NEURAL_SIMILARITY,
    SMALL,
    book_style,
    new_figure,
)
from helpers.neural_similarity.similarity import upper


def second_order_matrix(
    values: Tensor,
    *,
    areas: Sequence[str],
    layers: Sequence[str],
    ceilings: Sequence[float],
) -> Figure:
    """Draw how alike every two populations are, and beside it how reliable each one is.

    The diagonal is crossed out: each population is like itself. Lines part the areas.

    Args:
        values: (populations, populations), correlations of their similarities; see
            :func:`helpers.neural_similarity.second_order.second_order_similarity`.
        areas: of each population, those of one area next to each other.
        layers: of each population.
        ceilings: noise ceiling of each population's similarities, from 0 to 1.

    Raises:
        ValueError: there are fewer than two populations, another number of values, areas, layers
            or ceilings, a value is not from -1 to 1 or a ceiling not from 0 to 1.
    """
    n = check_count("number of areas", len(areas), 2)
    if tuple(values.shape) != (n, n) or len(layers) != n or len(ceilings) != n:
        raise ValueError(
            f"values have shape {tuple(values.shape)}, layers are {len(layers)} and ceilings "
            f"{len(ceilings)}; they may be of {n} populations, as areas are"
        )
    if not bool((values.abs() <= 1).all()):  # NaN is not
        raise ValueError("values hold numbers that are not from -1 to 1; they may be correlations")
    if not all(0 <= ceiling <= 1 for ceiling in ceilings):
        raise ValueError(f"ceilings are {list(ceilings)}; they may be from 0 to 1")
    shown = values.double().numpy().copy()
    shown[range(n), range(n)] = float("nan")
    names = [f"{area} {layer}" for area, layer in zip(areas, layers, strict=True)]
    rows = list(range(n))
    figure = new_figure(height=min(1.9 + 0.21 * n, 1.15 * COLUMN))
    with book_style():
        ax, beside = figure.subplots(1, 2, sharey=True, width_ratios=(5, 1))
        # As far on both sides of 0, so that white stays where nothing is shared.
        reach = max(upper(values).abs().max().item(), 0.1)
        drawn = ax.imshow(shown, cmap=ALIKE, vmin=-reach, vmax=reach, interpolation="nearest")
        ax.set_aspect("auto")
        ax.plot(rows, rows, "x", color=BASELINE, markersize=4)
        ax.set_xticks(rows, names, rotation=90)
        ax.set_yticks(rows, names)
        for place in rows[1:]:
            if areas[place] != areas[place - 1]:
                ax.axhline(place - 0.5, color=INK, linewidth=1)
                ax.axvline(place - 0.5, color=INK, linewidth=1)
                beside.axhline(place - 0.5, color=INK, linewidth=1)
        ax.set(xlabel="area and layer", ylabel="area and layer")
        ax.grid(visible=False)
        beside.plot(ceilings, rows, "o", color=NEURAL_SIMILARITY, markersize=5)
        beside.set(xlim=(0, 1.05), xticks=(0, 1), ylim=(n - 0.5, -0.5))
        beside.set_xlabel("noise\nceiling", fontsize=SMALL)
        beside.tick_params(labelleft=False, left=False)
        bar = figure.colorbar(drawn, ax=[ax, beside], location="top", shrink=0.6, aspect=40)
        bar.set_label("rank correlation of two matrices")
    return figure
