"""One try of the tuner of part III: a defence with drawn settings, judged on validation images."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from torch import Tensor

from helpers.data import as_float
from helpers.evaluation.corruptions import REPRODUCTION_BLUR, SLEEP_NOISE_VAR
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.sleep.mnist_run import measured
from helpers.experiments.sleep.networks import Trained, control, fine_tuned
from helpers.sleep.control import ORIGINAL_CONTROL, ControlRecipe
from helpers.sleep.distillation import distilled, own_outputs
from helpers.sleep.network import SleepNetwork
from helpers.sleep.parameters import ORIGINAL, SleepParameters
from helpers.sleep.sleep import sleep

#: What the tuner wants to be large: the mean of these, in percent.
#: The attack climbs the margin, which no scale of the scores can hide.
OBJECTIVE = ("test_acc", "blur_2", "noise_var_0.5", "fgsm_margin_0.1")


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one defence and measure it; ``objective`` is the mean of :data:`OBJECTIVE`.

    On the split "validation" the images are the last 10,000 training images of MNIST, which no
    network of the original's recipe learns from; on "test" they are the test images.

    Raises:
        StandInError: the data named in `config` are not there.
        ValueError: a metric or a defence is unknown.
    """
    data = load_named(config["dataset"], work.device)
    recipe = replace(ORIGINAL_CONTROL, images=config["images"], hidden=(config["hidden"],) * 2)
    work.say("training")
    start = control(recipe, config["seed"], config["dataset"], work.device)
    seen = as_float(data.train_images[: recipe.images])
    network = _defended(config, recipe, start, seen, data.train_labels[: recipe.images])
    if config["split"] == "validation":
        images, labels = data.train_images[recipe.images :], data.train_labels[recipe.images :]
    elif config["split"] == "test":
        images, labels = data.test_images, data.test_labels
    else:
        raise ValueError(f"split is {config['split']!r}; it may be validation or test")
    known: dict[str, float] = {}
    for metric, n in sorted(wanted.items(), key=lambda item: item[0] == "objective"):
        for name in OBJECTIVE if metric == "objective" else (metric,):
            if name not in known:
                work.say(name)
                first = as_float(check_enough(name, n, images)), labels[:n]
                known[name] = measured(name, Trained(network), *first, seed=config["seed"])
        if metric == "objective":
            known[metric] = sum(known[name] for name in OBJECTIVE) / len(OBJECTIVE)
        yield metric, known[metric]


def parameters_of(config: Config) -> SleepParameters:
    """The sleep that a try of the defence "sleep" has drawn."""
    return replace(
        ORIGINAL,
        images=config["sleep_images"],
        thresholds=(config["beta_1"], config["beta_2"], config["beta_3"]),
        spike_probability=config["spike_probability"],
        potentiation=config["potentiation"],
        depression=config["depression"],
        gated=config["gated"],
    )


def _defended(
    config: Config, recipe: ControlRecipe, start: SleepNetwork, images: Tensor, labels: Tensor
) -> SleepNetwork:
    defence, seed = config["defence"], config["seed"]
    if defence == "control":
        return start
    if defence == "sleep":
        return sleep(start, images, parameters_of(config), seed=seed).network
    if defence in ("longer", "finetune_blur", "finetune_noise"):
        kind, levels = {
            "longer": ("blur", (0.0,)),  # the clean images
            "finetune_blur": ("blur", REPRODUCTION_BLUR),
            "finetune_noise": ("noise_var", SLEEP_NOISE_VAR),
        }[defence]
        return fine_tuned(
            start,
            recipe,
            images,
            labels,
            kind,
            levels,
            learning_rate=config["learning_rate"],
            epochs=config["epochs"],
            seed=seed,
        )
    if defence == "distilled":
        return distilled(
            recipe,
            images,
            labels,
            temperature=config["temperature"],
            learning_rate=config["learning_rate"] * config["temperature"],
            epochs=config["epochs"],
            classes=start.sizes[-1],
            seed=seed,
        )
    if defence == "own_outputs":
        return own_outputs(
            start,
            recipe,
            images,
            learning_rate=config["learning_rate"],
            epochs=config["epochs"],
            seed=seed,
        )
    raise ValueError(
        f"defence is {defence!r}; it may be control, sleep, longer, finetune_blur, "
        "finetune_noise, distilled or own_outputs"
    )
