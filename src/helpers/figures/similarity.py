"""How alike a population finds images: matrices, their spread, and one against another."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy.cluster.hierarchy import leaves_list, linkage
from torch import Tensor

from helpers.checks import check_count
from helpers.figures.curves import check_label
from helpers.figures.style import (
    BASELINE,
    COLUMN,
    INK,
    NEURAL_SIMILARITY,
    SMALL,
    book_style,
    new_figure,
)

#: The mark of each measure of a population.
_DOTS = "osD"
#: Of two marks in one row, in rows.
_APART = 0.26
_MOST = 4  # matrices side by side are too small on a phone
#: Green is alike, grey unlike: what part II's colour stands for.
ALIKE = LinearSegmentedColormap.from_list(
    "alike", [(0.35, 0.35, 0.35), (1, 1, 1), (0.0, 0.35, 0.27)]
)


def clustered_order(similarity: Tensor) -> Tensor:
    """An order of images in which alike ones stand together, by average linkage.

    Args:
        similarity: (images, images).

    Raises:
        ValueError: it is not square, or of fewer than two images.
    """
    _check_matrix("similarity", similarity)
    rows, columns = np.triu_indices(len(similarity), 1)
    distance = 1 - similarity.double().numpy()[rows, columns]
    return torch.from_numpy(leaves_list(linkage(distance, "average", optimal_ordering=True)).copy())


def similarity_matrices(
    matrices: Mapping[str, Tensor], *, order: Tensor | None = None, limit: float = 1.0
) -> Figure:
    """Matrices side by side on one scale, the images of all in one order.

    Args:
        matrices: one to four by title, each (images, images).
        order: of the images, by default :func:`clustered_order` of the first.
        limit: the similarity at which the scale ends, on both sides of 0.

    Raises:
        ValueError: there are none or too many, or they are not of the same images.
    """
    if not 1 <= len(matrices) <= _MOST:
        raise ValueError(f"matrices are {len(matrices)}; there may be 1 to {_MOST}")
    for title, matrix in matrices.items():
        check_label(title)
        _check_matrix(title, matrix)
    sizes = {len(matrix) for matrix in matrices.values()}
    if len(sizes) > 1:
        raise ValueError(f"matrices are of {sorted(sizes)} images; they may be of the same")
    if not 0 < limit <= 1:
        raise ValueError(f"limit is {limit}; it may be above 0 and at most 1")
    order = clustered_order(next(iter(matrices.values()))) if order is None else order
    figure = new_figure(height=1.5 + 0.95 * COLUMN / max(len(matrices), 2))
    with book_style():
        axes = figure.subplots(1, len(matrices), squeeze=False)[0]
        for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
            shown = ax.imshow(
                matrix[order][:, order].numpy(),
                cmap=ALIKE,
                vmin=-limit,
                vmax=limit,
                interpolation="nearest",
            )
            ax.set_title(title, fontsize=SMALL, loc="center")
            ax.grid(visible=False)
            ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))
            ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
            ax.set_xlabel("image")
        axes[0].set_ylabel("image")
        bar = figure.colorbar(
            shown, ax=list(axes), location="bottom", shrink=0.6, aspect=40, pad=0.02
        )
        bar.set_label("similarity (cosine)")
    return figure


def fluctuation_histograms(spreads: Mapping[str, Tensor]) -> Figure:
    """How far similarities lie from their mean, a curve for each source of fluctuation.

    Args:
        spreads: one to four sets of differences by label, each of any shape.

    Raises:
        ValueError: there are none or too many, or one is empty.
    """
    if not 1 <= len(spreads) <= _MOST:
        raise ValueError(f"spreads are {len(spreads)}; there may be 1 to {_MOST}")
    for label, values in spreads.items():
        check_label(label)
        check_count(f"number of values of {label}", values.numel(), 2)
    reach = max(values.abs().max().item() for values in spreads.values())
    edges = np.linspace(-reach, reach, 60).tolist()
    figure = new_figure(height=0.5 * COLUMN)
    with book_style():
        ax = figure.subplots()
        styles = ((NEURAL_SIMILARITY, "-"), (BASELINE, "--"), (INK, ":"), (BASELINE, "-."))
        for (label, values), (color, line) in zip(spreads.items(), styles, strict=False):
            sd = values.double().std().item()
            ax.hist(
                values.flatten().numpy(),
                bins=edges,
                density=True,
                histtype="step",
                linewidth=2,
                color=color,
                linestyle=line,
                label=f"{label} (s.d. {sd:.3f})",
            )
        ax.set(xlabel="difference of a similarity from its mean", ylabel="density")
        figure.legend(loc="outside upper left", ncols=1)
    return figure


def similarity_scatters(
    oracle: Tensor | Mapping[str, Tensor], others: Mapping[str, Tensor], *, most: int = 2_000
) -> Figure:
    """Other similarities of the same pairs against the oracle's, a panel each, with Pearson's r.

    Args:
        oracle: (pairs,), of all panels, or one by the title of each.
        others: one to four by title, each (pairs,) or (pairs, repeats).
        most: points drawn in a panel; the correlation is of all.

    Raises:
        ValueError: there are none or too many panels, one is of other pairs or has no oracle, or
            `most` is below 1.
    """
    check_count("most", most, 1)
    if not 1 <= len(others) <= _MOST:
        raise ValueError(f"others are {len(others)}; there may be 1 to {_MOST}")
    oracles = dict.fromkeys(others, oracle) if isinstance(oracle, Tensor) else oracle
    if oracles.keys() != others.keys():
        raise ValueError(f"oracle has the titles {list(oracles)}; they may be {list(others)}")
    for title, values in others.items():
        check_label(title)
        if values.shape[:1] != oracles[title].shape:
            raise ValueError(
                f"{title!r} has shape {tuple(values.shape)}; it may have {len(oracles[title])} rows"
            )
    figure = new_figure(height=1.2 + 0.95 * COLUMN / max(len(others), 2))
    with book_style():
        axes = figure.subplots(1, len(others), squeeze=False, sharex=True, sharey=True)[0]
        for ax, (title, values) in zip(axes, others.items(), strict=True):
            known = oracles[title]
            same = known if values.ndim == 1 else known[:, None].expand_as(values)
            x, y = same.flatten().double().numpy(), values.flatten().double().numpy()
            r = np.corrcoef(x, y)[0, 1]
            step = -(-len(x) // most)
            ax.plot(x[::step], y[::step], ".", color=NEURAL_SIMILARITY, markersize=3, alpha=0.5)
            low, high = x.min(), x.max()
            ax.plot([low, high], [low, high], "--", color=BASELINE, linewidth=1)
            ax.set_title(f"{title}\nr = {r:.2f}", fontsize=SMALL, loc="center")
            ax.set_xlabel("oracle similarity")
        axes[0].set_ylabel("similarity")
    return figure


def population_dots(
    values: Mapping[str, Mapping[str, tuple[float, float, float]]],
    *,
    xlabel: str,
    looks: Sequence[str] = (),
) -> Figure:
    """A row for each population, a mark with its interval for each of what is compared there.

    Args:
        values: by population and by label a number and the ends of its interval; every population
            has the same labels.
        xlabel: what the numbers are.
        looks: colours, in the order of the labels.

    Raises:
        ValueError: there are no populations, or their labels differ.
    """
    labels = {tuple(row) for row in values.values()}
    if len(labels) != 1:
        raise ValueError(
            f"values have the labels {sorted(labels)}; every population may have the same"
        )
    (names,) = labels
    if len(names) > len(_DOTS):
        raise ValueError(f"values have the labels {list(names)}; they may be {len(_DOTS)} at most")
    colors = [*looks, NEURAL_SIMILARITY, BASELINE, INK][: len(names)]
    figure = new_figure(height=0.9 + 0.27 * len(values))
    with book_style():
        ax = figure.subplots()
        places = range(len(values))
        for number, (name, color, marker) in enumerate(zip(names, colors, _DOTS, strict=False)):
            # Next to each other within a row, so that no interval hides another.
            shift = _APART * (number - (len(names) - 1) / 2)
            shifted = [place + shift for place in places]
            middle, low, high = zip(*(row[name] for row in values.values()), strict=True)
            ax.hlines(shifted, low, high, color=color, linewidth=1.5)
            ax.plot(middle, shifted, marker, color=color, label=name, linestyle="none")
        ax.axvline(0, color=BASELINE, linewidth=1)
        ax.set_yticks(list(places), list(values))
        ax.set(xlabel=xlabel, ylim=(len(values) - 0.5, -0.5))
        figure.legend(loc="outside upper left", ncols=2)
    return figure


def _check_matrix(name: str, matrix: Tensor) -> None:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
        raise ValueError(f"{name} has shape {tuple(matrix.shape)}; it may be (n, n) with n above 1")
