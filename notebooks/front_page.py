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
# # Borrowed Brains
#
# **Three brain-inspired defences against adversarial examples, re-run, attacked and explained.** A network
# that reads digits almost without error can be made to fail by a change that no person notices. Brains do not
# seem to fail like that, so three papers borrowed from them.
#
# ::::{grid} 1 1 3 3
# :gutter: 2
# :class-container: claims
#
# :::{grid-item-card} I Cerebellum
# :link: cerebellum/01_anatomy
# :link-type: doc
#
# **Claimed:** its wiring does not protect a network, except, strangely, one that learns from one image at a
# time {cite:p}`liu2021cerebellum`.
#
# **Found:** on MNIST, with the attack aimed right, almost nothing is left of any. What looked like robustness was
# an attack that climbed the wrong hill.
# :::
#
# :::{grid-item-card} II Neural similarity
# :link: neural_similarity/01_listening_to_v1
# :link-type: doc
#
# **Claimed:** features pulled towards what mouse visual cortex finds similar are more robust
# {cite:p}`li2019brains`.
#
# **Found so far,** in small networks on CIFAR-10: one trained to match a model of V1 stands strong noise better than a plain one, and knows
# less of clean images. Shuffled similarities help about as much; a fixed blur, or a coarse similarity of pixels, far more.
# :::
#
# :::{grid-item-card} III Sleep
# :link: sleep/01_from_rates_to_spikes
# :link-type: doc
#
# **Claimed:** a network that sleeps withstands blur, noise and attacks better {cite:p}`tadros2020sleep`; a
# reproduction collapsed {cite:p}`sritharan2021sleep`.
#
# **Found:** why it collapsed. And sleep with the original's published settings silences the most active cells of
# one layer: taking those cells out without any sleep does the same.
# :::
# ::::

# %% tags=["remove-cell"]
from helpers.data import load
from helpers.profiles import current_profile
from helpers.widgets import cerebellum_explorer, read_readouts

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# **Fool a cerebellum yourself.** It runs in your browser: $k$ {term}`inputs <receptive field>` for each of 500 cells,
# {term}`depression <LTD>` $\beta$, and an attacker who may move each pixel by $\varepsilon$.

# %% tags=["remove-input"]
data = load("mnist", profile=profile)
cerebellum_explorer(data, read_readouts(data.name), small=True)

# %% [markdown]
# **Run it:** `make book` rebuilds this book, `make test` checks it, `make lab` opens its notebooks.
# **Read on:** [how to read this book](../book/how_to_read.md), the
# [anatomy of the cerebellum](cerebellum/01_anatomy.ipynb), [is it really robust?](synthesis/01_is_it_really_robust.ipynb),
# and the [ledger](appendices/claim_ledger.ipynb) of every claim, run or not.
