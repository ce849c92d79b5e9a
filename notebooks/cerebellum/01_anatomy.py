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
# # From mossy fibres to Purkinje cells
#
# **What was claimed.** The cerebellum learns from errors, as a classifier does, and it is wide,
# sparse and shallow, as most classifiers are not. {cite:t}`liu2021cerebellum` simulate it and ask
# whether three features of its anatomy protect it against {term}`adversarial examples <adversarial
# example>`: the number of {term}`granule cells <granule cell>`, {term}`long-term depression
# <LTD>`, and granule cells that see only a few inputs each. Their answer is no: "no significant
# improvements in robustness are discovered from the proposed three mechanisms"
# {cite:p}`liu2021cerebellum`.
#
# **What this page finds.** Nothing is trained or attacked yet; that is what the [next
# page](02_the_model.ipynb) and the [one after it](03_first_attack.ipynb) do. Here the anatomy is
# laid beside the model, and one thing is measured: how well the model's granule layer pulls
# different images apart. The theory says that a wide layer of cells with about four inputs each is
# good at that. For inputs that are independent of each other, few connections are indeed better
# than one or than all. But on images of digits the layer leaves the dimension of the pixels almost
# as it was, whatever the number of inputs per cell. What changes it is a firing threshold. The
# brain has one, set by inhibition; the model has none.

# %% tags=["hide-input"]
import math

import pandas as pd
import torch

from helpers.cerebellum import GranuleLayer
from helpers.data import as_float, load
from helpers.figures import (
    caption,
    dimension_panels,
    draw_circuit,
    use_book_style,
)
from helpers.profiles import current_profile

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## What the cerebellum is for
#
# You reach for a cup and miss by a finger's width. The next reach is better. Somewhere an error
# was noticed and a command was corrected: this is *supervised learning*, learning from the
# difference between what was done and what should have been done. The cerebellum is the part of
# the brain that is best understood as a machine for it {cite:p}`raymond2018,apps2009`.
#
# {cite:t}`marr1969` and {cite:t}`albus1971` read its wiring as a perceptron, a network with one
# layer of weights that learns:
#
# 1. {term}`Mossy fibres <mossy fibre>` bring the input: the state of the body, a command, a sound.
# 2. Granule cells, the most numerous neurons of the brain, mix a few mossy fibres each. Their
#    axons rise, divide like a T and run on as {term}`parallel fibres <parallel fibre>`.
# 3. A {term}`Purkinje cell` spreads a flat tree of dendrites across the parallel fibres and sums
#    what they bring. Its axon is the only way out of the cortex of the cerebellum.
# 4. One {term}`climbing fibre` winds around each Purkinje cell. It comes from the {term}`inferior
#    olive` and reports errors. Where it is active together with a parallel fibre, the synapse
#    between that fibre and the Purkinje cell changes. Marr expected it to become stronger, Albus
#    weaker. It becomes weaker: long-term depression, found by Ito {cite:p}`ito1982,itokano1982`.
#
# On the left is this circuit, on the right the model of it. Parts that correspond have the same
# colour and stand at the same height.

# %% mystnb={"image": {"alt": "Cerebellar cortex, layer by layer, beside the model"}}
draw_circuit()

# %% [markdown]
# *The circuit of the cerebellar cortex and the model, drawn after the first figure of
# {cite:t}`liu2021cerebellum`; not to scale. A flat bar at the end of a line is an inhibitory
# synapse. Four granule cells of many, with four inputs each; three Purkinje cells of ten in the
# model. A real Purkinje tree stands at right angles to the parallel fibres; here it is turned into
# the page.*

# %% [markdown]
# ## What each piece becomes
#
# The model replaces the firing rate of each kind of cell by a vector. The numbers in the second
# column are for one Purkinje cell of the rat, from {cite:t}`marr1969` and, for the inputs of a
# granule cell, {cite:t}`litwinkumar2017`, as {cite:t}`liu2021cerebellum` quote them.
#
# | piece | in the rat | in the equations | in the code |
# |:--|:--|:--|:--|
# | mossy fibres | about 7,000 | $x \in \mathbb{R}^d$, the pixels | `images.flatten(1)` |
# | inputs of a granule cell | 4 | $k$ fixed weights in a column of $J$ | `GranuleLayer.random` |
# | granule cells | about 200,000 | $h = \mathrm{ReLU}(J^\top x)$, of size $m$ | `GranuleLayer` |
# | parallel fibre synapses | up to 200,000 | $W$, of size $m \times c$; it learns | `model.W` |
# | long-term depression | lasts for hours | $z = h - \mu$, $\mu$ a moving average | `model.mu` |
# | Purkinje cell | 1 | $\hat y_j$, one for each of $c$ classes | `model(images)` |
# | climbing fibre | 1 | $e_j = \hat y_j - y_j$, the error | `error(y_hat, labels)` |
# | nuclei and inferior olive | a loop | the subtraction in $e$ | `error(y_hat, labels)` |
#
# Only $W$ learns. Climbing fibres end at the Purkinje cells, and the paper takes it that no fibres
# carry errors back to the granule cells. So $J$ stays as it was drawn, and each Purkinje cell has
# a teacher of its own. (The paper says that each *row* of $J$ has $k$ entries; with $J$ of shape
# $d \times m$, a granule cell is a column.)
#
# Let us build that layer. Its equation is
#
# $$h = \mathrm{ReLU}(J^\top x), \qquad J_{ij} \sim \tfrac{1}{\sqrt{k}}\,\mathcal{N}(0, 1)
# \text{ for the } k \text{ inputs } i \text{ of cell } j,$$ (anatomy-granule)
#
# the inputs drawn with replacement. The mossy fibres will carry images, these ones on this page.

# %%
data = load("mnist", profile=profile)
data

# %% [markdown]
# Six granule cells with four inputs each look at the first three images. A cell adds up four
# pixels, some with a negative weight, and stays silent when the sum is below zero.

# %%
images = as_float(data.train_images).flatten(1)
d = images.shape[1]

generator = torch.Generator().manual_seed(0)
layer = GranuleLayer.random(d, m=6, k=4, generator=generator)
pd.DataFrame(
    layer(images[:3]).numpy().round(3),
    index=[f"a {data.classes[label]}" for label in data.train_labels[:3]],
    columns=[f"cell {j}" for j in range(layer.m)],
)

# %% [markdown]
# The layer is nothing more than {eq}`anatomy-granule`: writing the equation out gives the same
# numbers.

# %%
# NBVAL_CHECK_OUTPUT
J = layer.matrix()
torch.allclose(layer(images[:100]), torch.relu(images[:100] @ J), atol=1e-6)

# %% [markdown]
# ## Why so many granule cells?
#
# A mossy fibre serves many granule cells, and each granule cell combines four fibres in its own
# way. How many ways are there? There are $\binom{d}{k}$ sets of $k$ inputs out of $d$. For the
# rat, with four out of about 7,000:

# %%
# NBVAL_CHECK_OUTPUT
print(f"{math.comb(7_000, 4):.0e} sets of four, for 200,000 granule cells")

# %% [markdown]
# So hardly two cells see the same four fibres, and each is a detector of its own combination. That
# is the idea of *expansion*: patterns that overlap on few fibres overlap less on many
# combinations, and a single layer of weights can then tell them apart
# {cite:p}`marr1969,albus1971`.
#
# But synapses cost room and energy. With $k$ inputs, and one parallel fibre synapse and one
# climbing fibre synapse for each of $c$ outputs, $m$ granule cells cost $m\,(k + 2c)$ synapses in
# the count of {cite:t}`liu2021cerebellum`. The paper keeps this number fixed when it compares
# values of $k$, at that of 200,000 cells with four inputs and ten outputs:
#
# $$m = \frac{4.8 \text{ million}}{k + 2c}.$$ (anatomy-budget)

# %%
c = 10
synapses = 200_000 * (4 + 2 * c)
ks = [1, 2, 4, 10, 50, 200, d]


def cells(k, share=1.0):
    """Number of granule cells that a share of the synapses pays for."""
    return round(share * synapses / (k + 2 * c))


budget = pd.DataFrame(
    {
        "k": ks,
        "m": [cells(k) for k in ks],
        "cells per pixel": [round(cells(k) / d) for k in ks],
    }
).set_index("k")
budget

# %% [markdown]
# Few inputs buy many cells. These are the sizes that the paper prints in its Table 6:

# %%
# NBVAL_CHECK_OUTPUT
printed = {1: 228571, 2: 218182, 4: 200000, 10: 160000}
printed |= {50: 68571, 200: 21818, 784: 5970}
all(budget.m[k] == m for k, m in printed.items())

# %% [markdown]
# The ends of the table are special. With $k = d$ a cell draws as many inputs as there are pixels
# (some twice, so it sees about two thirds of them), but there are few cells. With $k = 1$ there are
# hundreds of cells for each pixel, and they are copies: a pixel is never negative, so a cell with a
# positive weight repeats its pixel, larger or smaller, and a cell with a negative weight never fires.

# %%
# NBVAL_CHECK_OUTPUT
copies = GranuleLayer.random(d, m=2000, k=1, generator=generator)
fires = copies(torch.rand(50, d, generator=generator)).amax(0) > 0
torch.equal(fires, copies.matrix().amax(0) > 0)

# %% [markdown]
# ## Does the layer pull patterns apart?
#
# {cite:t}`litwinkumar2017` give a measure: the *dimension* of the activity. Take the covariance of
# the activity over many patterns, with eigenvalues $\lambda_1, \lambda_2, \dots$, the variances
# along its principal axes. Then
#
# $$\dim(h) = \frac{\left(\sum_i \lambda_i\right)^2}{\sum_i \lambda_i^2}.$$ (anatomy-dimension)
#
# If the patterns vary along a single axis, this is 1; if they vary equally along $D$ axes, it is
# $D$. The more dimensions, the more ways there are to divide the patterns by a plane, which is
# what a Purkinje cell does. In code we do not need the eigenvalues: their sum is a trace, the sum
# of their squares the sum of the squared entries, and the $n \times n$ matrix of products between
# patterns has the same ones.


# %%
def dimension(activity):
    """Dimension of the activity (n, m) of m cells over n patterns."""
    centred = activity - activity.mean(0)
    products = centred @ centred.T
    return (products.trace() ** 2 / products.square().sum()).item()


# %% [markdown]
# A check by hand: $n$ patterns that each switch on a cell of their own vary along $n - 1$ equal
# axes, one less than $n$ because the mean is taken off.

# %%
# NBVAL_CHECK_OUTPUT
round(dimension(torch.eye(50)), 3)

# %% [markdown]
# Now we measure two kinds of input: pixels drawn independently of each other, which is what the
# theory assumes for mossy fibres, and images. To keep this page quick, all layers share a fraction
# of the budget unless the profile is `paper`. The dimension of $n$ patterns is at most $n - 1$, so
# compare curves with each other and with the inputs, which are measured on the same patterns.

# %%
share, n = {
    "smoke": (1 / 200, 200),
    "laptop": (1 / 40, 500),
    "paper": (1, 1000),
}[profile]
seeds = (0, 1)
noise = torch.rand(n, d, generator=generator)
patterns = {"independent pixels": noise, "images": images[:n]}


def drive(x, k, seed):
    """Sum of the inputs of every granule cell, before it fires: J^T x."""
    generator = torch.Generator().manual_seed(seed)
    return x @ GranuleLayer.random(d, cells(k, share), k, generator).matrix()


plain = {
    name: [[dimension(drive(x, k, seed).relu()) for k in ks] for seed in seeds]
    for name, x in patterns.items()
}
own = {name: dimension(x) for name, x in patterns.items()}

# %% mystnb={"image": {"alt": "Dimension of granule activity against k, noise and images"}}
dimension_panels(
    ks,
    {name: {"granule cells": rows} for name, rows in plain.items()},
    own,
)

# %% tags=["remove-input"]
caption(
    "Dimension of the granule cells' activity at one budget of synapses.",
    data=f"{data.name} and uniform random pixels",
    n=n,
    profile=profile,
    seeds=len(seeds),
    spread="range over seeds",
)

# %% [markdown]
# On the left the theory holds in outline: for independent inputs a few connections per cell, between
# four and ten here, are best. One input gives copies, and all inputs give too few cells. No layer
# reaches the dimension of its inputs, the dashed line: ReLU without a threshold adds none.
#
# On the right it does not. Neighbouring pixels of a digit are alike, so the images vary along few
# axes to begin with. The granule layer hardly adds any, at $k = 4$ or elsewhere: without a
# threshold, ReLU is only mildly curved, and what goes in comes out. The next cell checks both
# statements: with independent pixels, four inputs beat one and all; on images, the dimension stays
# within a factor of two of the pixels' own for every $k$.

# %%
# NBVAL_CHECK_OUTPUT
mean = {name: pd.DataFrame(rows, columns=ks).mean() for name, rows in plain.items()}
four, ends = mean["independent pixels"][4], mean["independent pixels"][[1, d]]
print("independent pixels, four beat one and all:", four > max(ends))
ratio = mean["images"] / own["images"]
print("images, within a factor of two:", ratio.between(0.5, 2).all())

# %% [markdown]
# ## What a threshold would change
#
# In the brain a granule cell does not answer to whatever is above zero. The {term}`Golgi cell`
# inhibits it, more so the more active its surroundings are {cite:p}`eccles1967`;
# {cite:t}`marr1969` proposed that this decides how many of its inputs a granule cell needs. Both
# {cite:t}`litwinkumar2017` and {cite:t}`caycogajic2017`, who explain why four inputs are a good
# number, give their granule cells such a threshold. The model of {cite:t}`liu2021cerebellum` has
# none. Let us add one, $\theta_j$, for each cell:
#
# $$h_j = \mathrm{ReLU}\big((J^\top x)_j - \theta_j\big),$$ (anatomy-fire)
#
# with $\theta_j$ so high that cell $j$ answers one pattern in ten.


# %%
def with_threshold(sums, fraction=0.1):
    """Activity when each cell answers about this fraction of the patterns."""
    return (sums - sums.quantile(1 - fraction, dim=0)).relu()


x = images[:n]
thresholded = [
    [dimension(with_threshold(drive(x, k, seed))) for k in ks] for seed in seeds
]

# %% mystnb={"image": {"alt": "Dimension of granule activity with and without threshold"}}
dimension_panels(
    ks,
    {
        "images": {
            "as in the model": plain["images"],
            "with a threshold": thresholded,
        }
    },
    {"images": own["images"]},
)

# %% tags=["remove-input"]
caption(
    "Dimension of the granule cells' activity with a firing threshold and without.",
    data=data.name,
    n=n,
    profile=profile,
    seeds=len(seeds),
    spread="range over seeds",
)

# %% [markdown]
# For cells that combine several pixels, the threshold does what the width alone did not:

# %%
# NBVAL_CHECK_OUTPUT
gain = pd.DataFrame(thresholded, columns=ks).mean() / mean["images"]
print("the dimension rises at k = 4, 10 and 50:", (gain[[4, 10, 50]] > 1).all())

# %% [markdown]
# Two cautions. A higher dimension makes it easier to learn *any* assignment of patterns to
# classes; it does not promise better answers to new images, and it says nothing about attacks. And
# $k = 4$ is not the best value here: the theory finds it for the statistics of mossy fibres, not
# for those of digits.
#
# *Try it:* open this page in JupyterLab, set `fraction` to `0.5` or `0.02`, or put `noise` in the
# place of the images.
#
# ## What the model leaves out
#
# The model keeps the wiring and drops much of the biology. Whoever carries a result over to the
# brain should know what was dropped.
#
# - **Inhibition.** There are no Golgi cells, and none of the cells that inhibit Purkinje cells,
#   the basket and stellate cells {cite:p}`eccles1967`. The figure above shows what one of them may
#   change.
# - **Signs.** The synapses of mossy fibres on granule cells and of parallel fibres on Purkinje
#   cells excite. In the model $J$ and $W$ have both signs. Where weights may only be positive, the
#   best readout leaves many synapses silent {cite:p}`brunel2004`.
# - **Time and spikes.** Rates replace spikes, and one image is one instant. The cerebellum is
#   known for timing.
# - **Depression.** In the theory of Albus and Ito, long-term depression *is* the learning
#   rule. In the model the delta rule, $\Delta W \propto -z\,e^\top$, is the learning rule; it
#   strengthens synapses as well as weakening them, and real parallel fibre synapses do both as
#   well {cite:p}`hirano2013`. Depression becomes something else, the moving average $\mu$ that is
#   taken off the activity: "we propose to model it as the normalization technique in machine
#   learning" {cite:p}`liu2021cerebellum`. That is a modelling choice. It centres the activity, and
#   what centring does is seen on the next pages.
# - **The loop.** Nuclei and olive appear only as a subtraction. The mossy fibres' own way to the
#   nuclei is missing.
# - **The task.** The cerebellum does not read digits. The paper takes them because attacks on them
#   are well studied.
# - **The training.** RMSprop, a learning rate that shrinks with $m$, and ten passes over the same
#   labelled images have no counterpart in the anatomy.
#
# ## What comes next
#
# We have the pieces: a fixed, wide, sparse layer and a readout with an error of its own for each
# output. [The model](02_the_model.ipynb) builds the four equations one after the other, tests each
# and trains the whole. [A first attack](03_first_attack.ipynb) then looks for images that fool it.
