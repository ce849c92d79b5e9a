"""The smallest perturbations that attacks find of one network of part II."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from torch import Tensor

from helpers.attacks import Model, named_attack
from helpers.data import as_float
from helpers.evaluation.metric_numbers import NUMBER, read_number
from helpers.evaluation.minimal import Try, minimal_norms
from helpers.evaluation.smallest import MinimalNorms
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.neural_similarity.networks import trained
from helpers.experiments.neural_similarity.searches import searches_of

#: Images that AutoAttack takes at a time.
BATCH = 100


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network, or take it from an earlier run, and attack it.

    ``linf_median`` and ``l2_median`` are medians over images of the smallest perturbation that
    :meth:`Searches.figure_5` finds, ``..._median_right`` over the images that are right as they
    are, and ``..._left_<size>`` the percentage of images that nothing up to that size breaks;
    ``..._median_<n>`` are medians of :meth:`Searches.decline` with n steps, ``cw_l2_median`` is
    that of :meth:`Searches.carlini_wagner`, ``<norm>_mean`` means over images of the smallest that
    :meth:`Searches.figure_7` finds. An image that is wrong as it is counts with 0, one that nothing
    breaks with the largest perturbation there is.
    ``autoattack_linf_<eps>`` is the accuracy in percent that AutoAttack leaves.

    Raises:
        StandInError: the data that `config` names are not there.
        ValueError: a metric is unknown, or asks for more images than there are.
    """
    data = load_named(config["dataset"], work.device)
    for metric, n in wanted.items():
        _parsed(metric)  # before the training that a mistake would waste
        check_enough(metric, n, data.test_images)
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
            tries, repetitions = _tries(config, kind, norm, int(number))
            held[name, n] = minimal_norms(
                model,
                images,
                labels,
                tries,
                repetitions=repetitions,
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
    if metric == "cw_l2_median":
        return "cw", "l2", 0
    if found := re.fullmatch(r"(l0|l1|l2|linf)_mean", metric):
        return "mean", found[1], 0
    kinds = rf"median|median_right|median_(\d+)|left_({NUMBER})"
    if found := re.fullmatch(rf"(linf|l2)_({kinds})", metric):
        kind = "decline" if found[3] else found[2].removeprefix("median_").partition("_")[0]
        return kind, found[1], read_number(found[3] or found[4] or "0")
    raise ValueError(
        f"metric is {metric!r}; it may be linf_median or l2_median, either with _right or _<steps> "
        "behind it, linf_left_<size>, l2_left_<size>, cw_l2_median, l0_mean, l1_mean, l2_mean, "
        "linf_mean or autoattack_linf_<eps>"
    )


def _search(kind: str, norm: str, number: float) -> str:
    """The name of the search that a metric is read from; metrics of one name share it."""
    if kind in ("mean", "cw"):
        return {"mean": "figure_7", "cw": "carlini_wagner"}[kind]
    return f"decline_{norm}_{number:g}" if kind == "decline" else f"figure_5_{norm}"


def _tries(config: Config, kind: str, norm: str, steps: int) -> tuple[tuple[Try, ...], int]:
    """What looks for the perturbations of a metric, and how often."""
    searches = searches_of(config)
    if kind == "mean":
        return searches.figure_7(), searches.repetitions
    if kind == "cw":
        return searches.carlini_wagner(), 1
    return searches.decline(norm, steps) if kind == "decline" else searches.figure_5(norm), 1


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
