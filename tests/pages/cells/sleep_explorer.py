# %% [markdown]
# # Asleep
#
# ## A night

# %% tags=["parameters"]
profile = "smoke"

# %%
from dataclasses import replace

from helpers.data import as_float, load
from helpers.sleep import ORIGINAL, ORIGINAL_CONTROL, data_based_gains, train_control
from helpers.widgets import sleep_explorer

data = load("digits")
x = as_float(data.train_images)
recipe = replace(ORIGINAL_CONTROL, images=len(x), epochs=10, hidden=(30,), dropout=(0.2,))
network = train_control(recipe, x, data.train_labels)
gains = [ORIGINAL.gain * gain for gain in data_based_gains(network, x)]
sleep_explorer(network, data, ORIGINAL, gains=gains, thresholds=[1.8, 1.8])
