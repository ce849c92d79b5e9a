"""One network that knows four patches, on noisy and blurred copies of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import torch

from helpers.checks import check_choice
from helpers.evaluation.corrupted_once import corrupted_once
from helpers.evaluation.corruptions import Corruption, accuracy_corrupted
from helpers.experiments.experiment import Config, Workplace
from helpers.experiments.sleep.fired import fired
from helpers.sleep.control import ControlRecipe, train_control, train_further
from helpers.sleep.parameters import ORIGINAL
from helpers.sleep.patches import PATCHES, patches
from helpers.sleep.repeated import repeated
from helpers.sleep.sleep import sleep
from helpers.training.accuracy import accuracy

NETWORKS = ("control", "sleep", "finetune_noise")
#: Standard deviations of the noise, tested and retrained on.
NOISE_STD = (0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0)
#: The original's training where it can be. It is not known for patches: four images are one batch,
#: and 300 passes bring every score near its target. Without the ReLU of the original's outputs:
#: with it, in about every third network one output never wakes up.
RECIPE = ControlRecipe(
    images=PATCHES, batch=PATCHES, epochs=300, hidden=(100,), dropout=(0.2,), relu_output=False
)
#: The original's sleep, gated and normalised on the data. Its thresholds belong to its networks of
#: three layers on MNIST: in these of two, under the first and the last of them, the outputs never
#: fire. They are halved by :func:`helpers.sleep.firing.halvings` on the control of overlap 6 and
#: seed 0, which looks at spikes alone and never at an accuracy: four times each.
PATCHES_SLEEP = replace(
    ORIGINAL, thresholds=(ORIGINAL.thresholds[0] / 16, ORIGINAL.thresholds[2] / 16)
)
#: Of the networks retrained on noisy copies: copies of each image, and passes over them.
COPIES = 250
PASSES = 2


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train on the four images, sleep or train on, and measure.

    Besides accuracies there are, of a network that has slept, ``fired_<layer>``: percent of its
    cells that fire in a step, 0 for the inputs.

    Raises:
        ValueError: `config` names no network, or a metric is unknown or asks for a number of images
            that is no multiple of four.
    """
    check_choice("network", config["network"], NETWORKS)
    images = patches(config["width"], config["overlap"], config["seed"]).to(work.device)
    labels = torch.arange(PATCHES, device=work.device)
    recipe = replace(RECIPE, hidden=(config["hidden"],))
    work.say("training")
    network = train_control(recipe, images, labels, classes=PATCHES, seed=config["seed"])
    slept = None
    if config["network"] == "sleep":
        shown = repeated(images, config["sleep_images"], seed=config["seed"])
        parameters = replace(PATCHES_SLEEP, images=len(shown))
        slept = sleep(network, shown, parameters, reference=images, seed=config["seed"])
        network = slept.network
    if config["network"] == "finetune_noise":
        copies, answers = images.repeat(COPIES, 1, 1, 1), labels.repeat(COPIES)
        train_further(
            network,
            recipe,
            # Other random numbers than those of the noise that is tested on.
            corrupted_once(copies, "noise_std", NOISE_STD, seed=1000 + config["seed"]),
            answers,
            learning_rate=recipe.learning_rate,
            epochs=PASSES,
            seed=config["seed"],
        )
    for metric, n in wanted.items():
        if n % PATCHES:
            raise ValueError(f"{metric} asks for {n} images; it may be a multiple of {PATCHES}")
        x, y = images.repeat(n // PATCHES, 1, 1, 1), labels.repeat(n // PATCHES)
        if metric.startswith("fired"):
            yield metric, fired(metric, slept)
        elif metric == "test_acc":
            yield metric, accuracy(network, x, y)
        else:
            seed = config["seed"]
            yield metric, accuracy_corrupted(Corruption.parse(metric), network, x, y, seed=seed)
