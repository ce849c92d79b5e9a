# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Environment of this build
#
# What this copy of the book was built with. The exact versions of all packages are in
# `requirements.txt`; these are the ones that numbers depend on.

# %% tags=["hide-input"]
import platform
from importlib.metadata import version

import pandas as pd
import torch

from helpers.data import load
from helpers.profiles import current_profile
from helpers.records import records_of

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %%
packages = [
    "torch",
    "torchvision",
    "numpy",
    "numba",
    "matplotlib",
    "jupyter-book",
    "papermill",
]
facts = {"profile": profile, "Python": platform.python_version()}
facts |= {name: version(name) for name in packages}
facts["accelerator"] = (
    torch.cuda.get_device_name() if torch.cuda.is_available() else "none"
)
pd.Series(facts, name="this build").to_frame()

# %% [markdown]
# ## Data
#
# The images that the pages of this build were executed on.

# %%
load("mnist", profile=profile)

# %% [markdown]
# ## Records
#
# The runs behind the tables were made earlier, some on other machines. Each line of a record file
# names its own, and what it took.

# %%
lines = [
    line for record in records_of("cerebellum/mnist") for line in record.lines()
]
pd.DataFrame(
    {
        "device": [line["device"] for line in lines],
        "torch": [line["torch"] for line in lines],
        "hours": [line["seconds"] / 3600 for line in lines],
    }
).groupby(["device", "torch"]).hours.agg(lines="count", hours="sum").round(
    1
).reset_index()
