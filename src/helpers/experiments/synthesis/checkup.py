"""Four models that the check-up has to tell apart: sound, fooled, masked and really robust."""

from helpers.experiments.cerebellum.mnist import SEEDS, cerebellum_config
from helpers.experiments.checkup_metrics import checkup_metrics
from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.synthesis import checkup_run
from helpers.profiles import Profile

EPS = 0.1
#: The undefended network is looked at where an attack leaves nothing of it, the usual radius on
#: MNIST: at smaller ones many steps of one attack leave more than AutoAttack does.
EPS_UNDEFENDED = 0.3


def cases(seed: int, *, width: int = 1024, m: int = 1000, **change: object) -> list[Config]:
    """The four models of one seed; each with the loss that its claim was made with."""
    common = {"eps": EPS, "steps": 40, "few": 200, "queries": 1000, "autoattack": True}
    network = {"batch": 50, "epochs": 10, "seed": seed, "dataset": "mnist", "width": width}
    networks = [
        {"model": model, **network, "loss": "cross_entropy", **common, "eps": eps, **change}
        for model, eps in (("cnn", EPS_UNDEFENDED), ("tempered", EPS), ("adversarial", EPS))
    ]
    cells = cerebellum_config("fc", 784, m, ltd=True, batch=1, seed=seed)
    return [*networks, {**cells, "loss": "mse", **common, **change}]


def grid(profile: Profile) -> list[Config]:
    """All four at the paper's seeds; at `laptop` at one, at `smoke` tiny ones on digits."""
    if profile == "smoke":
        small = {"epochs": 1, "dataset": "digits", "steps": 5, "few": 10, "queries": 10}
        return cases(0, width=32, m=100, **small, autoattack=False)
    seeds = SEEDS[:1] if profile == "laptop" else SEEDS
    return [config for seed in seeds for config in cases(seed)]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """The verdict of every line, and what the attacks leave."""
    many = 20 if profile == "smoke" else 1_000
    return checkup_metrics(many, config["few"], autoattack=config["autoattack"])


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores."""
    if config["model"] == "cerebellum":
        return 4
    return {"cnn": 20, "tempered": 20, "adversarial": 30}[config["model"]] * config["width"] / 1024


CHECKUP = Experiment(
    name="synthesis/checkup",
    summary="The check-up on a sound, a fooled, a masked and a really robust model",
    grid=grid,
    metrics=metrics,
    run=checkup_run.run,
    minutes=minutes,
    module=checkup_run.__name__,
)
