"""The experiments of the book: what one run is, and the table of all of them."""

from helpers.experiments.batch_one import BATCH_ONE
from helpers.experiments.cerebellum_mnist import CEREBELLUM_MNIST
from helpers.experiments.checkup_models import CHECKUP
from helpers.experiments.experiment import Config, Experiment, StandInError, Workplace
from helpers.experiments.explorer import EXPLORER
from helpers.experiments.protocol import PROTOCOL
from helpers.experiments.similarity_attacks import SIMILARITY_ATTACKS, SIMILARITY_NORMS
from helpers.experiments.similarity_frequencies import SIMILARITY_FREQUENCIES
from helpers.experiments.similarity_noise import SIMILARITY_NOISE
from helpers.experiments.similarity_structure import SIMILARITY_STRUCTURE
from helpers.experiments.sleep_attacks import SLEEP_ATTACKS
from helpers.experiments.sleep_deviations import SLEEP_DEVIATIONS
from helpers.experiments.sleep_mnist import SLEEP_MNIST
from helpers.experiments.sleep_patches import SLEEP_PATCHES
from helpers.experiments.sleep_tuning import SLEEP_TUNING
from helpers.experiments.sleep_two_tasks import SLEEP_TWO_TASKS
from helpers.experiments.transfer import TRANSFER

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
