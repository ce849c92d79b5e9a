"""The original's largest task: half of the classes, then the other half, then sleep."""

from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.sleep import two_tasks_run
from helpers.experiments.sleep.two_tasks_run import ACCURACIES, NETWORKS
from helpers.profiles import Profile

SEEDS = (0, 1, 2)
#: Number of classes of each data set.
CLASSES = {"cub200_resnet50": 200, "cifar100_gray_squeezenet": 100, "digits": 10}
#: Images of each class, to train and to test on. CIFAR-100 has 500 and 100; fewer of them keep the
#: features within ten minutes of a processor core. Of the birds, about as many as each class has.
PER_CLASS = {"cub200_resnet50": (29, 10), "cifar100_gray_squeezenet": (100, 20), "digits": (40, 10)}
SUBSTITUTE = "cifar100_gray_squeezenet"


def two_tasks_config(
    network: str, *, seed: int = 0, dataset: str = SUBSTITUTE, **change: object
) -> Config:
    """The configuration of one network."""
    train, test = PER_CLASS[dataset]
    config = {"network": network, "seed": seed, "dataset": dataset, "hidden": "350-300"}
    counts = {"train_per_class": train, "test_per_class": test, "sleep_images": 27_105}
    return {**config, **counts, **change}


def grid(profile: Profile) -> list[Config]:
    """All networks at three seeds on the substitute; at `paper` the birds as well, behind it.

    The birds' features are a file of the user's own; without it their runs end with an error.
    """
    if profile == "smoke":
        small = {"dataset": "digits", "hidden": "60-40", "sleep_images": 500}
        return [two_tasks_config(network, **small) for network in NETWORKS]  # type: ignore[arg-type]
    datasets = (SUBSTITUTE, "cub200_resnet50") if profile == "paper" else (SUBSTITUTE,)
    return [
        two_tasks_config(network, seed=seed, dataset=dataset)
        for dataset in datasets
        for seed in SEEDS
        for network in NETWORKS
    ]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Accuracies on each task and on both; of a network that has slept also those before."""
    half = CLASSES[config["dataset"]] // 2 * config["test_per_class"]
    wanted = {name: 2 * half if name == "both_acc" else half for name in ACCURACIES}
    if config["network"] == "sleep":
        wanted |= {f"awake_{name}": n for name, n in wanted.items()}
        wanted |= dict.fromkeys((f"fired_{layer}" for layer in range(4)), 2 * half)
    return wanted


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores; the first run of all computes the features too."""
    return 1.0


SLEEP_TWO_TASKS = Experiment(
    name="sleep/two_tasks",
    summary="Sleep after two tasks, one after the other: what is left of the first",
    grid=grid,
    metrics=metrics,
    run=two_tasks_run.run,
    minutes=minutes,
    module=two_tasks_run.__name__,
)
