# %% [markdown]
# # Explorer

# %% tags=["parameters"]
profile = "smoke"

# %%
from helpers.claims import read_claims
from helpers.data import load
from helpers.records import records_of
from helpers.widgets import cerebellum_explorer, read_readouts

data = load("digits")
cerebellum_explorer(
    data, read_readouts(data.name), records_of("cerebellum/explorer"), read_claims()
)
