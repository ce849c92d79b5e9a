"""Tables 2, 6 and 7 of the cerebellum paper: width, depression and sparseness on MNIST."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from helpers import cerebellum
from helpers.data import Dataset, as_float
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.experiments.experiment import Config, Experiment, Workplace, load_named
from helpers.models import BaselineCNN
from helpers.profiles import Profile
from helpers.training import accuracy, train_classifier

#: (k, m) of the randomly connected rows: m = 4.8 million synapses / (k + 2 classes), as printed.
SPARSE_ROWS = (
    (784, 5970),
    (200, 21818),
    (50, 68571),
    (10, 160000),
    (4, 200000),
    (2, 218182),
    (1, 228571),
)
#: Widths of the fully connected rows; 5970 is the "Base" of Table 2.
WIDTHS = (1000, 2000, 5000, 5970, 10000, 20000, 50000, 100000, 200000)
#: The paper's seeds.
SEEDS = (0, 123)
#: More seeds for the smaller models, to test what the paper says of standard deviations.
MORE_SEEDS = (1, 2, 3)
BETA = 0.99


def cerebellum_config(
    granule: str,
    k: int,
    m: int,
    *,
    ltd: bool,
    batch: int = 50,
    seed: int = 0,
    epochs: int = 10,
    dataset: str = "mnist",
) -> Config:
    """The configuration of one cerebellum."""
    return {
        "model": "cerebellum",
        "granule": granule,
        "k": k,
        "m": m,
        "ltd": ltd,
        "beta": BETA if ltd else None,
        "batch": batch,
        "epochs": epochs,
        "seed": seed,
        "dataset": dataset,
    }


def cnn_config(*, seed: int = 0, epochs: int = 10, dataset: str = "mnist") -> Config:
    """The configuration of one baseline network."""
    return {"model": "cnn", "batch": 50, "epochs": epochs, "seed": seed, "dataset": dataset}


def grid(profile: Profile) -> list[Config]:
    """The paper's rows; at `laptop` those that take minutes, at `smoke` small ones on digits.

    Rows at `laptop` are run exactly as at `paper`: they are cheap enough.
    """
    if profile == "smoke":
        return [
            cerebellum_config(granule, k, 100, ltd=ltd, epochs=2, dataset="digits")
            for granule, k in (("fc", 784), ("rc", 4))
            for ltd in (False, True)
        ]
    configs = []
    for seed in SEEDS + MORE_SEEDS:
        if seed in SEEDS:
            configs.append(cnn_config(seed=seed))
        for batch in (50, 1):
            for granule, k, m in [("fc", 784, m) for m in WIDTHS] + [
                ("rc", k, m) for k, m in SPARSE_ROWS
            ]:
                if seed in SEEDS or m <= 5970:
                    configs += [
                        cerebellum_config(granule, k, m, ltd=ltd, batch=batch, seed=seed)
                        for ltd in (False, True)
                    ]
    if profile == "laptop":
        configs = [
            config
            for config in configs
            if config["seed"] in SEEDS and config["batch"] == 50 and config.get("m", 0) <= 5970
        ]
    order = {seed: place for place, seed in enumerate(SEEDS + MORE_SEEDS)}
    # The paper's seeds in turn; within one, batch 50 before batch 1 and cheap before dear.
    return sorted(configs, key=lambda c: (order[c["seed"]], -c["batch"], minutes(c)))


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """The paper's attacks on all test images, the second opinions on the first 2,000."""
    if profile == "smoke":
        return {"test_acc": 500, "fgsm_mse_0.1": 100, "pgd_mse_0.1_step0.05_steps5": 100}
    every, some = 10_000, 2_000
    wanted = {"test_acc": every, "test_acc_last": every}
    for loss in ("mse", "cross_entropy") if config["model"] == "cnn" else ("mse",):
        wanted |= {
            f"{attack}_{loss}_{eps}": every for attack in ("fgsm", "pgd") for eps in (0.1, 0.3)
        }
    for loss in ("margin", "cross_entropy"):
        wanted |= {
            f"pgd_{loss}_{eps}": some for eps in (0.1, 0.3) if f"pgd_{loss}_{eps}" not in wanted
        }
    if config["seed"] == 0:
        for loss in ("mse", "margin"):
            wanted |= {f"pgd_{loss}_{eps}": some for eps in (0.05, 0.15, 0.2, 0.25)}
    if (config.get("granule"), config.get("m")) in (("fc", 1000), ("rc", 200000)):
        wanted |= {f"pgd_mse_{eps}_step0.1": every for eps in (0.1, 0.3)}
    return wanted


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one model, or take it from its checkpoint, and measure it.

    Raises:
        StandInError: the data named in `config` is not there.
        ValueError: the data has fewer test images than a metric asks for.
    """
    data = load_named(config["dataset"], work.device)
    images, labels = as_float(data.test_images), data.test_labels
    trained = train_cnn if config["model"] == "cnn" else train_cerebellum
    model, history = trained(config, data, work)
    yield "test_acc", max(history)
    yield "test_acc_last", history[-1]
    for metric, n in wanted.items():
        if metric.startswith("test_acc"):
            continue
        if n > len(images):
            raise ValueError(f"{metric} asks for {n} images; {data.name} has {len(images)}")
        work.say(metric)
        yield metric, accuracy_under(AttackSetting.parse(metric), model, images[:n], labels[:n])


def train_cerebellum(
    config: Config, data: Dataset, work: Workplace
) -> tuple[nn.Module, list[float]]:
    """The trained cerebellum of `config` and its test accuracy after each epoch."""
    model = cerebellum.build(
        d=data.train_images[0].numel(),
        m=config["m"],
        k=None if config["granule"] == "fc" else config["k"],
        beta=config["beta"],
        classes=len(data.classes),
        seed=config["seed"],
    ).to(work.device)
    history = cerebellum.train(
        model,
        as_float(data.train_images),
        data.train_labels,
        as_float(data.test_images),
        data.test_labels,
        batch=config["batch"],
        epochs=config["epochs"],
        seed=config["seed"],
        checkpoint=work.folder / "training.npz",
        on_epoch=lambda epoch: work.say(f"epoch {epoch.number}: {epoch.test_acc:.2f} %"),
    )
    return model, [epoch.test_acc for epoch in history]


def train_cnn(config: Config, data: Dataset, work: Workplace) -> tuple[nn.Module, list[float]]:
    """The trained baseline of `config` and its test accuracy; the last epoch counts."""
    torch.manual_seed(config["seed"])
    model = BaselineCNN(len(data.classes)).to(work.device)
    checkpoint = work.folder / "cnn.pt"
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint, weights_only=True, map_location=work.device))
        model.eval()
    else:
        images: Tensor = as_float(data.train_images)
        train_classifier(
            model,
            images,
            data.train_labels,
            epochs=config["epochs"],
            batch=config["batch"],
            seed=config["seed"],
            on_epoch=lambda number, loss: work.say(f"epoch {number}: loss {loss:.4f}"),
        )
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        torch.save(model.state_dict(), checkpoint)
    return model, [accuracy(model, as_float(data.test_images), data.test_labels)]


def minutes(config: Config) -> float:
    """Rough cost on two cores, from the number of products per image."""
    if config["model"] == "cnn":
        return 40.0
    return config["m"] * config["k"] / 1e6


CEREBELLUM_MNIST = Experiment(
    name="cerebellum/mnist",
    summary="Tables 2, 6 and 7 of the cerebellum paper: width, depression, sparseness on MNIST",
    grid=grid,
    metrics=metrics,
    run=run,
    minutes=minutes,
    module=__name__,
)
