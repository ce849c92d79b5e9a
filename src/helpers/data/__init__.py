"""Images to train and to test on: whole sets, as uint8 tensors.

`load` looks in the data folder, tries one quick download (MNIST only), and otherwise takes embedded
data with a note that says so. Nothing is silently replaced.
"""

from helpers.data.dataset import Dataset, as_float
from helpers.data.download import fetch
from helpers.data.folder import data_folder
from helpers.data.integrity import DataError
from helpers.data.load import NAMES, load

__all__ = ["NAMES", "DataError", "Dataset", "as_float", "data_folder", "fetch", "load"]
