"""The check-up on one network of part II."""

from collections.abc import Iterator, Mapping

from helpers.data import as_float
from helpers.evaluation.checkup.run import checkup
from helpers.experiments.checkup_metrics import read_checkup
from helpers.experiments.experiment import Config, Workplace, check_enough, load_named
from helpers.experiments.neural_similarity.networks import trained


def run(config: Config, wanted: Mapping[str, int], work: Workplace) -> Iterator[tuple[str, float]]:
    """Train one network, or take it from an earlier run, and check it up.

    The metrics are those of :func:`read_checkup`; they are of one check-up, so they come together.
    The surrogate is a plain network of the same size, trained from the seed ``surrogate_seed``.

    Raises:
        StandInError: the data that `config` names are not there.
        ValueError: there are too few images, or the check-up has no such line or attack.
    """
    data = load_named(config["dataset"], work.device)
    n = max(wanted.values())
    check_enough("the check-up", n, data.test_images)
    plain = {"target": "none", "alpha": 0, "stimuli": None, "images": 0, "shown": None}
    surrogate = trained({**config, **plain, "seed": config["surrogate_seed"]}, work)
    found = checkup(
        trained(config, work).model,
        as_float(data.test_images[:n]),
        data.test_labels[:n],
        config["eps"],
        surrogate=surrogate.model,
        steps=config["steps"],
        few=config["few"],
        queries=config["queries"],
        autoattack=config["autoattack"],
        say=work.say,
    )
    yield from read_checkup(found, wanted)
