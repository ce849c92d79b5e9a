"""The experiments of the book: what one run is, and the table of all of them."""

from helpers.experiments.cerebellum.batch_one import BATCH_ONE
from helpers.experiments.cerebellum.explorer import EXPLORER
from helpers.experiments.cerebellum.mnist import CEREBELLUM_MNIST
from helpers.experiments.cerebellum.protocol import PROTOCOL
from helpers.experiments.cerebellum.transfer import TRANSFER
from helpers.experiments.experiment import Config, Experiment, StandInError, Workplace
from helpers.experiments.neural_similarity.attacks import SIMILARITY_ATTACKS, SIMILARITY_NORMS
from helpers.experiments.neural_similarity.checkup import SIMILARITY_CHECKUP
from helpers.experiments.neural_similarity.frequencies import SIMILARITY_FREQUENCIES
from helpers.experiments.neural_similarity.noise import SIMILARITY_NOISE
from helpers.experiments.neural_similarity.structure import SIMILARITY_STRUCTURE
from helpers.experiments.sleep.attacks import SLEEP_ATTACKS
from helpers.experiments.sleep.deviations import SLEEP_DEVIATIONS
from helpers.experiments.sleep.mnist import SLEEP_MNIST
from helpers.experiments.sleep.patches import SLEEP_PATCHES
from helpers.experiments.sleep.tuning import SLEEP_TUNING
from helpers.experiments.sleep.two_tasks import SLEEP_TWO_TASKS
from helpers.experiments.synthesis.checkup import CHECKUP

#: Every experiment that ``brains run`` knows, by name.
EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for experiment in (
        CEREBELLUM_MNIST,
        BATCH_ONE,
        EXPLORER,
        PROTOCOL,
        TRANSFER,
        SIMILARITY_STRUCTURE,
        SIMILARITY_NOISE,
        SIMILARITY_ATTACKS,
        SIMILARITY_NORMS,
        SIMILARITY_FREQUENCIES,
        SIMILARITY_CHECKUP,
        SLEEP_MNIST,
        SLEEP_DEVIATIONS,
        SLEEP_ATTACKS,
        SLEEP_TUNING,
        SLEEP_PATCHES,
        SLEEP_TWO_TASKS,
        CHECKUP,
    )
}

__all__ = ["EXPERIMENTS", "Config", "Experiment", "StandInError", "Workplace"]
