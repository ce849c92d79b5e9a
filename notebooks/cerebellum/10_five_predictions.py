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
# # Five predictions
#
# **What was claimed.** Nothing: no paper makes these. They test the account of
# [batch size one](09_batch_size_one.ipynb), where the cerebellum paper found a robustness that it could not explain
# {cite:p}`liu2021cerebellum`. In short: each output has a constant error that no readout can remove. Training on single images
# turns it into a *common mode*, a part of the readout that moves all outputs together. It decides nothing, but the
# attack on the squared error climbs along it, and in vain.
#
# **What this page finds.** The first two predictions, (a) and (b), hold throughout. The next two, (c) and (d),
# hold on the fully connected model, and more slowly or in part on the sparse one. The last, (e), holds in
# what it says of the cause, and fails in what it says of the effect. All full-scale numbers come from one seed so far.
#
# Where they come from: the account and the five predictions were drawn up after a small study, before the first run of
# this page, of a fully connected model with 1,000 cells and of a sparse one with 20,000. So the fully connected model
# below is the one that the account was made for, trained again; the sparse one, with 200,000 cells, is the new test.
# Which models, attacks and images test them is laid down in one file,
# `experiments/cerebellum/batch_one.py`, which is older than its first record. One variant of both models
# came later, when the others had run: moved targets at fifty images, for the
# [paper's main result](09_batch_size_one.ipynb).

# %% tags=["hide-input"]
import pandas as pd

from helpers import cerebellum
from helpers.cerebellum import centred, common_mode
from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.experiments import EXPERIMENTS
from helpers.experiments.cerebellum.batch_one import (
    AS_IN_PAPER,
    BATCHES,
    LONG_BETA,
    MODEL_ROWS,
)
from helpers.figures import CEREBELLUM, caption, use_book_style
from helpers.figures.panels import seed_quantities
from helpers.figures.record_table import record_table, seed_values
from helpers.figures.standing import what_waits
from helpers.profiles import current_profile
from helpers.records import records_of

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
records = records_of("cerebellum/batch_one")
trained = {
    f"{name}, batch {batch}": where | AS_IN_PAPER | {"batch": batch}
    for name, where in MODEL_ROWS.items()
    for batch in (1, 50)
}
what_waits(EXPERIMENTS["cerebellum/batch_one"])

# %% [markdown]
# ## (a) Without its common mode the model answers the same, and falls
#
# The common mode $\bar w$ is the mean of the ten columns of the readout $W$. Subtract it from each of them. On a small
# model, trained here on one image at a time, not one answer changes:

# %%
data = load("mnist", profile=profile)
images, labels = as_float(data.test_images), data.test_labels
m = {"smoke": 200, "laptop": 1_000, "paper": 1_000}[profile]
model = cerebellum.build(d=784, m=m, k=None, beta=0.99, seed=0)
cerebellum.train(
    model,
    as_float(data.train_images),
    data.train_labels,
    images,
    labels,
    batch=1,
    epochs={"smoke": 3, "laptop": 1, "paper": 10}[profile],
)
without = centred(model)

# %%
# NBVAL_CHECK_OUTPUT
bool((model(images).argmax(1) == without(images).argmax(1)).all())

# %%
# NBVAL_CHECK_OUTPUT
bool(common_mode(without.W).abs().max() < 1e-6)

# %% [markdown]
# But the attack now has nothing to climb in vain.

# %%
n = {"smoke": 50, "laptop": 500, "paper": 2_000}[profile]
attack = AttackSetting("pgd", "mse", 0.1)
pd.Series(
    {
        "with its common mode": accuracy_under(
            attack, model, images[:n], labels[:n]
        ),
        "without": accuracy_under(attack, without, images[:n], labels[:n]),
    }
).map("{:.1f} %".format).to_frame("right under PGD, squared error, eps = 0.1")

# %% [markdown]
# At the paper's scale, accuracy in percent. The attacks of this and the following tables are on the first
# 2,000 test images, which are harder than the rest: on all 10,000, as in the paper and in the tables of the
# page before, more is left. The clean accuracy is on all.

# %% tags=["hide-input"]
record_table(
    records,
    trained,
    {
        "clean": "test_acc",
        "clean, without": "test_acc_centred",
        "FGSM": "fgsm_mse_0.1",
        "FGSM, without": "fgsm_mse_0.1_centred",
        "PGD": "pgd_mse_0.1",
        "PGD, without": "pgd_mse_0.1_centred",
        "share": "common_share",
    },
)

# %% [markdown]
# ## (b) Another loss breaks every such model
#
# Cross-entropy and margin do not change when all outputs move together. The same forty steps of the same
# size, with nothing else changed:

# %% tags=["hide-input"]
record_table(
    records,
    trained,
    {
        f"{name}, eps = {eps}": f"pgd_{loss}_{eps}"
        for eps in (0.1, 0.3)
        for name, loss in (
            ("squared error", "mse"),
            ("cross-entropy", "cross_entropy"),
            ("margin", "margin"),
        )
    },
)

# %% [markdown]
# ## (c) A bias prevents it
#
# A bias gives the outputs the mean that the targets have, so the constant error goes. Two ways: a bias
# that learns by the same rule, and a fixed one of a tenth, which is the same as moving all targets down
# by a tenth. Or leave out depression: then the features are not centred and can carry the constant
# themselves.
#
# A bias that learns takes steps of the size of the learning rate, $0.5 / m$. To reach a tenth it needs
# a few hundred images with 1,000 cells, but tens of thousands with 200,000. Until then the error is
# there, and the common mode grows. So in the sparse model this cure comes late, and a part of the shield
# is still there in the model that is kept. Without depression there is no constant error, and yet the sparse model has a part
# of the shield, which goes with its common mode. The account does not say why.

# %% tags=["hide-input"]
variants = {
    "as in the paper": AS_IN_PAPER,
    "bias that learns": AS_IN_PAPER | {"bias": "learned"},
    "targets moved by a tenth": AS_IN_PAPER | {"bias": "fixed"},
    "no depression": {"ltd": False, "bias": "none"},
}
shown = {
    "clean": "test_acc",
    "PGD, squared error": "pgd_mse_0.1",
    "without common mode": "pgd_mse_0.1_centred",
    "PGD, margin": "pgd_margin_0.1",
    "share": "common_share",
}
record_table(
    records,
    {
        f"{name.split(' ')[0]}: {variant}": where | settings | {"batch": 1}
        for name, where in MODEL_ROWS.items()
        for variant, settings in variants.items()
    },
    shown,
)

# %% [markdown]
# ## (d) It fades with the size of the batch
#
# It does, at once in the fully connected model and slowly in the sparse one. There one, two and
# five images leave about the same under PGD; under FGSM it fades from the first. With twenty the share is back near its
# tenth, and PGD still leaves most answers right.

# %% mystnb={"image": {"alt": "Share of the common mode and accuracy under PGD against the batch size"}} tags=["hide-input"]
seed_quantities(
    {
        label: {
            name: {
                batch: seed_values(
                    records, metric, where | AS_IN_PAPER | {"batch": batch}
                )
                for batch in BATCHES
            }
            for name, where in MODEL_ROWS.items()
        }
        for label, metric in {
            "share of the common mode (%)": "common_share",
            "right under PGD,\nsquared error, ε = 0.1 (%)": "pgd_mse_0.1",
        }.items()
    },
    styles={
        name: (CEREBELLUM, {"fc": "o", "rc": "s"}[where["granule"]])
        for name, where in MODEL_ROWS.items()
    },
    xlabel="images per training step",
    log=True,
)

# %% tags=["remove-input"]
caption(
    "The share of the common mode and what PGD on the squared error leaves, by the number of images in "
    "a training step.",
    data="mnist",
    n=2_000,
    profile="paper",
    spread="range over seeds, where there are several",
    records="cerebellum/batch_one",
)

# %% [markdown]
# The push on the sum of the outputs goes the same way. In the fully connected model it is gone with five
# images:

# %% tags=["hide-input"]
record_table(
    records,
    {
        f"{name}, batch {batch}": where | AS_IN_PAPER | {"batch": batch}
        for name, where in MODEL_ROWS.items()
        for batch in BATCHES
    },
    {"sum, image": "climb_mse_sum_0", "sum, 40 steps": "climb_mse_sum_40"},
    digits=2,
)

# %% [markdown]
# ## (e) Noise in the moving average is not the cause
#
# With one image at a time the moving average $\mu$ is noisy: it remembers about a hundred images, not
# five thousand. Two models without that noise: one with a memory as long, in images, as at a batch of
# fifty, and one that subtracts the exact mean of the training images from the first step on.
#
# In both models the common mode grows without the noise too, and further than with it. In the fully
# connected one the shield grows with it, as predicted. In the sparse one a part of it is left under FGSM,
# and under PGD it is gone:

# %% tags=["hide-input"]
averages = {
    "as in the paper": AS_IN_PAPER,
    "memory as long as at batch 50": AS_IN_PAPER | {"beta": LONG_BETA},
    "exact mean": {"bias": "none", "average": "exact"},
}
record_table(
    records,
    {
        f"{name.split(' ')[0]}: {variant}": where | settings | {"batch": 1}
        for name, where in MODEL_ROWS.items()
        for variant, settings in averages.items()
    },
    {"FGSM": "fgsm_mse_0.1", "FGSM, without": "fgsm_mse_0.1_centred"} | shown,
)

# %% [markdown]
# What PGD leaves of the last two is the same with the common mode and without, and but for one image the
# share of the fives among these images of MNIST:

# %%
first = load("mnist", profile=profile)
fives = (first.test_labels[:2_000] == 5).double().mean().item()
f"{first.name}: {100 * fives:.2f} % fives"

# %% [markdown]
# So it seems that every image is answered 5 in the end. Nearly all of that readout is common mode, and
# still the attack on the squared error wins. The records of its climb say how. It drives the sum of the
# outputs more than twenty times as far as in the paper's model, and the margin comes along. The attack on the margin
# in turn, which has no reason to move the sum, moves it as far.

# %% tags=["hide-input"]
record_table(
    records,
    {
        f"RC: {variant}": MODEL_ROWS["RC + LTD, k = 4, m = 200,000"]
        | settings
        | {"batch": 1}
        for variant, settings in averages.items()
    },
    {
        "sum, image": "climb_mse_sum_0",
        "sum, 40 steps": "climb_mse_sum_40",
        "margin, image": "climb_mse_margin_0",
        "margin, 40 steps": "climb_mse_margin_40",
        "sum, 40 steps on the margin": "climb_margin_sum_40",
    },
    digits=2,
)

# %% [markdown]
# So a common mode shields while the push along it leaves the differences between classes alone. When it
# has grown out of all proportion it does not: the same pixels move both. Why the noise of a short memory
# keeps the sparse model in between is open.
#
# ## What to take along
#
# An account that explains a result can still be wrong, and a prediction that fails is worth more than one that holds:
# that a large common mode does not always shield was not expected. What is left of the account is its cause, the constant
# error, which a tenth taken off the targets removes; and its cure, a loss that a common shift cannot change. It is not
# the only cause: single images give the sparse model a smaller shield without it.
