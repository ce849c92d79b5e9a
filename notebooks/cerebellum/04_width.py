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
# # Width
#
# **What was claimed.** The cerebellum is wide: up to 200,000 {term}`granule cells <granule cell>` feed
# one {term}`Purkinje cell`. Robustness "increases along with its width", but the gain is small, and the
# wide network stays behind a deep one {cite:p}`liu2021cerebellum`.
#
# **What this page finds.** More cells make a better reader of digits, and one step of the paper's attack leaves more
# of the answers right. Its forty steps leave more up to 5,000 cells and no more from there; at $\varepsilon = 0.3$ they
# leave less. (All widths but one come from one seed.) And most of the gain is the attack's. The same forty steps aimed at
# the margin instead of at the squared error leave next to nothing at any width; the table below the first figure
# says how little. Small models trained here on MNIST show what width does: the
# border between classes does move away from the images, but stays far inside the ball of the attack, and the
# direction in which the squared error climbs is not the direction of that border.

# %% tags=["hide-input"]
from statistics import mean

import pandas as pd
import torch

from helpers import cerebellum
from helpers.attacks import LOSSES, input_gradient
from helpers.claims import ledger_frame, read_claims, records_for
from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.figures import caption, size_panels, use_book_style
from helpers.figures.ledger_table import paper_table, sentence_table
from helpers.figures.size_rows import baseline_rows, loss_table, size_rows
from helpers.figures.standing import what_differs, what_ran
from helpers.profiles import current_profile
from helpers.widgets import show_live

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
seeds = (0, 123)  # the paper's
claims = [c for c in read_claims() if c.experiment == "cerebellum/mnist"]
records = [r for r in records_for(claims) if r.config["seed"] in seeds]
ledger = ledger_frame(claims, records)
fc = ledger[ledger.place.str.startswith("Table 6, FC, ")]
what_ran(fc)

# %% [markdown]
# ## The paper's experiment
#
# Everything is as on the [page of the model](02_the_model.ipynb): a fully connected granule layer (FC),
# no {term}`long-term depression <LTD>`, fifty images a step, ten epochs. Only the number of cells $m$
# changes, and with it the size of a step, $\eta = 0.5 / m$. The paper runs every $m$ twice, with two
# {term}`seeds <seed>`, and draws a convolutional network (CNN) beside it as the {term}`baseline`. It does not say
# which one, nor on which loss it was attacked. Ours is attacked on the cross-entropy, on which it was trained; under PGD at
# $\varepsilon = 0.1$ it stands well above the paper's, which with another network decides nothing.
#
# The figure adds one attack that the paper does not have: {term}`PGD` with the same number of steps of the
# same size, on the [margin](03_first_attack.ipynb) instead of the squared error.

# %% mystnb={"image": {"alt": "Accuracy against the number of granule cells, five panels"}}
panels = size_rows(claims, records, table="Table 6", rows=["FC"], size="m")
show_live(
    size_panels(
        panels,
        xlabel="m, granule cells",
        ticks=[1_000, 10_000, 100_000],
        baselines=baseline_rows(claims, records, table="Table 6"),
    )
)

# %% tags=["remove-input"]
caption(
    "Accuracy against the width of a fully connected granule layer without depression, batch 50. "
    "Squared error: all test images; margin: the first 2,000. Open marks and the dashed line are the "
    "paper's. A size without a filled mark has not run; one without a bar has one seed.",
    data="mnist",
    n=10_000,
    spread="range over seeds, where there are two",
    profile="paper",
    records="cerebellum/mnist",
)

# %% [markdown]
# Under the paper's attacks the open marks rise with $m$ and then stay where they are, except for the
# last panel, where there is hardly anything to lose. How much of what is left is the attack's? The same
# models, the same number of steps, another loss:

# %%
loss_table(panels)

# %% [markdown]
# ## What width does to the model
#
# As $m$ grows, the random layer becomes less random. The readout learns from the products
# $h(x)^\top h(x')$ of the activities of two images, and with $1/m$ in front these are means over more
# and more cells drawn alike. In the limit they are a fixed function of $x$ and $x'$, a *kernel*
# {cite:p}`rahimi2007`, and for ReLU one that can be written down {cite:p}`cho2009`. So a
# very wide layer is not a stronger and stronger model. It is one model, which narrow layers approximate
# badly.
#
# We can see it happen. For each of a few widths we train two models that differ in their seed alone.

# %%
data = load("mnist", profile=profile)
data

# %%
widths = {"smoke": [50, 200, 800], "laptop": [250, 1_000, 4_000]}.get(
    profile, [1_000, 5_000, 20_000]
)
n_train = {"smoke": 1_000, "laptop": 10_000, "paper": 60_000}[profile]
n_test = {"smoke": 100, "laptop": 300, "paper": 1_000}[profile]
x, labels = as_float(data.train_images[:n_train]), data.train_labels[:n_train]
x_test, test_labels = as_float(data.test_images), data.test_labels


def trained(m, seed):
    """A fully connected cerebellum without depression, after four epochs."""
    model = cerebellum.build(d=784, m=m, k=None, beta=None, seed=seed)
    cerebellum.train(model, x, labels, x_test, test_labels, epochs=4, seed=seed)
    return model


pairs = {m: [trained(m, seed) for seed in seeds] for m in widths}

# %% [markdown]
# Two measures of a trained model. The first is its *reach*: how far the border is, if the model were
# linear around the image. Let $g = \hat y_y - \max_{j \ne y} \hat y_j$ be the lead of a right answer, the margin
# with the sign turned. If every pixel moves by $\varepsilon$ in the worst direction, a linear model loses
# $\varepsilon \lVert \nabla g \rVert_1$. The answer tips at
#
# $$\hat\varepsilon = \frac{g}{\lVert \nabla g \rVert_1}.$$ (width-reach)
#
# The second is the *aim* of the squared error $\ell$: how much of that worst loss a step along
# $\mathrm{sign}\,\nabla \ell$ achieves. It is 1 for a step straight at the border, and 0 for one along it.
#
# $$a = - \frac{\mathrm{sign}(\nabla \ell)^\top \nabla g}{\lVert \nabla g \rVert_1}$$ (width-aim)


# %%
def reach_and_aim(model, images, labels):
    """Medians over the right answers of (eps at which a linear model tips, a)."""
    squared, _ = input_gradient(model, LOSSES["mse"], images, labels)
    slope, g = input_gradient(model, LOSSES["margin"], images, labels)
    squared, slope = squared.flatten(1), -slope.flatten(1)
    steep, right = slope.abs().sum(1), g < 0
    reach = -g / steep
    aim = -(squared.sign() * slope).sum(1) / steep
    return reach[right].median().item(), aim[right].median().item()


# %% [markdown]
# The first column says how often the two models of a width give the same answer to a test image. The
# others are means over the two.

# %%
shown, shown_labels = x_test[:n_test], test_labels[:n_test]
rows = {}
for m, models in pairs.items():
    with torch.no_grad():
        answers = torch.stack([model(x_test).argmax(1) for model in models])
    measured = [reach_and_aim(model, shown, shown_labels) for model in models]
    reach, aim = torch.tensor(measured).mean(0).tolist()
    left = {
        loss: [
            accuracy_under(
                AttackSetting("fgsm", loss, 0.1), model, shown, shown_labels
            )
            for model in models
        ]
        for loss in ("mse", "margin")
    }
    rows[m] = {
        "same answer (%)": 100 * (answers[0] == answers[1]).float().mean().item(),
        "right (%)": 100 * (answers == test_labels).float().mean().item(),
        "reach": reach,
        "aim": aim,
        "FGSM, squared error (%)": mean(left["mse"]),
        "FGSM, margin (%)": mean(left["margin"]),
    }
measures = pd.DataFrame(rows).T.rename_axis("m")
measures.style.format("{:.1f}").format("{:.3f}", subset=["reach", "aim"])

# %% tags=["remove-input"]
caption(
    "Models of this page. The last two columns: accuracy under one step with eps = 0.1.",
    data=data.name,
    n=n_test,
    seeds=len(seeds),
    profile=profile,
)

# %% [markdown]
# Wider models agree more with each other and are right more often. Their reach grows, which is a real
# gain: the border does move away. But it is measured in hundredths, and the attacks of the paper
# move every pixel by 0.1 {cite:p}`liu2021cerebellum`. Meanwhile the aim of the squared error is less than 1, so even one
# step of {term}`FGSM` leaves answers right that a step at the border does not. For the record:

# %%
# NBVAL_CHECK_OUTPUT
print("reach grows with m:", measures.reach.is_monotonic_increasing)
print("and stays below half of 0.1:", (measures.reach < 0.05).all())
print("the squared error is not aimed at the border:", (measures.aim < 1).all())

# %% [markdown]
# Why is the aim not 1? The gradient of the squared error is a sum over all ten outputs, each weighted
# with its error. Training makes the errors of a good model small and leaves their pattern to chance, and
# the gradient follows that pattern. The margin looks at two outputs alone.
#
# *Try it:* add `100` or `20_000` to `widths`, or ask `reach_and_aim` about the cross-entropy,
# `LOSSES["cross_entropy"]`.
#
# ## Beside the paper
#
# A cell holds the paper's accuracy in percent and ours below it; [how to read this
# book](../../book/how_to_read.md) explains the marks.

# %%
paper_table(fc)

# %% [markdown]
# Which cells are off, and by how much? The last column measures the difference by the spread over seeds
# that our own records have in that column. That spread rests on the few models that have run twice. So below
# about three and a half, chance alone may have made one such cell; that they lie on the same side under FGSM says
# more than their size.

# %%
what_differs(fc, ledger[ledger.place.str.startswith("Table 6, ")])

# %% [markdown]
# From 10,000 cells on and without depression, ours stand above the paper's under FGSM at each width, by a
# few points; under PGD at $\varepsilon = 0.1$ they stand a little below it. On the next two pages most sparse models
# without depression do the same. With depression those under FGSM scatter round the paper's, and under PGD most still lie
# a little below. Nearly all of these come from seed 0, which where both have run has the higher numbers under FGSM; but it
# has them under PGD as well, so that alone is no reason. The attack may differ in its step: [Ablation](07_ablation.ipynb) has both
# that the paper names, and the one that we do not take leaves a little more of sparse models. Whether anything in the training differs is open until
# the second seed has run at these widths.
#
# ## The verdict
#
# The paper's sentences about width, each with a criterion that a program decides. The column *by the
# paper's own numbers* says whether the numbers that the paper prints meet it.

# %%
sentence_table(ledger[ledger.id.str.startswith("cerebellum-s5-width")])

# %% [markdown]
# One detail of the paper's own numbers: under PGD at the small radius they rise from 9.0 at $m = 1,000$ to
# 15.7 at 5,000 and are 15.3 at 200,000 {cite:p}`liu2021cerebellum`. So from 5,000 cells on there is no
# rise under PGD; it goes on under FGSM alone, the weaker attack.
#
# The paper concludes that width does not protect. The better aimed attack supports that more clearly
# than the paper's own. Whether [depression](05_long_term_depression.ipynb)
# or [few inputs per cell](06_sparse_connectivity.ipynb) do better is asked on the next two pages.
