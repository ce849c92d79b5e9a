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
# # Sleep
#
# **What was claimed.** After its training a network sleeps: turned into spiking cells it is shown its own
# training images, and its synapses change by {term}`STDP`. Then it wakes up, and withstands blur, noise and
# attacks better than before {cite:p}`tadros2020sleep`.
#
# **What this page finds.** This page runs the original's sleep, with its published settings, whole: one
# network, one night. In it a small share of the cells of the first hidden layer fires, as a rule each of them once, and
# never again. That one spike takes so much from nearly all of the cell's negative synapses that the cell is
# nearly silent from then on, also when the network is awake. No other weight of the network changes at all. So what
# sleep does here can be said in one sentence: **it removes cells of the first hidden layer, nearly
# the most active ones.** A network from which the same cells are simply taken out, without any sleep, gives almost the same
# answers.

# %% tags=["hide-input"]
from dataclasses import replace

import pandas as pd
import torch

from helpers.data import as_float, load
from helpers.evaluation import Corruption, accuracy_corrupted
from helpers.figures import caption, use_book_style
from helpers.figures.night import NightPanel, night_panels
from helpers.figures.plasticity import weight_histograms
from helpers.page import sizes
from helpers.profiles import current_profile
from helpers.sleep import (
    ORIGINAL,
    ORIGINAL_CONTROL,
    changed_cells,
    data_based_gains,
    most_active_cells,
    pruned,
    sleep,
    train_control,
)
from helpers.training import accuracy
from helpers.widgets import sleep_explorer

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## The algorithm
#
# 1. Train a network of ReLU cells ([From rates to spikes](01_from_rates_to_spikes.ipynb)).
# 2. Give each cell a voltage of zero, each layer a threshold $\beta_l$ and a factor $\alpha_l$ from data-based
#    normalisation.
# 3. For each training image in turn, for one step of a millisecond: draw the spikes of the inputs; then, layer by
#    layer, let the cells integrate and fire, and change the synapses of each cell that fires
#    ([STDP](02_stdp.ipynb)).
# 4. Put the changed weights back into the network of ReLU cells.
#
# In the book steps 2 to 4 are one function, `sleep`. All settings are fields of one object, and the published ones
# are its defaults:

# %%
pd.Series(
    {
        "images, each shown for one step": f"{ORIGINAL.images:,}",
        "probability of a spike at a white pixel": f"{ORIGINAL.spike_probability:.4f}",
        "share of the voltage kept": f"{ORIGINAL.leak:g}",
        "thresholds": ", ".join(f"{each:.2f}" for each in ORIGINAL.thresholds),
        "factor on top of the normalisation": f"{ORIGINAL.gain:.3f}",
        "potentiation, depression": f"{ORIGINAL.potentiation:.4f}, {ORIGINAL.depression:.4f}",
        "changes gated by g(W)": str(ORIGINAL.gated),
    },
    name="published",
).to_frame()

# %% [markdown]
# ## A network goes to sleep

# %%
data = load("mnist", profile=profile)
data

# %% [markdown]
# The control is trained as the authors train it; on the embedded digits, which are few, for as many
# steps. Then it sleeps over the first of the images that it
# learned from. Now and then we
# wake a copy of it and test that.

# %%
n, epochs, hidden, shown = {
    "smoke": (1_297, 80, (200, 200), 1_297),
    "laptop": (50_000, 2, (1200, 1200), 27_105),
    "paper": (50_000, 2, (1200, 1200), 27_105),
}[sizes(profile, data)]
recipe = replace(ORIGINAL_CONTROL, images=n, epochs=epochs, hidden=hidden)
x, labels = as_float(data.train_images[:n]), data.train_labels[:n]
x_test, test_labels = as_float(data.test_images[:2000]), data.test_labels[:2000]
awake = train_control(recipe, x, labels)

# %%
night = []


def look(image, network, fired):
    """Keep what the network would do if it woke up now, and what fired since the last look."""
    night.append(
        {
            "image": image,
            "accuracy": accuracy(network, x_test, test_labels),
            "fired": fired,
            "changed": changed_cells(awake, network).sum().item(),
        }
    )


slept = sleep(
    awake, x, replace(ORIGINAL, images=shown), every=shown // 10, look=look
)

# %% mystnb={"image": {"alt": "Accuracy and number of changed cells while the network sleeps"}}
start = accuracy(awake, x_test, test_labels)
night_panels(
    [
        NightPanel(
            "accuracy if woken up (%)",
            {
                "accuracy": {0: start}
                | {each["image"]: each["accuracy"] for each in night}
            },
            percent=True,
        ),
        NightPanel(
            "cells of layer 1 changed so far",
            {
                "changed": {0: 0}
                | {each["image"]: each["changed"] for each in night}
            },
        ),
    ]
)

# %% tags=["remove-input"]
caption(
    "One night of one network: its accuracy on clean test images if it woke up then, and the number of cells of the "
    "first hidden layer whose weights have changed.",
    data=data.name,
    n=len(x_test),
    seeds=1,
    profile=profile,
)

# %% [markdown]
# ## Who fired
#
# The share of cells that fire in a step, and what it comes to over the whole night:

# %%
layers = ["inputs", "hidden layer 1", "hidden layer 2", "outputs"]
pd.DataFrame(
    {
        "cells": awake.sizes,
        "fire in a step (%)": [f"{share:.5f}" for share in slept.fired],
        "spikes of the night": [
            f"{share / 100 * cells * slept.steps:,.0f}"
            for share, cells in zip(slept.fired, awake.sizes, strict=True)
        ],
    },
    index=layers,
)

# %% [markdown]
# And what changed:

# %%
cells = changed_cells(awake, slept.network)
spikes = slept.fired[1] / 100 * awake.sizes[1] * slept.steps
pd.Series(
    {
        "cells of layer 1 that changed": cells.sum().item(),
        "spikes for each of them": round(spikes / max(cells.sum().item(), 1), 2),
        "weights of layer 2 that changed": (
            (awake.weights[1] != slept.network.weights[1]).sum().item()
        ),
        "weights of the outputs that changed": (
            (awake.weights[2] != slept.network.weights[2]).sum().item()
        ),
    },
    name="after the night",
).to_frame()

# %% [markdown]
# In short:

# %%
# NBVAL_CHECK_OUTPUT
weights_behind = zip(awake.weights[1:], slept.network.weights[1:], strict=True)
print("as many spikes as changed cells:", round(spikes) == cells.sum().item())
print(
    "nothing behind them changed:",
    all(torch.equal(*each) for each in weights_behind),
)

# %% [markdown]
# A cell that changed has fired, so each has fired once. On the [last page](02_stdp.ipynb) it was plain why: an input cell fires rarely,
# so at nearly all synapses of a cell that fires the sending cell has *not* fired, and they are depressed. The gate lets
# negative weights fall by twice the amount and holds the clearly positive ones. Here are the weights of those
# cells before and after:

# %% mystnb={"image": {"alt": "Weights of the changed cells before and after sleep"}}
weight_histograms(
    awake.weights[0][cells].flatten(),
    {"after sleep": slept.network.weights[0][cells].flatten()},
)

# %% tags=["remove-input"]
caption(
    "Weights of the cells of the first hidden layer that fired.",
    data=data.name,
    n=shown,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# ## What became of these cells
#
# Awake, a cell answers with its activity. The cells that fired in the night were the ones that are the most active by
# day, and after it they are all but silent:

# %%
before = awake.activations(x_test)[0]
after = slept.network.activations(x_test)[0]
order = before.mean(0).argsort(descending=True).argsort()
pd.DataFrame(
    {
        "mean activity before": [
            before[:, cells].mean().item(),
            before[:, ~cells].mean().item(),
        ],
        "mean activity after": [
            after[:, cells].mean().item(),
            after[:, ~cells].mean().item(),
        ],
        "active on test images before (%)": [
            100 * (before[:, c] > 0).float().mean().item() for c in (cells, ~cells)
        ],
        "active on test images after (%)": [
            100 * (after[:, c] > 0).float().mean().item() for c in (cells, ~cells)
        ],
        "median place in the order of activity": [
            order[c].float().median().item() + 1 for c in (cells, ~cells)
        ],
    },
    index=["fired in the night", "did not"],
).T.style.format("{:.3g}")

# %% tags=["remove-input"]
caption(
    "Activity of the cells of the first hidden layer, awake.",
    data=data.name,
    n=len(x_test),
    seeds=1,
    profile=profile,
)

# %% [markdown]
# ## Sleep as the removal of cells
#
# If that is all, a network should do the same when those cells are simply taken out. And since they are nearly the
# most active ones, taking out just the most active should come close, without any sleep.

# %%
count = int(cells.sum())
networks = {
    "control": awake,
    "after sleep": slept.network,
    "the same cells taken out": pruned(awake, cells),
    "the most active taken out": pruned(awake, most_active_cells(awake, x, count)),
}


@torch.no_grad()
def answers(network):
    return network(x_test).argmax(1)


found = {}
for name, network in networks.items():
    same = answers(network) == answers(slept.network)
    found[name] = {
        "clean (%)": accuracy(network, x_test, test_labels),
        "same answer as after sleep (%)": 100 * same.float().mean().item(),
        **{
            f"{text} (%)": accuracy_corrupted(
                Corruption.parse(metric), network, x_test, test_labels
            )
            for text, metric in (
                ("blur, sigma 2", "blur_2"),
                ("noise, variance .5", "noise_var_0.5"),
            )
        },
    }
pd.DataFrame(found).T.style.format("{:.1f}")

# %% tags=["remove-input"]
caption(
    "One network, its night, and cells taken out of it without one; accuracy on test images.",
    data=data.name,
    n=len(x_test),
    seeds=1,
    profile=profile,
)

# %% [markdown]
# The cells were not picked for what they tell about the digit: they are the ones with the strongest drive in the mean
# over all images. A network that leans on many faint cells instead of few loud ones may stand some distortions
# better. If so, that is an effect of *pruning*, and it should be compared with pruning. The page
# [Does sleep defend?](06_does_sleep_defend.ipynb) does so, with more seeds and with attacks. First we look at the
# reproduction, whose sleep was not so gentle.

# %% [markdown]
# ## Put one to sleep yourself
#
# A smaller network, with one hidden layer of 60 cells, sleeps in your browser: press *sleep*. It sees test images, ten
# steps each; every hundred steps a copy is woken and tested on them. Its thresholds start at a twentieth of the published
# ones, as [on the page before](02_stdp.ipynb), so that cells fire. Try this: raise the thresholds until hardly anything
# fires; lower them until everything does; then change the rule from *gated* to *additive* and watch the weights.

# %%
few = min(len(x), 10_000)
small = train_control(
    replace(recipe, images=few, epochs=6, hidden=(60,), dropout=(0.2,)),
    x[:few],
    labels[:few],
)
sleep_explorer(
    small,
    data,
    ORIGINAL,
    gains=[ORIGINAL.gain * gain for gain in data_based_gains(small, x[:few])],
    thresholds=[ORIGINAL.thresholds[layer] / 20 for layer in (0, -1)],
)

# %% tags=["remove-input"]
caption(
    "A network that sleeps in the browser, and is tested on the same few images that it sleeps over.",
    data=data.name,
    n=60,
    seeds=1,
    profile=profile,
)
