"""What both losses of part II do while a network learns."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.figures.style import BASELINE, COLUMN, NEURAL_SIMILARITY, book_style, new_figure
from helpers.neural_similarity.joint import Epoch


@book_style()
def two_losses(alone: Sequence[Epoch], held: Sequence[Epoch], watched: Sequence[Epoch]) -> Figure:
    """Cross-entropy and similarity loss by epoch, equations 8 to 10 of Li et al. (2019).

    Args:
        alone: a network that learns to classify, drawn for its cross-entropy.
        held: one that is held to similarities as well, drawn for both.
        watched: one whose similarities are looked at and not trained, drawn for them.

    Raises:
        ValueError: there are no epochs, or they are not equally many.
    """
    if not len(alone) == len(held) == len(watched) > 0:
        raise ValueError(
            f"epochs are {len(alone)}, {len(held)} and {len(watched)}; "
            "they may be equally many, one or more"
        )
    figure = new_figure(height=0.44 * COLUMN)
    task, similarity = figure.subplots(1, 2)
    numbers = range(1, len(held) + 1)
    grey, green = {"color": BASELINE}, {"color": NEURAL_SIMILARITY}
    task.plot(numbers, [each.task_loss for each in alone], "--o", label="classes alone", **grey)
    task.plot(numbers, [each.task_loss for each in held], "-o", label="both losses", **green)
    similarity.plot(numbers, [each.similarity_loss for each in watched], "--o", **grey)
    similarity.plot(numbers, [each.similarity_loss for each in held], "-o", **green)
    for ax, title in ((task, "cross-entropy"), (similarity, "similarity loss")):
        ax.set(title=title, xlabel="epoch")
        ax.margins(y=0.1)  # no mark is cut at the top
        ax.set_ylim(bottom=0)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    task.set_ylabel("loss")
    task.legend(loc="lower left")
    return figure
