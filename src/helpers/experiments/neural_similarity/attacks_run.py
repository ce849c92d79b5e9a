"""The smallest perturbations that attacks find of one network of part II."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from torch import Tensor

from helpers.attacks import NORMS, Model, named_attack
from helpers.checks import check_choice
from helpers.data import as_float
from helpers.evaluation.metric_numbers import NUMBER, read_number
from helpers.evaluation.minimal import Try, grid, minimal_norms
from helpers.evaluation.smallest import MinimalNorms
from helpers.experiments.experiment import Config, Workplace, load_named
from helpers.experiments.neural_similarity.networks import trained

#: Radii for attacks that work in a ball: each a fifth above the one before, from .0004 to .03.
LADDER = tuple(round(0.0004 * 1.2**rung, 6) for rung in range(25))
#: Steps after which the decline of figure 5 is looked at.
QUERIES = (10, 30, 100)
STEPS = 40
#: Images that AutoAttack takes at a time.
BATCH = 100


def in_balls(steps: int = STEPS, radii: tuple[float, ...] = LADDER) -> tuple[Try, ...]:
    """PGD in balls of growing radius, a step of 2.5 radii over the number of steps."""
    return grid("pgd", eps=radii, steps=[steps], loss=["cross_entropy"])


#: Figure 5: the paper's attack for each norm, with fewer settings than it tries, and newer searches
#: for the same norm.
FIGURE_5: Mapping[str, tuple[Try, ...]] = {
    "linf": (*in_balls(), Try("fmn_linf", options={"steps": 100})),
    "l2": (
        Try("brendel_bethge_l2", options={"steps": 100}),
        Try("ddn_l2", options={"steps": 100}),
        Try("fmn_l2", options={"steps": 100}),
    ),
}
#: Figure 7: the seven attacks of the supplement; of those that work in a ball every third radius.
FIGURE_7 = (
    *in_balls(radii=LADDER[::3]),
    *grid("pgd_adam_linf", eps=LADDER[::3], steps=[STEPS], loss=["cross_entropy"]),
    Try("cw_l2", options={"steps": 100, "binary_search_steps": 5, "stepsize": 0.01}),
    Try("ddn_l2", options={"steps": 100}),
    Try("jsma_l0", options={"theta": 1.0, "gamma": 0.1}),
    Try("sparsefool_l0"),
    *(Try(f"brendel_bethge_{norm}", options={"steps": 100}) for norm in NORMS),
)


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network, or take it from an earlier run, and attack it.

    ``linf_median`` and ``l2_median`` are medians over images of the smallest perturbation that
    :data:`FIGURE_5` finds, ``..._median_right`` over the images that are right as they are, and
    ``..._left_<size>`` the percentage of images that nothing up to that size breaks;
    ``..._median_<n>`` are medians of the first attack for that norm with n steps;
    ``<norm>_mean`` means over images of the smallest that :data:`FIGURE_7` finds. An image that is
    wrong as it is counts with 0, one that nothing breaks with the largest perturbation there is.
    ``autoattack_linf_<eps>`` is the accuracy in percent that AutoAttack leaves.

    Raises:
        StandInError: the data that `config` names are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    for metric, n in wanted.items():
        _parsed(metric)  # before the training that a mistake would waste
        if n > len(data.test_images):
            raise ValueError(f"{metric} asks for {n} images; there are {len(data.test_images)}")
    model = trained(config, work).model
    held: dict[tuple[str, int], MinimalNorms] = {}
    for metric, n in wanted.items():
        work.say(metric)
        images, labels = as_float(data.test_images[:n]), data.test_labels[:n]
        kind, norm, number = _parsed(metric)
        if kind == "autoattack":
            yield metric, _left(model, images, labels, number, seed=config["seed"])
            continue
        name = _search(kind, norm, number)
        if (name, n) not in held:
            held[name, n] = minimal_norms(
                model,
                images,
                labels,
                _tries(kind, norm, int(number)),
                seed=config["seed"],
                checkpoint=work.folder / f"{name}_{n}.npz",
                progress=partial(_say, work, metric),
            )
        sizes = np.minimum(held[name, n].norms[norm], _largest(norm, images[0].numel()))
        yield metric, _statistic(kind, number, sizes)


def _say(work: Workplace, metric: str, done: int, of: int) -> None:
    work.say(f"{metric} {done}/{of}")


def _parsed(metric: str) -> tuple[str, str, float]:
    """The kind of a metric, its norm, and its number: steps, a size, a radius, or 0 for none."""
    if found := re.fullmatch(rf"autoattack_linf_({NUMBER})", metric):
        return "autoattack", "linf", read_number(found[1])
    if found := re.fullmatch(r"(l0|l1|l2|linf)_mean", metric):
        return "mean", found[1], 0
    if found := re.fullmatch(rf"(\w+?)_(median|median_right|median_(\d+)|left_({NUMBER}))", metric):
        check_choice("norm", found[1], FIGURE_5)
        kind = "decline" if found[3] else found[2].removeprefix("median_").partition("_")[0]
        return kind, found[1], read_number(found[3] or found[4] or "0")
    raise ValueError(
        f"metric is {metric!r}; it may be linf_median or l2_median, either with _right or _<steps> "
        "behind it, linf_left_<size>, l2_left_<size>, l0_mean, l1_mean, l2_mean, linf_mean or "
        "autoattack_linf_<eps>"
    )


def _search(kind: str, norm: str, number: float) -> str:
    """The name of the search that a metric is read from; metrics of one name share it."""
    if kind == "mean":
        return "figure_7"
    return f"decline_{norm}_{number:g}" if kind == "decline" else f"figure_5_{norm}"


def _tries(kind: str, norm: str, steps: int) -> tuple[Try, ...]:
    if kind == "mean":
        return FIGURE_7
    if kind != "decline":
        return FIGURE_5[norm]
    if norm == "linf":
        return in_balls(steps, LADDER[::2])
    return (Try("brendel_bethge_l2", options={"steps": steps}),)


def _statistic(kind: str, size: float, sizes: np.ndarray) -> float:
    """The value of a metric, from the smallest perturbation (n,) of each image."""
    if kind == "mean":
        return float(sizes.mean())
    if kind == "left":
        return 100 * float((sizes > size).mean())
    counted = sizes[sizes > 0] if kind == "right" else sizes
    return float(np.median(counted)) if len(counted) else 0.0


def _largest(norm: str, pixels: int) -> float:
    """Of all perturbations of so many pixels from 0 to 1 the largest."""
    return {"l0": pixels, "l1": pixels, "l2": pixels**0.5, "linf": 1.0}[norm]


def _left(model: Model, images: Tensor, labels: Tensor, eps: float, *, seed: int) -> float:
    attack, left = named_attack("autoattack_linf"), 0
    for number, (x, y) in enumerate(zip(images.split(BATCH), labels.split(BATCH), strict=True)):
        left += int((~attack(model, x, y, eps, seed=seed + number).success).sum())
    return 100 * left / len(images)
