"""What the report left to later work: DeepFool, C&W, PGD, JSMA and the boundary attack."""

from helpers.experiments.experiment import Config, Experiment
from helpers.experiments.sleep import attacks_run
from helpers.experiments.sleep.attacks_run import SETTINGS
from helpers.experiments.sleep.mnist import SEEDS, sleep_config
from helpers.profiles import Profile

NETWORKS = (
    "control",
    "sleep",
    "finetune_noise",
    "finetune_blur",
    "distilled",
    "own_outputs",
    "pruned",
    "sleep_minimal",
)


def grid(profile: Profile) -> list[Config]:
    """The original's networks, seed by seed; at `laptop` one seed, at `smoke` two on digits."""
    if profile == "smoke":
        return [
            sleep_config(
                "original", name, dataset="digits", hidden=50, images=500, sleep_images=500
            )
            for name in NETWORKS[:2]
        ]
    seeds = SEEDS[:1] if profile == "laptop" else SEEDS
    return [sleep_config("original", name, seed=seed) for seed in seeds for name in NETWORKS]


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """The cheap attacks on 1,000 images, the dear ones on 100."""
    many, few = (20, 4) if profile == "smoke" else (1_000, 100)
    counts = {"deepfool": many, "cw": many, "boundary": few, "jsma": few}
    wanted = {
        f"{attack}_{norm}_{what}": counts[attack]
        for attack, (norm, _) in SETTINGS.items()
        for what in ("median", "broken")
    }
    attacks = [f"pgd_{loss}_{eps}" for loss in ("mse", "margin") for eps in (0.05, 0.1)]
    return wanted | dict.fromkeys(attacks, many)


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores."""
    return 6.0


SLEEP_ATTACKS = Experiment(
    name="sleep/attacks",
    summary="Sleep and its rivals under DeepFool, C&W, PGD, JSMA and the boundary attack",
    grid=grid,
    metrics=metrics,
    run=attacks_run.run,
    minutes=minutes,
    module=attacks_run.__name__,
)
