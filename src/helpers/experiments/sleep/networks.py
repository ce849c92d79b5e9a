"""The networks of part III: a control, what sleep makes of it, and what it is compared with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import torch
from torch import Tensor, nn

from helpers.checks import check_choice
from helpers.data import Dataset, as_float
from helpers.evaluation.corrupted_once import corrupted_once
from helpers.evaluation.corruptions import REPRODUCTION_BLUR, SLEEP_NOISE_VAR
from helpers.experiments.experiment import Config, load_named
from helpers.models.report_cnn import ReportCNN
from helpers.models.tempered import Tempered
from helpers.seeding import seeded_torch
from helpers.sleep.control import (
    ORIGINAL_CONTROL,
    REPRODUCTION_CONTROL,
    ControlRecipe,
    train_control,
    train_further,
)
from helpers.sleep.distillation import TEMPERATURE, distilled, own_outputs
from helpers.sleep.network import SleepNetwork
from helpers.sleep.parameters import (
    ORIGINAL,
    ORIGINAL_FOR_MINIMAL,
    REPRODUCTION,
    SleepParameters,
)
from helpers.sleep.pruning import changed_cells, most_active_cells, pruned
from helpers.sleep.shifts import shifted
from helpers.sleep.sleep import Slept, sleep
from helpers.training.classifier import train_classifier

RECIPES: Mapping[str, ControlRecipe] = {
    "original": ORIGINAL_CONTROL,
    "reproduction": REPRODUCTION_CONTROL,
}
#: How each network that has slept did so, by recipe.
SLEEPS: Mapping[str, Mapping[str, SleepParameters]] = {
    "original": {"sleep": ORIGINAL, "sleep_minimal": ORIGINAL_FOR_MINIMAL},
    "reproduction": {"sleep": REPRODUCTION},
}
#: Learning rate of the reproduction's fine-tuning; the original's is not known.
FINE_TUNING = 0.05


@dataclass(frozen=True)
class Trained:
    """One network, and its sleep where it has slept."""

    network: nn.Module
    slept: Slept | None = None
    before: SleepNetwork | None = None


def recipe_of(config: Config) -> ControlRecipe:
    """How the networks of `config` are built and trained."""
    check_choice("recipe", config["recipe"], RECIPES)
    recipe = RECIPES[config["recipe"]]
    return replace(recipe, images=config["images"], hidden=(config["hidden"],) * 2)


@lru_cache(maxsize=4)
def control(recipe: ControlRecipe, seed: int, dataset: str, device: torch.device) -> SleepNetwork:
    """The trained control, kept for the runs of this process that begin with it.

    Raises:
        StandInError: the data are not there.
    """
    data = load_named(dataset, device)
    images = as_float(data.train_images)
    return train_control(recipe, images, data.train_labels, classes=len(data.classes), seed=seed)


def network_of(config: Config, device: torch.device) -> Trained:
    """The network that `config` names.

    Raises:
        StandInError: the data named in `config` are not there.
        ValueError: `config` names no network of its recipe.
    """
    data = load_named(config["dataset"], device)
    recipe = recipe_of(config)
    # The reproduction's training noise is taken to be made as its test noise is.
    noise = "noise_uint8" if config["recipe"] == "reproduction" else "noise_var"
    makers: dict[str, Callable[..., Trained]] = {
        "control": _itself,
        "finetune_blur": partial(_fine_tuned, kind="blur", levels=REPRODUCTION_BLUR),
        "finetune_noise": partial(_fine_tuned, kind=noise, levels=SLEEP_NOISE_VAR),
        "longer": _longer,
        **dict.fromkeys(SLEEPS[config["recipe"]], _slept),
    }
    rivals: dict[str, Callable[..., Trained]] = {
        "distilled": _distilled,
        "own_outputs": _own_outputs,
        "shifted": partial(_shifted, kind="mean"),
        "shifted_rows": partial(_shifted, kind="rows"),
        "shuffled": partial(_shifted, kind="shuffled"),
        "pruned": partial(_pruned, chosen="changed"),
        "pruned_active": partial(_pruned, chosen="active"),
        "pruned_random": partial(_pruned, chosen="random"),
    }
    makers |= rivals if config["recipe"] == "original" else {"tempered": _tempered}
    check_choice("network", config["network"], makers)
    start = control(recipe, config["seed"], config["dataset"], device)
    return makers[config["network"]](start, recipe, data, config)


def fine_tuned(
    start: SleepNetwork,
    recipe: ControlRecipe,
    images: Tensor,
    labels: Tensor,
    kind: str,
    levels: Sequence[float],
    *,
    learning_rate: float,
    epochs: int | None = None,
    seed: int,
) -> SleepNetwork:
    """A copy of the control `start`, trained further on distorted `images` (n, ...).

    Args:
        start: stays as it is.
        recipe: how `start` was trained.
        images: in [0, 1]; each is distorted once, at one of the levels.
        labels: (n,).
        kind: of the distortion, see :func:`corrupted_once`.
        levels: of the distortion; 0 leaves an image as it is.
        learning_rate: instead of the recipe's.
        epochs: instead of the recipe's.
        seed: of the distortions and of the training.

    Raises:
        ValueError: there is no such distortion, or training refuses something.
    """
    network = recipe.network(start.sizes[0], start.sizes[-1]).to(images.device)
    network.load_state_dict(start.state_dict())
    distorted = corrupted_once(images, kind, levels, seed=seed)
    return train_further(
        network, recipe, distorted, labels, learning_rate=learning_rate, epochs=epochs, seed=seed
    )


def _images(data: Dataset, recipe: ControlRecipe) -> tuple[Tensor, Tensor]:
    return as_float(data.train_images[: recipe.images]), data.train_labels[: recipe.images]


def _itself(start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config) -> Trained:
    return Trained(start)


def _slept(start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config) -> Trained:
    parameters = SLEEPS[config["recipe"]][config["network"]]
    found = sleep(
        start,
        _images(data, recipe)[0],
        replace(parameters, images=config["sleep_images"]),
        seed=config["seed"],
    )
    return Trained(found.network, found, start)


def _shifted(
    start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config, *, kind: str
) -> Trained:
    after = _slept(start, recipe, data, {**config, "network": "sleep"}).network
    assert isinstance(after, SleepNetwork)
    return Trained(shifted(start, after, kind, seed=config["seed"]))  # type: ignore[arg-type]


def _pruned(
    start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config, *, chosen: str
) -> Trained:
    """The control without as many cells as sleep changed: those, the most active, or any."""
    after = _slept(start, recipe, data, {**config, "network": "sleep"}).network
    assert isinstance(after, SleepNetwork)
    cells = changed_cells(start, after)
    if chosen == "active":
        cells = most_active_cells(start, _images(data, recipe)[0], int(cells.sum()))
    elif chosen == "random":
        order = torch.randperm(len(cells), generator=torch.Generator().manual_seed(config["seed"]))
        cells = cells[order.to(cells.device)]
    return Trained(pruned(start, cells))


def _longer(start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config) -> Trained:
    """As long as the fine-tuned ones, on clean images."""
    return _fine_tuned(start, recipe, data, config, kind="blur", levels=(0.0,))


def _fine_tuned(
    start: SleepNetwork,
    recipe: ControlRecipe,
    data: Dataset,
    config: Config,
    *,
    kind: str,
    levels: tuple[float, ...],
) -> Trained:
    images, labels = _images(data, recipe)
    settings = {"learning_rate": FINE_TUNING, "seed": config["seed"]}
    return Trained(fine_tuned(start, recipe, images, labels, kind, levels, **settings))


def _distilled(
    start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config
) -> Trained:
    images, labels = _images(data, recipe)
    return Trained(
        distilled(recipe, images, labels, classes=len(data.classes), seed=config["seed"])
    )


def _own_outputs(
    start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config
) -> Trained:
    return Trained(own_outputs(start, recipe, _images(data, recipe)[0], seed=config["seed"]))


def _tempered(start: SleepNetwork, recipe: ControlRecipe, data: Dataset, config: Config) -> Trained:
    """The report's "defensive distillation": a network whose scores are divided by 50."""
    images, labels = _images(data, recipe)
    with seeded_torch(config["seed"]):
        network = ReportCNN(len(data.classes)).to(images.device)
    train_classifier(
        network,
        images,
        labels,
        classes=len(data.classes),
        epochs=recipe.epochs,
        batch=recipe.batch,
        optimizer=partial(torch.optim.SGD, lr=recipe.learning_rate, momentum=recipe.momentum),
        seed=config["seed"],
    )
    return Trained(Tempered(network, TEMPERATURE).eval())
