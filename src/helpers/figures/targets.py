"""How each network of part II looks in a figure: green for the brain, grey for what replaces it."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.checks import check_choice
from helpers.experiments.neural_similarity.noise import PAPER, SCALED, similarity_config
from helpers.experiments.neural_similarity.targets import VGG
from helpers.figures.levels import Series
from helpers.figures.style import BASELINE, INK, NEURAL_SIMILARITY

#: By target its label, colour, marker and line.
LOOKS: Mapping[str, tuple[str, str, str, Any]] = {
    "none": ("none", BASELINE, "o", "--"),
    "shuffle": ("shuffle", BASELINE, "v", (0, (1, 1.2))),
    "neural_model": ("neural (model)", NEURAL_SIMILARITY, "o", "-"),
    "neural_data": ("neural (data)", NEURAL_SIMILARITY, "D", ":"),
    "features": ("pretrained features", BASELINE, "s", (0, (5, 1.2))),
    "pixels": ("pixels", INK, "^", "-"),
    "pixels_thresholded": ("pixels, thresholded", INK, "P", (0, (3, 1, 1, 1))),
    "blur": ("blur front end", INK, "X", ":"),
}
#: The same for what asks about thresholded pixels.
CONTROL_LOOKS: Mapping[str, tuple[str, str, str, Any]] = {
    "neural_model_thresholded": ("neural (model), thresholded", NEURAL_SIMILARITY, "P", "-"),
    "uncorrelated": ("all apart", BASELINE, "P", ":"),
}
#: The same for the paper's own network for features, at the paper's scale only.
VGG_LOOKS: Mapping[str, tuple[str, str, str, Any]] = {
    VGG: ("VGG-19 features", BASELINE, "D", (0, (5, 1.2))),
}
#: The same for models of simulated neurons, of one seed.
SIMULATED_LOOKS: Mapping[str, tuple[str, str, str, Any]] = {
    "simulated_scan": ("one simulated scan", NEURAL_SIMILARITY, "v", "--"),
    "simulated_average": ("mean of eight simulated scans", NEURAL_SIMILARITY, "^", "--"),
}
#: The two scales at which networks are trained.
SCALES: Mapping[str, Mapping[str, Any]] = {"scaled": SCALED, "paper": PAPER}


def label_of(target: str) -> str:
    """The name of a target in figures and tables.

    Raises:
        ValueError: it is unknown.
    """
    return look_of(target)[0]


def fields_of(target: str, scale: str = "scaled", **change: Any) -> dict[str, Any]:
    """The fields, all but the seed, that the records of a target have at a scale.

    Args:
        target: one that has a look above.
        scale: "scaled" or "paper".
        change: other fields, such as ``dataset="cifar100_gray", depth=34``.

    Raises:
        ValueError: `target` or `scale` is unknown.
    """
    label_of(target)
    check_choice("scale", scale, SCALES)
    config = dict(similarity_config(target, scale=dict(SCALES[scale]), **change))
    del config["seed"]
    return config


def target_series(targets: Iterable[str], scale: str = "scaled", **change: Any) -> list[Series]:
    """The series of some targets, each in its look; see :func:`fields_of`."""
    return [
        Series(label_of(target), fields_of(target, scale, **change), *look_of(target)[1:])
        for target in targets
    ]


def look_of(target: str) -> tuple[str, str, str, Any]:
    """The label, colour, marker and line of a target.

    Raises:
        ValueError: it is unknown.
    """
    known = {**LOOKS, **CONTROL_LOOKS, **VGG_LOOKS, **SIMULATED_LOOKS}
    return known[check_choice("target", target, known)]
