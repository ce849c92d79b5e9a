"""Tables 2, 6 and 7 of the cerebellum paper: width, depression and sparseness on MNIST."""

from helpers.cerebellum.granule import is_dense
from helpers.experiments.cerebellum import mnist_run
from helpers.experiments.experiment import Config, Experiment
from helpers.profiles import Profile

#: (k, m) of the randomly connected rows: m = 4.8 million synapses / (k + 2 c), c = 10, as printed.
SPARSE_ROWS = (
    (784, 5970),
    (200, 21818),
    (50, 68571),
    (10, 160000),
    (4, 200000),
    (2, 218182),
    (1, 228571),
)
#: More rows that only the authors' notebook has, at batch 1 with LTD.
UNPUBLISHED_ROWS = ((400, 11429), (100, 40000), (20, 120000))
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
        if seed in SEEDS:
            configs += [
                cerebellum_config("rc", k, m, ltd=True, batch=1, seed=seed)
                for k, m in UNPUBLISHED_ROWS
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


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, from the number of operations.

    The rates are those that `benchmarks/` measures: about 180 billion operations a second in dense
    products, 100 in the sparse kernels, 250 million readout synapses a second at batch 1.
    """
    if config["model"] == "cnn":
        return 40.0
    dense = is_dense(config["k"], 784)
    forward = config["m"] * (2 * (784 if dense else config["k"]) + 20)  # of one image
    backward = forward if dense else 2 * forward
    attacked = sum(n for name, n in metrics(config, "paper").items() if name.startswith("pgd"))
    trained = 60_000 * config["epochs"]
    operations = (2 * trained * forward) + attacked * 40 * (forward + backward)
    seconds = operations / (180e9 if dense else 100e9)
    if config["batch"] == 1:
        seconds += trained * 10 * config["m"] / 2.5e9
    return seconds / 60


CEREBELLUM_MNIST = Experiment(
    name="cerebellum/mnist",
    summary="Tables 2, 6 and 7 of the cerebellum paper: width, depression, sparseness on MNIST",
    grid=grid,
    metrics=metrics,
    run=mnist_run.run,
    minutes=minutes,
    module=mnist_run.__name__,  # the grid may change without making a record stale
)
