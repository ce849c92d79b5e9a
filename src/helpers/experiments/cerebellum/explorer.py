"""The small cerebella of the live pages: every setting of their controls, trained and attacked."""

from helpers.attacks import LOSSES
from helpers.experiments.cerebellum import explorer_run
from helpers.experiments.experiment import Config, Experiment
from helpers.profiles import Profile

#: What the controls offer; 784 inputs are all of them.
K = (1, 2, 4, 10, 50, 200, 784)
BETA = (None, 0.9, 0.99, 0.999)
BATCH = (50, 1)
SEEDS = (0, 123)
#: Test images that are attacked, by set.
TESTED = {"digits": 300, "mnist": 500}
M, EPOCHS = 500, 3
#: Forty steps of .01 reach .4: PGD moves no pixel farther, however large the ball.
EPS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)


def explorer_config(
    k: int, beta: float | None, batch: int, *, seed: int = 0, dataset: str = "mnist"
) -> Config:
    """One model. Digits are few, so they are seen more often."""
    epochs = EPOCHS if dataset == "mnist" else 20 if batch == 50 else 5
    sizes = {"m": M, "epochs": epochs, "batch": batch}
    return {"k": k, "beta": beta, **sizes, "seed": seed, "dataset": dataset}


def grid(profile: Profile) -> list[Config]:
    """Every setting at both seeds, on the digits and on MNIST; at `smoke` one on the digits."""
    if profile == "smoke":
        return [{**explorer_config(4, 0.99, 50, dataset="digits"), "m": 50, "epochs": 1}]
    return [
        explorer_config(k, beta, batch, seed=seed, dataset=dataset)
        for dataset in ("digits", "mnist")
        for seed in SEEDS
        for batch in BATCH
        for beta in BETA
        for k in K
    ]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Clean accuracy, and that under FGSM and PGD on each loss at each radius."""
    n = 20 if profile == "smoke" else TESTED[config["dataset"]]
    attacked = [
        f"{attack}_{loss}_{eps}" for attack in ("fgsm", "pgd") for loss in LOSSES for eps in EPS
    ]
    return {"test_acc": n} | dict.fromkeys(attacked, n)


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores."""
    return 0.3


EXPLORER = Experiment(
    name="cerebellum/explorer",
    summary="Small cerebella for the live pages: k, beta, batch and every attack",
    grid=grid,
    metrics=metrics,
    run=explorer_run.run,
    minutes=minutes,
    module=explorer_run.__name__,
)
