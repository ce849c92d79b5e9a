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
# # Does sleep defend?
#
# **What was claimed.** Sleep makes a network more robust to blur, to noise and to attacks {cite:p}`tadros2020sleep`.
#
# **What this page finds.** The original's sleep, with its published settings, does help: clearly against strong blur,
# some points against noise, and some against PGD on the {term}`margin <margin loss>` at $\varepsilon = 0.1$, though not at
# half of it. Under FGSM on the margin it gains at that radius and loses hardly anything at others; on the squared error it seems to lose at
# larger ones, where that attack fails on the control. But with these settings spikes, plasticity and images have no part in
# it beyond the choice of some tens of cells. The same cells taken out without any sleep give the same numbers, and so,
# nearly, do the most active cells, found by a mean over training images. As many cells at random change little under
# blur and nothing under noise. As published, sleep is a roundabout way of {term}`pruning`. Further training on noisy images helps more
# against noise and, on these networks, against PGD; further training on blurred ones more against blur.

# %% tags=["hide-input"]
from statistics import mean, stdev

import pandas as pd

from helpers.evaluation.corruptions import SLEEP_BLUR, SLEEP_NOISE_VAR
from helpers.experiments import EXPERIMENTS
from helpers.experiments.sleep.mnist import FGSM_EPS
from helpers.experiments.sleep.tuning import BUDGET, DRAWN
from helpers.figures import caption, use_book_style
from helpers.figures.levels import (
    NETWORKS,
    LevelAxis,
    level_curves,
    network_series,
)
from helpers.figures.record_table import record_table, seed_values
from helpers.figures.seed_effects import seed_effects
from helpers.figures.standing import what_waits
from helpers.figures.tuning import PARTS, best_tries, tries
from helpers.profiles import current_profile
from helpers.records import records_of

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
records = records_of("sleep/mnist", {"recipe": "original", "dataset": "mnist"})
attacks = records_of("sleep/attacks")
tuning = records_of("sleep/tuning")

# %% [markdown]
# ## What sleep adds, with intervals
#
# The networks of one seed share their control. So the effect of sleep is the difference between a network after
# its sleep and the same network before it, and its 95 % interval is that of a mean of paired differences over seeds
# (Student's). With three seeds such an interval is wide, and it speaks of other networks trained alike, not of
# other test images.

# %%
distortions = {
    "clean": "test_acc",
    "blur 1": "blur_1",
    "blur 2": "blur_2",
    "blur 3": "blur_3",
    "noise .1": "noise_var_0.1",
    "noise .5": "noise_var_0.5",
    "noise .9": "noise_var_0.9",
    "FGSM .1, squared error": "fgsm_mse_0.1",
    "FGSM .2, squared error": "fgsm_mse_0.2",
    "FGSM .1, margin": "fgsm_margin_0.1",
    "FGSM .2, margin": "fgsm_margin_0.2",
    "PGD .1, cross-entropy": "pgd_cross_entropy_0.1",
    "PGD .05, margin": "pgd_margin_0.05",
    "PGD .1, margin": "pgd_margin_0.1",
}


def gains(names):
    """What each of these networks has more than the control of its seed."""
    columns = {NETWORKS[name][0]: {"network": name} for name in names}
    return seed_effects(records, columns, {"network": "control"}, distortions)


gains(("sleep", "pruned", "pruned_active", "pruned_random"))

# %% tags=["remove-input"]
caption(
    "Accuracy less that of the control of the same seed, in points: mean and 95 % interval over seeds. PGD on the first "
    "1,000 images.",
    data="mnist",
    n=10_000,
    seeds=3,
    profile="paper",
    records="sleep/mnist",
)

# %% [markdown]
# Bold means that the interval leaves 0 out. There are more than fifty cells and no correction for that, so two or three would be
# bold by chance alone; what counts is the pattern. Sleep costs a little more than half a point on clean images. It gains where
# much is lost: under blur of two pixels and more, and under noise, most of all at middle variances. Under FGSM and
# {term}`PGD` at $\varepsilon = 0.1$ it gains a few points, under PGD at half of that none. Under FGSM at twice that it
# *loses* on the squared error and not on the margin: what the control has more there is the failure of an attack that
# makes images more of what they are ([Blur, noise and attacks](05_blur_noise_and_attacks.ipynb)).
#
# The column beside it is the control with the cells taken out that fired in its sleep. Seed by seed, the two networks
# have the same accuracies to within a tenth of a point. The two columns after it leave out as many other cells: the
# most active ones on training images, or any.
#
# And three rivals that learn some more:

# %%
gains(("finetune_blur", "finetune_noise", "longer"))

# %% tags=["remove-input"]
caption(
    "The same for networks that learned for some more epochs, on distorted images or on clean ones.",
    data="mnist",
    n=10_000,
    seeds=3,
    profile="paper",
    records="sleep/mnist",
)

# %% [markdown]
# *Trained longer* is the twin of the two fine-tuned networks: as many more epochs, on clean images. It gains on clean
# images, under FGSM at $\varepsilon = 0.1$ and under PGD at the smaller radius, and loses under strong blur. What the two
# losses of FGSM say differs most for fine-tuning on blur: on the squared error it seems to gain more with large steps than
# any other, and on the margin it loses a little. Each kind of fine-tuning does more
# than sleep against its own distortion, and less than sleep against the other where that is strong.

# %% [markdown]
# ## How many spikes it takes
#
# The night of the original, and one with its other published settings, which the authors use against the attacks that
# look for small perturbations:

# %%
nights = {
    NETWORKS[name][0]: {"network": name} for name in ("sleep", "sleep_minimal")
}
record_table(
    records,
    nights,
    {
        "inputs fire (%)": "fired_0",
        "layer 1 (%)": "fired_1",
        "layer 2 (%)": "fired_2",
        "outputs (%)": "fired_3",
        "mean ΔW1": "shift_1",
        "mean ΔW2": "shift_2",
        "mean ΔW3": "shift_3",
    },
    digits=4,
)

# %% [markdown]
# And the spikes of all cells of a layer together, in the whole night:

# %% tags=["hide-input"]
CELLS = {"layer 1": 1200, "layer 2": 1200, "outputs": 10}
pd.DataFrame(
    {
        (NETWORKS[r.config["network"]][0], f"seed {r.config['seed']}"): {
            layer: r.metrics[f"fired_{n}"] / 100 * cells * r.config["sleep_images"]
            for n, (layer, cells) in enumerate(CELLS.items(), start=1)
        }
        for r in records
        if r.config["network"] in ("sleep", "sleep_minimal")
    }
).T.sort_index().style.format("{:.0f}")

# %%
record_table(
    records,
    nights,
    {
        "cells of layer 1 changed": "changed_cells",
        "clean (%)": "test_acc",
        "blur 2 (%)": "blur_2",
        "PGD .05, margin (%)": "pgd_margin_0.05",
    },
)

# %% tags=["remove-input"]
caption(
    "Cells that fire in a step, and what the night changed; mean and standard deviation over seeds.",
    data="mnist",
    n=10_000,
    profile="paper",
    records="sleep/mnist",
)

# %% [markdown]
# With the published settings some tens of cells of the first layer fire, once each, and none behind them. With the other
# settings most of that layer fires, about once each too, with some hundreds of spikes in the second and a couple in all
# outputs together. All three layers change, and the network that wakes up has lost a good part of what it knew of clean
# images. So here sleep is more than the removal of first-layer cells; no control without sleep was run for these settings.

# %% [markdown]
# ## The same without sleep
#
# If sleep is the removal of the most active cells, removing them should do the same. If it is the amount of change to the
# first weights, other changes of the same amount should: their mean added everywhere, the mean of each cell added to
# that cell, or the same changes in random places.

# %% mystnb={"image": {"alt": "Sleep beside removed cells and shifted weights"}}
AXES = [
    LevelAxis(
        "Blur",
        "standard deviation of the blur (pixels)",
        {level: f"blur_{level:g}" for level in SLEEP_BLUR},
    ),
    LevelAxis(
        "Noise",
        "variance of the noise",
        {level: f"noise_var_{level:g}" for level in SLEEP_NOISE_VAR},
    ),
    LevelAxis(
        "FGSM on the squared error",
        "ε (L∞, pixel range 0 to 1)",
        {eps: f"fgsm_mse_{eps:g}" for eps in FGSM_EPS},
    ),
    LevelAxis(
        "FGSM on the margin",
        "ε (L∞, pixel range 0 to 1)",
        {eps: f"fgsm_margin_{eps:g}" for eps in FGSM_EPS},
    ),
]
level_curves(
    records,
    network_series(
        "original", ("control", "sleep", "pruned", "pruned_active", "pruned_random")
    ),
    AXES,
)

# %% tags=["remove-input"]
caption(
    "Sleep, and as many cells taken out of the first hidden layer without sleep: those that fired in sleep, the most active "
    "ones on training images, or any.",
    data="mnist",
    n=10_000,
    spread="range over seeds, where there are several",
    profile="paper",
    records="sleep/mnist",
)

# %% mystnb={"image": {"alt": "Sleep beside shifts of the first weights"}}
level_curves(
    records,
    network_series(
        "original", ("control", "sleep", "shifted", "shifted_rows", "shuffled")
    ),
    AXES,
)

# %% tags=["remove-input"]
caption(
    "Sleep, and changes of the same amount to the first layer's weights without sleep.",
    data="mnist",
    n=10_000,
    spread="range over seeds, where there are several",
    profile="paper",
    records="sleep/mnist",
)

# %% [markdown]
# Taking out the cells is the whole effect. Even the choice needs no sleep: the cells with the largest mean activity on
# training images have nearly the same effect. Random cells change little under blur and nothing under noise, so there
# it is *which* cells that counts. Under FGSM on the squared error with a large step any missing cells seem to do harm; on
# the margin random ones do none.
#
# The second figure says what is not the cause. Shifting each fired cell's weights by the mean of its own change lies on
# the curve of sleep, because it silences the same cells. The same total spread over all weights, or the same changes
# in random places, do harm.
#
# Why does it help to lose the most active cells? They answer to nearly every image ([Sleep](03_sleep.ipynb)). Clipped
# noise makes images brighter, which drives such cells further; for blur we have no such reason. This is a guess after
# the fact. What the figures show is only that it needs no sleep.

# %% [markdown]
# ## Stronger attacks
#
# The report left other attacks to later work. {term}`DeepFool` and {term}`C&W` look for the smallest change in L2, the
# {term}`boundary attack` does so without gradients. {term}`JSMA` raises single pixels all the way, those that speak most
# for the runner-up among the classes, until that wins or three in ten are changed. PGD climbs the {term}`margin <margin loss>`. All of them see the networks without the ReLU on their outputs: it changes no answer that
# is above 0, and an output of 0 has no gradient.

# %%
ATTACKS = {
    "DeepFool, L2": "deepfool_l2_median",
    "C&W, L2": "cw_l2_median",
    "boundary, L2": "boundary_l2_median",
    "JSMA, pixels": "jsma_l0_median",
    "PGD .05, margin (%)": "pgd_margin_0.05",
    "PGD .1, margin (%)": "pgd_margin_0.1",
}
record_table(
    attacks,
    {
        NETWORKS[name][0]: {"network": name, "dataset": "mnist"}
        for name in (
            "control",
            "sleep",
            "pruned",
            "finetune_noise",
            "finetune_blur",
            "distilled",
            "own_outputs",
            "sleep_minimal",
        )
    },
    ATTACKS,
    digits=2,
)

# %% tags=["remove-input"]
caption(
    "Median size of the smallest perturbation that each attack finds (an image that is wrong already counts as 0, one that "
    "nothing breaks with the largest perturbation there is), and accuracy under PGD; mean and standard deviation over "
    "seeds. DeepFool, C&W and PGD on 1,000 images, the boundary attack and JSMA on 100.",
    data="mnist",
    n=1_000,
    seeds=3,
    profile="paper",
    records="sleep/attacks",
)

# %%
seed_effects(
    attacks,
    {
        NETWORKS[name][0]: {"network": name}
        for name in (
            "sleep",
            "pruned",
            "finetune_noise",
            "finetune_blur",
            "distilled",
        )
    },
    {"network": "control"},
    ATTACKS,
    digits=2,
)

# %% tags=["remove-input"]
caption(
    "The same, less the control of the same seed: mean and 95 % interval over seeds.",
    data="mnist",
    n=1_000,
    seeds=3,
    profile="paper",
    records="sleep/attacks",
)

# %% [markdown]
# The sizes say how far the nearest mistake is. Sleep moves it a little further away under each of these attacks, and taking
# the cells out without sleep does so as well. Training on noisy images moves it further by far under DeepFool, C&W and JSMA.
# The boundary attack's sizes are several times those of DeepFool: its 2,000 steps are too few for it to come near, so
# its column tells little. C&W was given 300 steps in each of five searches.
#
# The night with the other settings, which are the original's own for attacks of this kind, leaves a network whose mistakes
# are nearer than those of any other here.

# %% [markdown]
# ## Tuned alike
#
# The original tuned its sleep for these distortions, and a second time for other attacks; of tuning its rivals we have
# found nothing. So each defence gets the same number of tries here, with settings drawn at random, and is judged
# on training images that no network has learned from. What counts is the mean of four accuracies: clean, blur with
# $\sigma = 2$, noise of variance $0.5$, and FGSM at $\varepsilon = 0.1$ that climbs the margin, so that large scores hide
# nothing. The first try of each defence is what was published, or the recipe's own. Sleep has more settings than the
# others, so the same number of tries searches them less densely. *Trained longer* is a rival too: what a defence gains by
# more training alone is no gain of the defence.
#
# One thing makes the comparison uneven. Two rivals learn from the very distortions by which they are judged: the
# network fine-tuned on noise from variances among which $0.5$ is, the one fine-tuned on blur from widths among which 2
# is. Neither sleep nor longer training sees a distorted image. So the tables below have the mean without them too.

# %% mystnb={"image": {"alt": "The tries of the tuner for each defence"}}
tries(tuning, tuple(DRAWN))

# %% tags=["remove-input"]
caption(
    f"Each dot is one try, {BUDGET} for each defence, seed 0; the dashed line is the control.",
    data="mnist, training images that were kept back",
    n=2_000,
    profile="paper",
    records="sleep/tuning",
)

# %%
best_tries(tuning, tuple(DRAWN)).style

# %% tags=["remove-input"]
caption(
    "The best try of each defence: the mean of the four accuracies, the four, and its settings.",
    data="mnist, training images that were kept back",
    n=2_000,
    seeds=1,
    profile="paper",
    records="sleep/tuning",
)

# %% [markdown]
# Twelve tries hardly move the mean of sleep: the best is little better than what was published. Plain longer training
# reaches about as much by other means, on clean images and under FGSM, where sleep gains against blur and noise. Further
# training on noisy images is ahead of all others by far, and has learned from the noise that makes the difference. Retraining on own outputs gains next to nothing.
#
# The best try of each, chosen on those images alone, then meets the test images, with networks of three seeds. First by
# what it was chosen for:

# %%
chosen = {
    NETWORKS[name][0]: {"defence": name, "split": "test"}
    for name in ("control", *DRAWN)
}
record_table(tuning, chosen, PARTS)

# %% [markdown]
# Its mean over all four, and over those on which no defence was trained:

# %% tags=["hide-input"]
MEANS = {
    "all four": (),
    "without blur": ("blur_2",),
    "without noise": ("noise_var_0.5",),
    "without either": ("blur_2", "noise_var_0.5"),
}


def mean_without(where, left_out):
    """Mean ± standard deviation over seeds of the mean of the accuracies that are left."""
    columns = [m for m in PARTS.values() if m not in ("objective", *left_out)]
    by_metric = [seed_values(tuning, metric, where) for metric in columns]
    means = [mean(values) for values in zip(*by_metric, strict=True)]
    if len(means) < 2:
        return "·"
    return f"{mean(means):.1f} ± {stdev(means):.1f}"


pd.DataFrame(
    {
        name: {label: mean_without(where, out) for label, out in MEANS.items()}
        for name, where in chosen.items()
    }
).T

# %% [markdown]
# And then by what no try was judged by. To the network fine-tuned on noise the noise here is not new either, nor is the
# weaker blur to the one fine-tuned on blur:

# %%
UNSEEN = {
    "blur 1": "blur_1",
    "blur 3": "blur_3",
    "noise .1": "noise_var_0.1",
    "noise .9": "noise_var_0.9",
    "FGSM .2": "fgsm_mse_0.2",
    "PGD .1, squared error": "pgd_mse_0.1",
    "PGD .05, margin": "pgd_margin_0.05",
    "PGD .1, margin": "pgd_margin_0.1",
}
record_table(tuning, chosen, UNSEEN)

# %% tags=["remove-input"]
caption(
    "The chosen tries on test images, in percent; mean and standard deviation over seeds. PGD on the first 1,000 images.",
    data="mnist",
    n=10_000,
    seeds=3,
    profile="paper",
    records="sleep/tuning",
)

# %%
seed_effects(
    [*records, *tuning],
    {"sleep, tuned less published": {"defence": "sleep", "split": "test"}},
    {"network": "sleep", "dataset": "mnist"},
    {
        name: metric
        for name, metric in (
            {"clean": "test_acc", "blur 2": "blur_2", "noise .5": "noise_var_0.5"}
            | UNSEEN
        ).items()
        if metric != "pgd_mse_0.1"
    },
)

# %% tags=["remove-input"]
caption(
    "What tuning changed in sleep, in points: mean and 95 % interval over seeds.",
    data="mnist",
    n=10_000,
    seeds=3,
    profile="paper",
    records="sleep/tuning",
)

# %%
what_waits(EXPERIMENTS["sleep/tuning"])

# %% [markdown]
# By the mean of all four, training on noisy images is first on each seed. Leave the noise out, and nothing is left of its
# lead: plain longer training and both kinds of fine-tuning stand close together, and sleep stands behind them. All
# that train further chose the most passes that could be drawn, so more of them may do more. Tuning moved sleep all the same: it
# gives up a little under mild distortions and gains much under strong ones. What it gains is gone at the smaller radius:
# under PGD on the margin at $\varepsilon = 0.05$ the tuned sleep is behind its control, and far behind the network that just
# trained longer, and at twice that radius ahead of both, and behind the distilled network and the one trained on noisy images.
#
# One column stands apart: forty steps of PGD on the squared error take next to nothing from the distilled network, and the
# same steps on the margin more than half. Whoever had tuned by the first attack would have chosen the wrong defence.
#
# ## The verdict
#
# *Does sleep defend?* As published and as its authors' code runs it: against blur and noise, by pruning the most active
# cells of the first layer. Against PGD the gain is smaller than that of training on noisy images. The
# network is far from robust: at $\varepsilon = 0.1$ an attack on the margin turns most images, with or without sleep.
#
# *Does sleep do what its name says?* With the published settings it does not. Two of three layers do not take part, the
# images serve to pick cells, and the mean activity of the cells picks nearly as well. All that the synapses have learned can
# be replaced by silence. Whether the tuned sleep, which helps more under strong distortions, is pruning too has not been
# tested.
#
# *What would a fair test of the idea be?* One in which all layers fire through the whole night, in which the balance of
# potentiation and depression is set so that cells neither die nor run away ([STDP](02_stdp.ipynb)), and which is compared
# with pruning, with training on noise and with plain longer training under the same attacks.
