"""Images before and after an attack, and the perturbation between them."""

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from torch import Tensor

from helpers.checks import check_eps, check_images, check_labels
from helpers.figures.style import ATTACK, COLUMN, INK, SMALL, book_style, new_figure

#: Darker pixels slate, brighter ones in the colour of attacks, unchanged ones white.
PERTURBATION = LinearSegmentedColormap.from_list("perturbation", ["#3E4C59", "#FFFFFF", ATTACK])

_GREY_LEVEL = 1 / 255
_MOST = 6  # more images than this in a row are too small on a phone
_WRONG = "#B34700"  # the colour of attacks, darkened until text has a contrast of 4.5:1
_LEFT, _RIGHT, _GAP, _CAPTION, _EDGE, _LARGEST = 0.36, 1.04, 0.1, 0.46, 0.06, 1.9  # inches


def show_attack(
    originals: Tensor,
    adversarials: Tensor,
    labels: Tensor,
    predictions_before: Tensor,
    predictions_after: Tensor,
    eps: float,
    *,
    classes: int = 10,
) -> Figure:
    """Three rows: the originals, the perturbations on a diverging scale, the adversarial images.

    Each image carries its label and the model's prediction; a wrong prediction has the colour of
    attacks.

    Args:
        originals: (n, 1, height, width) in [0, 1], 1 to 6 images.
        adversarials: as `originals`.
        labels: (n,) the right answers.
        predictions_before: (n,) the model's answers to the originals.
        predictions_after: (n,) its answers to the adversarial images.
        eps: radius of the L-infinity ball, the range of the colour bar.
        classes: number of classes.

    Raises:
        ValueError: shapes differ, pixels or labels are out of range, or a perturbation is larger
            than `eps`.
    """
    check_eps(eps)
    for name, images in (("originals", originals), ("adversarials", adversarials)):
        if images.ndim != 4 or images.shape[1] != 1 or not 1 <= images.shape[0] <= _MOST:
            raise ValueError(
                f"{name} have shape {tuple(images.shape)}; it may be (n, 1, height, width) "
                f"with n from 1 to {_MOST}"
            )
        check_images(images)
    if adversarials.shape != originals.shape:
        raise ValueError(
            f"adversarials have shape {tuple(adversarials.shape)}; "
            f"it may be that of the originals, {tuple(originals.shape)}"
        )
    n = originals.shape[0]
    check_labels(labels, n, classes)
    check_labels(predictions_before, n, classes, name="predictions_before")
    check_labels(predictions_after, n, classes, name="predictions_after")
    before, after = originals.detach().double().cpu(), adversarials.detach().double().cpu()
    change = after - before
    largest = change.abs().max().item()
    # Images are float32: a sum at the edge of the ball may round to a little outside it.
    if largest > eps + 1e-6:
        raise ValueError(f"adversarials differ by {largest:g}; they may differ by eps = {eps:g}")

    # Inches: pictures of one size, a caption above the first and the last row, a colour bar.
    side = min((COLUMN - _LEFT - _RIGHT - (n - 1) * _GAP) / n, _LARGEST)
    width = _LEFT + n * side + (n - 1) * _GAP + _RIGHT
    height = 3 * side + 2 * _CAPTION + 2 * _GAP + 2 * _EDGE
    bottoms = (_EDGE + 2 * side + 2 * _GAP + _CAPTION, _EDGE + side + _GAP + _CAPTION, _EDGE)
    figure = new_figure(width=width, height=height)
    figure.set_layout_engine("none")

    def place(left: float, bottom: float, wide: float) -> Axes:
        box = (left / width, bottom / height, wide / width, side / height)
        return figure.add_axes(box)

    with book_style():
        scale = eps or _GREY_LEVEL  # without a perturbation: one grey level
        for i in range(n):
            top, middle, low = (place(_LEFT + i * (side + _GAP), at, side) for at in bottoms)
            _picture(top, before[i, 0], "gray", 0, 1)
            shown = _picture(middle, change[i, 0], PERTURBATION, -scale, scale)
            _picture(low, after[i, 0], "gray", 0, 1)
            _caption(top, int(labels[i]), int(predictions_before[i]))
            _caption(low, int(labels[i]), int(predictions_after[i]))
            if i == 0:
                for ax, name in ((top, "original"), (middle, "perturbation"), (low, "adversarial")):
                    ax.set_ylabel(name, labelpad=6)
        bar = figure.colorbar(
            shown, cax=place(width - _RIGHT + 0.12, bottoms[1], 0.13), ticks=[-scale, 0, scale]
        )
        bar.ax.set_yticklabels([f"−{scale:.3g}", "0", f"+{scale:.3g}"])
        bar.set_label("pixel change", labelpad=4)
        bar.ax.grid(visible=False)
    return figure


def _picture(
    ax: Axes, image: Tensor, cmap: str | LinearSegmentedColormap, low: float, high: float
) -> AxesImage:
    shown = ax.imshow(image.numpy(), cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
    ax.grid(visible=False)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    return shown


def _caption(ax: Axes, label: int, prediction: int) -> None:
    wrong = prediction != label
    ax.set_title(
        f"label {label}\npredicted {prediction}",
        fontsize=SMALL,
        loc="center",
        color=_WRONG if wrong else INK,
        fontweight="bold" if wrong else "normal",
    )
