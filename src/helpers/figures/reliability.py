"""How reliably neurons answer: their repeats, and the weights that follow from them."""

from collections.abc import Mapping

import torch
from matplotlib.figure import Figure
from torch import Tensor

from helpers.figures.curves import check_label
from helpers.figures.style import BASELINE, COLUMN, NEURAL_SIMILARITY, book_style, new_figure

_LINES = ("-", "--", ":")
_MOST = 3  # neurons side by side


@book_style()
def repeated_responses(neurons: Mapping[str, Tensor]) -> Figure:
    """Responses of single neurons, a column for each repeat, a row for each image.

    The images stand in the order of their mean response, the strongest on top, for each neuron its
    own.

    Args:
        neurons: one to three by title, each (images, repeats).

    Raises:
        ValueError: there are none or too many, or one has another shape.
    """
    if not 1 <= len(neurons) <= _MOST:
        raise ValueError(f"neurons are {len(neurons)}; there may be 1 to {_MOST}")
    for title, responses in neurons.items():
        if responses.ndim != 2 or responses.numel() == 0:
            shape = tuple(responses.shape)
            raise ValueError(f"{title!r} has shape {shape}; it may be (images, repeats)")
    figure = new_figure(height=0.6 * COLUMN)
    axes = figure.subplots(1, len(neurons), squeeze=False)[0]
    for ax, (title, responses) in zip(axes, neurons.items(), strict=True):
        rows = responses.mean(1).argsort(descending=True)
        shown = ax.imshow(
            responses[rows].numpy(), aspect="auto", cmap="Greys", interpolation="nearest"
        )
        ax.set(title=title, xlabel="time it was shown")
        ax.grid(visible=False)
        figure.colorbar(shown, ax=ax, location="bottom", label="response")
    axes[0].set_ylabel("image (sorted)")
    return figure


@book_style()
def weight_curves(weights: Mapping[str, Tensor], chance: float) -> Figure:
    """What share of the neurons of each scan has at most a given signal-to-noise ratio.

    Args:
        weights: one to three scans by name, each (neurons,), see equation 1 of Li et al. (2019).
        chance: what neurons without any signal have on average.

    Raises:
        ValueError: there are none or too many, or one has another shape.
    """
    if not 1 <= len(weights) <= len(_LINES):
        raise ValueError(f"weights are of {len(weights)} scans; they may be of 1 to {len(_LINES)}")
    figure = new_figure(height=0.47 * COLUMN)
    ax = figure.subplots()
    for line, (name, of_scan) in zip(_LINES, weights.items(), strict=False):
        check_label(name)
        if of_scan.ndim != 1 or len(of_scan) == 0:
            raise ValueError(f"{name!r} has shape {tuple(of_scan.shape)}; it may be (neurons,)")
        share = torch.arange(1, len(of_scan) + 1) / len(of_scan) * 100
        ax.step(
            of_scan.sort().values,
            share,
            where="post",
            linestyle=line,
            color=NEURAL_SIMILARITY,
            label=f"{name}, {len(of_scan)} neurons",
        )
    ax.axvline(chance, color=BASELINE, linestyle="-.", label="noise alone")
    ax.set(
        xlabel="signal-to-noise ratio $w_a$", ylabel="neurons with at most that (%)", ylim=(0, 100)
    )
    ax.legend(loc="lower right")
    return figure
