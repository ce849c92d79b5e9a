"""The cerebellum model of Liu, Li and Chen (2021): granule layer, depression, delta rule."""

from helpers.cerebellum.common_mode import centred, common_mode, common_share, mean_activity
from helpers.cerebellum.delta_rule import (
    PlainLearner,
    depress_,
    error,
    gradient,
    rmsprop_,
)
from helpers.cerebellum.granule import GranuleLayer
from helpers.cerebellum.model import Cerebellum, build
from helpers.cerebellum.progress import Epoch
from helpers.cerebellum.train import learning_rate, train

__all__ = [
    "Cerebellum",
    "Epoch",
    "GranuleLayer",
    "PlainLearner",
    "build",
    "centred",
    "common_mode",
    "common_share",
    "depress_",
    "error",
    "gradient",
    "learning_rate",
    "mean_activity",
    "rmsprop_",
    "train",
]
