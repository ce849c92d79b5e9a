"""The checks that the cerebellum paper's protocol names: is an attack that fails a strong one?"""

from helpers.experiments.cerebellum import protocol_run
from helpers.experiments.cerebellum.mnist import SEEDS, cerebellum_config, cnn_config
from helpers.experiments.experiment import Config, Experiment
from helpers.profiles import Profile

#: Numbers of steps: each twice the one before.
DOUBLINGS = (5, 10, 20, 40, 80, 160, 320)
#: Sizes of a step, in pixel values; 40 steps each.
STEPS = (0.0025, 0.005, 0.02, 0.05, 0.1)
PERCENTILES = (0, 5, 25, 50, 75, 95, 100)


def models(seed: int, **change: object) -> list[Config]:
    """The models that are checked: the baseline, dense and sparse, with and without depression."""
    shapes = (("fc", 784, 1000), ("rc", 4, 200_000))
    return [
        {**config, **change}
        for config in (
            *(
                cerebellum_config(*shape, ltd=ltd, batch=batch, seed=seed)
                for shape in shapes
                for ltd, batch in ((False, 50), (True, 50), (True, 1))
            ),
            cnn_config(seed=seed),
        )
    ]


def grid(profile: Profile) -> list[Config]:
    """Every model at both seeds; at `laptop` the small ones once, at `smoke` on digits."""
    if profile == "smoke":
        return [cerebellum_config("fc", 784, 100, ltd=True, epochs=2, dataset="digits")]
    configs = [config for seed in SEEDS for config in models(seed)]
    if profile == "laptop":
        return [c for c in configs if c["seed"] == SEEDS[0] and c.get("m") == 1000]
    return configs


def metrics(config: Config, profile: Profile) -> dict[str, int]:
    """Doubled steps, other step sizes, restarts, an unbounded attack, and gradients."""
    many, few = (40, 20) if profile == "smoke" else (1_000, 500)
    wanted = {"test_acc": many}
    # The loss that the model was trained on, as the paper climbs it, and the margin.
    for loss in ("cross_entropy" if config["model"] == "cnn" else "mse", "margin"):
        wanted |= {f"fgsm_{loss}_0.1": many}
        for steps in DOUBLINGS[: 3 if profile == "smoke" else None]:
            name = f"pgd_{loss}_0.1" + ("" if steps == 40 else f"_steps{steps}")
            wanted[name] = many if steps <= 80 else few
        wanted |= {f"pgd_{loss}_0.1_step{step}": many for step in STEPS}
        wanted |= {f"pgd_{loss}_0.1_worst": few, f"pgd_{loss}_0.1_restarts5": few}
        wanted |= {f"pgd_{loss}_1_step0.0625": many}
        wanted |= {f"gradient_{loss}_p{q}": many for q in PERCENTILES}
        wanted |= {f"gradient_{loss}_zero": many}
    return wanted


def minutes(config: Config) -> float:
    """Estimated cost on two quiet cores, from the rates that `benchmarks/` measures."""
    steps = sum(DOUBLINGS[:5]) + 40 * (len(STEPS) + 1) + (sum(DOUBLINGS[5:]) + 40 * 7) / 2
    attacked = 2 * 1_000 * steps
    if config["model"] == "cnn":
        return 15 + attacked * 5e-4 / 60
    sparse, m = config["granule"] == "rc", config["m"]
    seconds = attacked * m * (1e-9 if sparse else 2e-8)
    if config["batch"] == 1:
        seconds += 600_000 * (10 * m / 2.5e9 + 5e-6)
    else:
        seconds += 12_000 * (m * 4e-8 if sparse else 3e-4)
    return seconds / 60


PROTOCOL = Experiment(
    name="cerebellum/protocol",
    summary="Is an attack that fails a strong one? Steps, restarts, unbounded, gradients",
    grid=grid,
    metrics=metrics,
    run=protocol_run.run,
    minutes=minutes,
    module=protocol_run.__name__,
)
