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
# # STDP
#
# **What was claimed.** While the network sleeps, its synapses change by {term}`STDP`: a synapse grows
# when the cells on both its sides fire, and shrinks when only the receiving one does. A network whose
# synapses have changed like that is said to withstand noise and attacks better
# {cite:p}`tadros2020sleep`. The report that reproduced it describes the same rule
# {cite:p}`sritharan2021sleep`.
#
# **What this page finds.** The authors' code has a factor that the report did not find in their paper, and it makes another
# rule: a weight that is clearly positive never changes again, and a negative one moves by twice the printed
# amount. Both rules share a second property. When a cell fires, each of its synapses changes, up or
# down, and which it is depends on how often the sending cell fires. Input cells fire rarely, so almost all changes go
# down, and a cell of the first layer is silent after its first spike or two. Whether a layer falls silent or
# fires without end is decided by the two amounts and by the rate of the spikes, before any digit has a say.

# %% tags=["hide-input"]
from dataclasses import replace

import pandas as pd
import torch

from helpers.data import as_float, load
from helpers.figures import caption, use_book_style
from helpers.figures.plasticity import (
    drift_against_rate,
    gate_curve,
    synapse_traces,
    weight_histograms,
)
from helpers.page import sizes
from helpers.profiles import current_profile
from helpers.sleep import (
    ORIGINAL,
    ORIGINAL_CONTROL,
    ORIGINAL_FOR_MINIMAL,
    REPRODUCTION,
    EventSleeper,
    PlainSleeper,
    data_based_gains,
    gate,
    poisson_spikes,
    stdp_,
    train_control,
)

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## The rule
#
# In living neurons, as measured in culture, the order counts. If the sending cell fires some milliseconds *before* the receiving one, the
# synapse between them becomes stronger, and if it fires after it, weaker; the further apart the spikes
# are, the less of either {cite:p}`bi1998`. That is what "timing-dependent" means.
#
# In the algorithm of sleep the only timing is the step of a millisecond. A spike of the sending cell $i$ and one
# of the receiving cell $j$ meet if they fall into the same step. Where $j$ fires, all its synapses change:
#
# $$\Delta W_{ji} = \begin{cases} +a & \text{if } i \text{ fired too} \\
# -b & \text{if it did not,} \end{cases} \qquad \text{if } j \text{ fired, else } 0.$$ (stdp-additive)
#
# The amounts $a$ and $b$ were tuned: $a = 0.064$, $b = 0.069$, rounded. A cell that does not fire
# changes nothing, whatever it receives. Here is the rule, one synapse at a time, and the book's function beside it.

# %%
a, b = ORIGINAL.potentiation, ORIGINAL.depression


def by_hand(W, before, after, factor=lambda weight: 1.0):
    """The rule, one synapse at a time."""
    new = W.clone()
    for j in range(W.shape[0]):
        for i in range(W.shape[1]):
            if after[j]:
                change = a if before[i] else -b
                new[j, i] += change * factor(W[j, i])
    return new


# %%
# NBVAL_CHECK_OUTPUT
generator = torch.Generator().manual_seed(0)
W = 0.01 * torch.randn(20, 30, dtype=torch.float64, generator=generator)
before = torch.rand(30, generator=generator) < 0.3
after = torch.rand(20, generator=generator) < 0.5
amounts = {"potentiation": a, "depression": b}
additive = stdp_(W.clone(), before, after, **amounts, gated=False)
torch.allclose(additive, by_hand(W, before, after))

# %% [markdown]
# ## The gate
#
# In the authors' code each change is multiplied by a factor that depends on the weight:
#
# $$g(W) = 2\,\bigl(1 - \mathrm{sigmoid}(W / 0.001)\bigr) = \frac{2}{1 + e^{W / 0.001}}.$$ (stdp-gate)
#
# The report, which had their paper and not their code, does not have it.


# %%
# NBVAL_CHECK_OUTPUT
def g(weight):
    return 2 / (1 + (weight / 0.001).exp())


gated = stdp_(W.clone(), before, after, **amounts, gated=True)
torch.allclose(gated, by_hand(W, before, after, g))

# %% mystnb={"image": {"alt": "The gate g(W) against the weight"}}
weights = torch.linspace(-0.01, 0.01, 401)
gate_curve(weights, gate(weights))

# %% [markdown]
# *The factor on every change of a weight, equation {eq}`stdp-gate`; without the gate it is 1.*

# %% [markdown]
# A step, in other words, whose edge is a few thousandths wide. To its left all changes count double, to its right
# they count nothing. From which weight on does a change get lost altogether, because the sum is the weight
# itself in the numbers of the computer?

# %%
grid = torch.arange(1, 100_001, dtype=torch.float64) / 1e6  # to 0.1 in millionths


def lost_from(numbers):
    """The smallest weight that a whole potentiation leaves as it is."""
    W = grid.to(numbers)
    return W[W + a * gate(W) == W][0].item()


pd.Series(
    {
        "single precision, as in this book": lost_from(torch.float32),
        "double precision, as in the original": lost_from(torch.float64),
    },
    name="weights that can never change again, from",
).round(3).to_frame()

# %% [markdown]
# A weight near zero is on the edge, but not for long: the amounts are much wider than it. One potentiation takes
# a weight of zero to $a$, far on the right, and there it stays. One depression takes it to $-b$, far on the left,
# where steps are $2a$ up and $2b$ down. So the gated rule is a ratchet. A weight jumps about below zero until it
# happens to land on the right side, and is never moved again.

# %%
# NBVAL_CHECK_OUTPUT
one = torch.tensor([[0.0, -0.1, 0.05]], dtype=torch.float64)
fired, not_fired = torch.ones(3, dtype=torch.bool), torch.zeros(3, dtype=torch.bool)
post = torch.ones(1, dtype=torch.bool)
up = stdp_(one.clone(), fired, post, **amounts, gated=True) - one
down = stdp_(one.clone(), not_fired, post, **amounts, gated=True) - one
print("changes up,   in units of a:", (up / a).round(decimals=6).abs().tolist()[0])
print(
    "changes down, in units of b:", (down / b).round(decimals=6).abs().tolist()[0]
)

# %% [markdown]
# ## One synapse
#
# Six synapses of one cell, each with a starting weight of its own. Their sending cells fire independently of
# each other in every second step, and the receiving cell in one of five, independently of them all. Both rules see
# the same spikes.

# %%
starts, steps = [-0.05, -0.005, 0.0, 0.002, 0.01, 0.05], 100
sends = torch.rand(steps, len(starts), generator=generator) < 0.5
receives = torch.rand(steps, 1, generator=generator) < 0.2


def traces(*, gated):
    """The weight after each step, by the weight at the start."""
    W, found = torch.tensor([starts], dtype=torch.float64), []
    for pre, post in zip(sends, receives, strict=True):
        stdp_(W, pre, post, **amounts, gated=gated)
        found.append(W[0].clone())
    return {
        f"{start:g}".replace("-", "−"): trace
        for start, trace in zip(starts, torch.stack(found).T, strict=True)
    }


# %% mystnb={"image": {"alt": "Weights of six synapses over time under both rules"}}
synapse_traces(
    {"additive": traces(gated=False), "gated by g(W)": traces(gated=True)}
)

# %% [markdown]
# *Six synapses under random spikes, one seed; the same spikes on the left and on the right.*

# %% [markdown]
# On the left all six wander; the additive rule does not look at the weight. On the right those that start
# clearly positive stand still. The others move in steps of twice the size as long as they are below zero, and
# the first time that they land above it they are caught.
#
# ## Up or down?
#
# A sending cell that fires in every second step is a special case. If it fires in a step with probability $p$,
# independently of the receiving cell, a spike of the receiving cell changes the weight on average by
#
# $$\mathbb{E}[\Delta W] = p\,a - (1 - p)\,b.$$ (stdp-drift)
#
# It is zero where $p = b / (a + b)$, which for amounts that are about equal is near one half. The equation on the spikes of a long simulation, within three standard errors:

# %%
# NBVAL_CHECK_OUTPUT
steps = 20_000
for p in (0.01, 0.3, 0.9):
    pre = torch.rand(steps, generator=generator) < p
    changes = torch.where(pre, a, -b).double()  # in the steps in which j fires
    drift = p * a - (1 - p) * b
    error = (p * (1 - p) / steps) ** 0.5 * (a + b)
    print(f"p = {p}:", (changes.mean() - drift).abs().item() < 3 * error)

# %% [markdown]
# How often does an input cell fire in a step, when digits are shown? And what does that make of the amounts that were published?

# %%
data = load("mnist", profile=profile)
size = sizes(profile, data)
data

# %%
n = {"smoke": 1_297, "laptop": 10_000, "paper": 50_000}[size]
x, labels = as_float(data.train_images[:n]), data.train_labels[:n]
pixel = x.mean().item()

published = {
    "original, blur, noise, FGSM": ORIGINAL,
    "original, smallest perturbations": ORIGINAL_FOR_MINIMAL,
    "reproduction": REPRODUCTION,
}


def balance(rule):
    """The expected change of the mean input cell's synapse, and what it comes from."""
    p = rule.spike_probability * pixel
    up, down = rule.potentiation, rule.depression
    return {
        "input fires (%)": 100 * p,
        "balanced at (%)": 100 * down / (up + down),
        "change per spike": p * up - (1 - p) * down,
        "b that would balance": up * p / (1 - p),
        "b": down,
    }


pd.DataFrame({name: balance(rule) for name, rule in published.items()}).T.map(
    "{:.3g}".format
)

# %% tags=["remove-input"]
caption(
    "Expected change of the synapse of an input cell with a mean pixel, without gate, for each published set of amounts.",
    data=data.name,
    n=len(x),
    profile=profile,
)

# %% [markdown]
# In all three the inputs fire far too rarely for the amounts. Whenever a cell fires, its weights fall by nearly
# $b$ on average; those of black pixels, which never fire, by all of it. For the original that is more than most
# weights are large. (The reproduction enlarges its weights while they sleep, so that a change counts less.)
#
# ## A layer that sleeps
#
# Does a real layer do what {eq}`stdp-drift` says? In a layer the two sides are not independent: a cell fires
# *because* its inputs fired. We train a small network, take its first layer and let it sleep by itself, one image a
# step. Its threshold is a twentieth of the original's: with the published one [hardly a cell would
# fire](01_from_rates_to_spikes.ipynb).

# %%
epochs = {"smoke": 40, "laptop": 5, "paper": 5}[size]
recipe = replace(
    ORIGINAL_CONTROL, images=n, epochs=epochs, hidden=(200,), dropout=(0.2,)
)
network = train_control(recipe, x, labels, seed=0)
W = network.weights[0]
alpha = ORIGINAL.gain * data_based_gains(network, x)[0]

steps = {"smoke": 500, "laptop": 2_000, "paper": 27_105}[size]
spikes = poisson_spikes(
    x[:steps], ORIGINAL.spike_probability, torch.Generator().manual_seed(1)
)


def slept(spikes, *, kind=EventSleeper, **changes):
    """The weights of the layer after these spikes, and its own spikes."""
    rule = replace(ORIGINAL, thresholds=(ORIGINAL.thresholds[0] / 20,), **changes)
    precise = W.double()  # so that no order of a sum decides whether a cell fires
    sleeper = kind([precise], [precise.new_zeros(len(W))], (alpha,), rule)
    (fired,) = sleeper.run(spikes)
    return sleeper.weights[0], fired


after, fired = {}, {}
for name, gated in (("additive", False), ("gated by g(W)", True)):
    after[name], fired[name] = slept(spikes, gated=gated)

# %% [markdown]
# What runs here is the book's fast sleeper, which computes only where something fires. Its plain twin takes the
# steps of {eq}`stdp-additive` one after the other and ends with the same weights.

# %%
# NBVAL_CHECK_OUTPUT
for gated in (False, True):
    fast, plain = (
        slept(spikes[:200], gated=gated, kind=kind)
        for kind in (EventSleeper, PlainSleeper)
    )
    print(
        torch.allclose(fast[0], plain[0], atol=1e-4), torch.equal(fast[1], plain[1])
    )

# %% mystnb={"image": {"alt": "Histograms of a layer's weights before and after sleep"}}
weight_histograms(W, after)

# %% tags=["remove-input"]
caption(
    f"All {W.numel():,} weights of the layer before its sleep and after it. The two panels have different "
    "axes for the weight.",
    data=data.name,
    n=steps,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# Before, all weights lie close around zero. After it there are groups. Those that moved down by $b$, or by $2b$
# with the gate; those of cells that did not fire, which are where they were; and a few that moved up. With the gate
# the clearly positive ones, too, are where they were. In numbers:


# %%
def summary(weights, fires):
    """What a sleep did to the layer."""
    change = weights - W
    meetings = fires.double().sum(1) @ spikes.double().sum(1)
    chances = fires.double().sum() * spikes.shape[1]
    tenth = len(fires) // 10
    return {
        "spikes of the mean cell": fires.double().sum(0).mean().item(),
        "changes that go down (%)": 100 * (1 - meetings / chances).item(),
        "weights that never changed (%)": 100
        * (change == 0).double().mean().item(),
        "mean weight": weights.mean().item(),
        "cells that fire per step, first tenth (%)": 100
        * fires[:tenth].double().mean().item(),
        "last tenth (%)": 100 * fires[-tenth:].double().mean().item(),
    }


table = pd.DataFrame({name: summary(after[name], fired[name]) for name in after})
table.map("{:.3g}".format)

# %% tags=["remove-input"]
caption(
    "The layer's sleep under both rules. With the gate, a change may be nothing.",
    data=data.name,
    n=steps,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# Almost every change goes down. So a cell that fires silences itself: what its first spike does to its weights
# keeps it below its threshold from then on. When every cell that can fire has done so, the layer is silent.
# With these amounts sleep ends itself.
#
# What was learned? Nearly all of the change is the fall by $b$ that the synapses of a cell have in common when it fires.
# Equation {eq}`stdp-drift` says what is left beside it. Let
# $p_i$ be the probability that input $i$ fires, which is in proportion to its pixel in the mean image. Then
# the synapses of each cell move per spike of that cell by
#
# $$\mathbb{E}[\Delta W_{ji}] = p_i\,(a + b) - b,$$ (stdp-image)
#
# a faint copy of the mean image, the same for all cells, minus $b$. Under the gated rule it is the same copy, but
# each cell's negative weights are the only ones to receive it.
#
# Is the layer's own activity really of so little weight? A cell fires *because* its inputs fired. Let $q_i$ be the
# share of the layer's spikes that fall into a step with a spike of input $i$. With $q_i$ in place of $p_i$ the
# equation is exact.


# %%
# NBVAL_CHECK_OUTPUT
def with_input(fires):
    """Share of the layer's spikes that come with a spike of each input."""
    return fires.double().sum(1) @ spikes.double() / fires.sum()


q = with_input(fired["additive"])
change = (after["additive"] - W).sum(0) / fired["additive"].sum()
print("exact with q:", torch.allclose(change.double(), q * (a + b) - b, atol=1e-4))
print("every input's synapses fall on average:", (change < 0).all().item())

# %% [markdown]
# How far is $q_i$ from $p_i$? The layer above fired too little to tell. So we hold its weights, which keeps it firing,
# and work out from $q_i$ what the rule would have done per spike:

# %%
_, held = slept(spikes, gated=False, potentiation=0.0, depression=0.0)
p = ORIGINAL.spike_probability * x[:steps].flatten(1).mean(0)
asked_for = with_input(held) * (a + b) - b
print(f"{held.sum():,} spikes of the layer")

# %% mystnb={"image": {"alt": "Change of a synapse per spike against the rate of its input"}}
drift_against_rate(100 * p, asked_for, **amounts)

# %% tags=["remove-input"]
caption(
    "Additive rule, weights held. A dot is an input cell; its change is the mean over all spikes of all cells "
    "of the layer. The upper end of the axis lies well below zero.",
    data=data.name,
    n=steps,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# Inputs that fire now and then lie above the line: a cell is likelier to fire in a step in which its inputs do.
# That is the part that learning could use, and it is small beside $b$: every dot is far below zero.

# %%
# NBVAL_CHECK_OUTPUT
print("above chance, on average:", (with_input(held).mean() > p.mean()).item())
print("all below zero:", (asked_for < 0).all().item())

# %% [markdown]
# ## What if the amounts were balanced?
#
# The depression that brings {eq}`stdp-drift` to zero for the mean input is $b = a\,p / (1 - p)$, far below the
# published one. The same sleep under the additive rule, with this amount, with less and with more:

# %%
p_mean = p.mean().item()
zero = ORIGINAL.potentiation * p_mean / (1 - p_mean)
choices = {
    "none": 0.0,
    "balanced": zero,
    "5 times that": 5 * zero,
    "20 times that": 20 * zero,
    "as published": ORIGINAL.depression,
}
rows = {}
for name, depression in choices.items():
    weights, fires = slept(spikes, gated=False, depression=depression)
    found = summary(weights, fires)
    rows[name] = {"b": depression} | {
        key: found[key]
        for key in (
            "mean weight",
            "cells that fire per step, first tenth (%)",
            "last tenth (%)",
        )
    }
pd.DataFrame(rows).T.rename_axis("depression").map("{:.3g}".format)

# %% tags=["remove-input"]
caption(
    "The layer's sleep under the additive rule with the published potentiation and other depressions.",
    data=data.name,
    n=steps,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# With too much depression the layer silences itself. With none, and with the amount that is balanced for the mean
# input, each spike makes the next one likelier, and in the end most cells fire in most steps, whatever is
# shown: the inputs that make a cell fire are not mean inputs. None of these amounts keeps the layer firing as it did at
# first. One between them might, for this layer and its inputs. Neither rule has anything that brings a cell back to a
# rate, and the next layer has inputs that fire at another.
#
# So the amounts of STDP cannot be judged without the rate at which cells fire, and the rate not without the
# thresholds of the [last page](01_from_rates_to_spikes.ipynb).
