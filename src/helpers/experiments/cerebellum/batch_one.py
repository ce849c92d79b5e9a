"""Appendix C of the cerebellum paper: what makes a model trained on single images robust."""

from helpers.experiments.cerebellum import batch_one_run
from helpers.experiments.cerebellum.batch_one_run import EXACT, FIXED, LEARNED, MOVING
from helpers.experiments.cerebellum.mnist import BETA, MORE_SEEDS, SEEDS, cerebellum_config
from helpers.experiments.experiment import Config, Experiment
from helpers.profiles import Profile

#: (granule, k, m) of the models that are taken apart: the paper's narrowest and its "Cerebellum".
MODELS = (("fc", 784, 1000), ("rc", 4, 200_000))
#: The fields of their records, by the names that pages give them.
MODEL_ROWS = {
    f"{granule.upper()} + LTD, {'' if granule == 'fc' else f'k = {k}, '}m = {m:,}": {
        "granule": granule,
        "m": m,
    }
    for granule, k, m in MODELS
}
#: Fields of the runs that train as the paper does.
AS_IN_PAPER = {"bias": "none", "average": MOVING, "beta": BETA}
BATCHES = (1, 2, 5, 10, 20, 50)
#: At batch 1 a memory of as many images as beta = .99 has at batch 50.
LONG_BETA = round(BETA ** (1 / 50), 6)
#: Steps of the attack at which its climb is looked at.
CLIMB = (0, 1, 2, 5, 10, 20, 40)


def variants(granule: str, k: int, m: int, seed: int, **change: object) -> list[Config]:
    """The configurations of one model and seed, most telling first."""

    def one(batch: int, *, ltd: bool = True, **more: object) -> Config:
        config = cerebellum_config(granule, k, m, ltd=ltd, batch=batch, seed=seed)
        return {**config, "bias": "none", "average": MOVING, **more, **change}

    return [
        one(1),
        one(50),
        one(1, ltd=False),
        one(1, bias=FIXED),
        one(1, bias=LEARNED),
        one(1, average=EXACT, beta=None),
        one(1, beta=LONG_BETA),
        *(one(batch) for batch in reversed(BATCHES[1:-1])),
        one(50, ltd=False),
        one(50, bias=FIXED),
    ]


def grid(profile: Profile) -> list[Config]:
    """Every variant of both models; at `laptop` of the small one, at `smoke` on digits."""
    if profile == "smoke":
        return variants("fc", 784, 100, 0, epochs=2, dataset="digits")[:4]
    small, large = MODELS
    if profile == "laptop":
        return variants(*small, 0)
    return [
        *variants(*small, 0),
        *variants(*large, 0),
        *(config for seed in SEEDS[1:] + MORE_SEEDS for config in variants(*small, seed)),
        *variants(*large, SEEDS[1]),
    ]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """The paper's attack and two others, with and without the common mode, and its growth."""
    every, some, few = (500, 100, 50) if profile == "smoke" else (10_000, 2_000, 500)
    wanted = {"test_acc": every, "test_acc_last": every, "test_acc_centred": every}
    wanted |= {"common_share": every}
    for eps in (0.1, 0.3):
        for attack in ("fgsm_mse", "pgd_mse", "pgd_cross_entropy", "pgd_margin"):
            wanted |= {f"{attack}_{eps}": some, f"{attack}_{eps}_centred": some}
    for epoch in range(config["epochs"] + 1):
        wanted |= {f"common_share_epoch{epoch}": every, f"test_acc_epoch{epoch}": every}
        wanted |= {f"pgd_{loss}_0.1_epoch{epoch}": few for loss in ("mse", "margin")}
    for loss in ("mse", "margin"):
        for steps in CLIMB:
            wanted |= {f"climb_{loss}_{what}_{steps}": few for what in ("sum", "margin")}
    return wanted


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, from the rates that `benchmarks/` measures."""
    images, m = 60_000 * config["epochs"], config["m"]
    sparse = config["granule"] == "rc"
    operations = m * ((2 if sparse else 1.2) * 2 * config["k"] + 40)  # of one attacking step
    attacked = (12 * 2_000 + 22 * 500 + 4 * 500) * 40
    seconds = attacked * operations / (100e9 if sparse else 180e9)
    if config["batch"] == 1:
        seconds += images * (10 * m / 2.5e9 + 5e-6)
    elif sparse:
        seconds += images / config["batch"] * m * 3.8e-8  # a step costs the same up to 64 images
    else:
        seconds += images / config["batch"] * 3e-4
    return seconds / 60


BATCH_ONE = Experiment(
    name="cerebellum/batch_one",
    summary="Appendix C of the cerebellum paper: robustness at batch size 1, taken apart",
    grid=grid,
    metrics=metrics,
    run=batch_one_run.run,
    minutes=minutes,
    module=batch_one_run.__name__,
)
