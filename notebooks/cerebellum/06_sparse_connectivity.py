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
# # Sparse connectivity
#
# **What was claimed.** At the same number of synapses, granule cells with few inputs are a little more
# robust than cells with all; "the optimal attains when $k=2$, but in all the effect is of no
# significance" {cite:p}`liu2021cerebellum`.
#
# **What this page finds.** With few inputs per cell, gradients vanish where an image is black, and an
# attack that follows them leaves black pixels alone. That is
# {term}`gradient masking`, not robustness. In small models that this page trains on MNIST, an attacker who
# computes the gradient on an image brighter by a thousandth of the pixel range undoes what $k = 1$ and $k = 2$ gain
# against one step, and what $k = 1$ gains against forty. For $k = 1$, where the model is linear, the
# worst perturbation can be calculated instead of searched for. At the paper's scale, most of it from one seed, the
# margin leaves next to nothing at every $k$ but 1, and a little there. The paper's optimum at
# $k = 2$ stands in our runs too, by less than chance can make.

# %% tags=["hide-input"]
import pandas as pd
import torch

from helpers import cerebellum
from helpers.attacks import LOSSES, fgsm, input_gradient, pgd
from helpers.claims import ledger_frame, read_claims, records_for
from helpers.data import as_float, load
from helpers.figures import caption, size_panels, use_book_style
from helpers.figures.ledger_table import paper_table, sentence_table
from helpers.figures.size_rows import baseline_rows, loss_table, size_rows
from helpers.figures.standing import what_differs, what_ran
from helpers.profiles import current_profile
from helpers.training import accuracy
from helpers.widgets import show_live

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
seeds = (0, 123)  # the paper's
claims = [c for c in read_claims() if c.experiment == "cerebellum/mnist"]
records = [r for r in records_for(claims) if r.config["seed"] in seeds]
ledger = ledger_frame(claims, records)
rc = ledger[ledger.place.str.startswith("Table 6, RC")]
what_ran(rc)

# %% [markdown]
# ## The paper's experiment
#
# A granule cell has $k$ inputs, drawn at random (RC). Each of the $m$ cells costs $k$ synapses for its
# inputs, and for each of the $c$ outputs one with the {term}`Purkinje cell` and one with its
# {term}`climbing fibre`. The paper gives all models the same number of synapses $S$, that of the rat's
# 200,000 cells with four inputs each and of ten outputs:
#
# $$S = m\,(k + 2c), \qquad m = \frac{S}{k + 2c}, \qquad
# S = 200{,}000 \cdot (4 + 2 \cdot 10).$$ (sparse-budget)
#
# So sparse means wide here: few inputs per cell buy many cells, and the two cannot be told apart. The
# sizes that the paper prints follow from {eq}`sparse-budget`:

# %%
# NBVAL_CHECK_OUTPUT
synapses, c = 200_000 * (4 + 2 * 10), 10
printed = {
    claim.config["k"]: claim.config["m"]
    for claim in claims
    if claim.place.startswith("Table 6, RC, ")
}
print(printed)
print(all(m == round(synapses / (k + 2 * c)) for k, m in printed.items()))

# %% mystnb={"image": {"alt": "Accuracy against inputs per granule cell, five panels"}}
panels = size_rows(
    claims, records, table="Table 6", rows=["RC", "RC + LTD"], size="k"
)
show_live(
    size_panels(
        panels,
        xlabel="k, inputs per granule cell",
        ticks=sorted(printed),
        baselines=baseline_rows(claims, records, table="Table 6"),
    )
)

# %% tags=["remove-input"]
caption(
    "Accuracy against inputs per cell at one number of synapses, batch 50; circles without "
    "depression, squares with it. Squared error: all test images; margin: the first 2,000. The CNN, ours, is attacked "
    "on the cross-entropy, on which it was trained. Open marks "
    "and the dashed line are the paper's. A k without a filled mark has not run; one without a bar has "
    "one seed.",
    data="mnist",
    n=10_000,
    spread="range over seeds, where there are two",
    profile="paper",
    records="cerebellum/mnist",
)

# %%
loss_table(panels)

# %% [markdown]
# In the paper's numbers three things happen as $k$ falls. Clean accuracy is highest in the middle and
# drops at the end, most of all at $k = 1$. FGSM leaves more and more right at the small radius. And PGD,
# which should find whatever FGSM finds and more, leaves most where $k$ is 4, 2 or 1. To see why, we look
# at the end where the model is simplest.
#
# ## One input per cell: a linear model
#
# With $k = 1$ a cell answers $h_j = \mathrm{ReLU}(w_j x_{i(j)})$. A pixel is never negative, so this is
# $\max(w_j, 0)\, x_{i(j)}$: nothing is bent, and the whole network is one matrix,
#
# $$\hat y = A^\top x, \qquad A = \max(J, 0)\, W.$$ (sparse-linear)

# %%
data = load("mnist", profile=profile)
data

# %%
share, n_train, n = {
    "smoke": (1 / 1000, 500, 40),
    "laptop": (1 / 80, 8_000, 200),
    "paper": (1, 60_000, 1_000),
}[profile]
x, labels = as_float(data.train_images[:n_train]), data.train_labels[:n_train]
x_test, test_labels = as_float(data.test_images), data.test_labels
shown, shown_labels = x_test[:n], test_labels[:n]


def trained(k):
    """A cerebellum with k inputs per cell and a share of the paper's synapses."""
    m = round(share * synapses / (k + 2 * c))
    model = cerebellum.build(d=784, m=m, k=k, beta=None)
    cerebellum.train(model, x, labels, x_test, test_labels, epochs=3)
    return model


models = {k: trained(k) for k in (1, 2, 4, 10, 784)}

# %%
# NBVAL_CHECK_OUTPUT
linear = models[1]
A = linear.granule.matrix().clamp(min=0) @ linear.W
torch.allclose(linear(shown), shown.flatten(1) @ A, atol=1e-4)

# %% [markdown]
# A linear model leaves nothing to search. To pass from the right class $y$ to class $j$, each pixel moves
# by $\varepsilon$ in the direction of the sign of $A_{ij} - A_{iy}$, or until it is black or white, and no
# other perturbation in the ball does better. If the best $j$ does not tip the answer, nothing does. So
# this is not an attack but the exact accuracy under the strongest one:


# %%
def exact(A, images, labels, eps):
    """Percent right of a linear model, whatever moves no pixel by more than eps."""
    flat = images.flatten(1)
    up, down = (1 - flat).clamp(max=eps), flat.clamp(max=eps)
    gap = (
        A[None] - A.T[labels.long()][:, :, None]
    )  # (n, pixels, classes): A_ij - A_iy
    worst = torch.einsum("ni,nij->nj", flat + up, gap.clamp(min=0))
    worst += torch.einsum("ni,nij->nj", flat - down, gap.clamp(max=0))
    others = worst.scatter(1, labels.long()[:, None], float("-inf"))
    return 100 * (others.amax(1) < 0).float().mean().item()


eps = 0.1
steps = {"step": 0.01, "steps": 10 if profile == "smoke" else 40}
found = {
    "FGSM, squared error": fgsm(linear, shown, shown_labels, eps),
    "PGD, squared error": pgd(linear, shown, shown_labels, eps, **steps),
    "PGD, margin": pgd(linear, shown, shown_labels, eps, loss="margin", **steps),
}
right = {
    name: 100 - 100 * r.success.float().mean().item() for name, r in found.items()
}
right["no attack"] = accuracy(linear, shown, shown_labels)
right["exact"] = exact(A, shown, shown_labels, eps)
pd.Series(right, name="right (%)").round(1).to_frame()

# %% tags=["remove-input"]
caption(
    f"One input per cell, m = {linear.granule.m}, eps = 0.1: what attacks leave, and what there is.",
    data=data.name,
    n=n,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# On a linear model one step ought to be nearly as good as any attack. It is far from it, and on MNIST
# forty steps are not exact either. Something is wrong with the gradient.
#
# ## Black pixels
#
# The slope of ReLU is 0 below zero and 1 above, and *at* zero automatic differentiation takes 0. A cell
# with one input sits exactly there whenever its pixel is black. So the gradient of every black pixel is
# zero, the attack leaves it as it is, and most pixels of a digit are black. A cell with $k$ inputs sits at
# zero when all $k$ are black, which becomes rare as $k$ grows:


# %%
def still(model):
    """Share of the black pixels whose gradient is exactly zero."""
    gradient, _ = input_gradient(model, LOSSES["mse"], shown, shown_labels)
    return (gradient[shown == 0] == 0).float().mean().item()


black = (shown == 0).float().mean().item()
pd.DataFrame(
    {
        "black^k": {k: black**k for k in models},
        "black pixels with gradient zero": {
            k: still(one) for k, one in models.items()
        },
    }
).rename_axis("k").round(3)

# %% [markdown]
# An attacker need not accept that. He computes the gradient for the same network with an image that is
# brighter by a thousandth of the pixel range, and uses what he finds against the image as it is.


# %%
class Brighter(torch.nn.Module):
    """A model that sees every pixel a thousandth brighter."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, images):
        return self.model(images + 0.001)


def left(model, attack, through, **settings):
    """Percent that `model` still gets right after an attack on `through`."""
    images = attack(through.eval(), shown, shown_labels, eps, **settings).images
    return accuracy(model, images, shown_labels)


rows = {}
for k, model in models.items():
    targets = {"": model, ", brighter": Brighter(model)}
    rows[k] = {"no attack": accuracy(model, shown, shown_labels)}
    for how, through in targets.items():
        rows[k] |= {f"FGSM{how}": left(model, fgsm, through)}
        rows[k] |= {f"PGD{how}": left(model, pgd, through, **steps)}
    rows[k]["PGD, brighter, margin"] = left(
        model, pgd, targets[", brighter"], loss="margin", **steps
    )
attacked = pd.DataFrame(rows).T.rename_axis("k")
attacked.style.format("{:.1f}")

# %% tags=["remove-input"]
caption(
    "Accuracy (%) of models of this page, eps = 0.1, on the squared error unless said otherwise; "
    "brighter: gradients of the image plus a thousandth.",
    data=data.name,
    n=n,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# Most of what FGSM had left at $k = 1$ and $k = 2$ is gone. At $k = 784$ next to nothing changes, since no
# gradient was zero. {term}`PGD` starts at a random point, which gives some black pixels a gradient. But
# it darkens as many as it brightens, and a black pixel that is darkened stays black: at $k = 1$ PGD is
# held up too. At $k = 2$ it finds its way through the other input.
#
# For the record, on the models of this page:

# %%
# NBVAL_CHECK_OUTPUT
print("k = 1: no gradient at black pixels:", still(models[1]) == 1)
print(
    "k = 1: brighter beats FGSM:", attacked["FGSM, brighter"][1] < attacked.FGSM[1]
)

# %% [markdown]
# How much of the paper's numbers at $k = 2$ and $k = 1$ this explains is open until the brighter attack has
# been run on models of the paper's size; that PGD leaves most at $k = 2$ there is not explained by these
# small models. At $k = 4$, the number of the cerebellum, few gradients are exactly zero, though fewer
# cells pass on the gradient of a black pixel; there too the brighter attack leaves less than FGSM does.
#
# *Try it:* replace `images + 0.001` by `images`, and the difference is gone; or add `beta=0.99` to
# `build`.
#
# ## Beside the paper
#
# A cell holds the paper's accuracy in percent and ours below it; [how to read this
# book](../../book/how_to_read.md) explains the marks.

# %%
paper_table(rc)

# %% [markdown]
# The cells that are off, with the difference measured by the spread over seeds that our own records have
# in that column. Below about three and a half, [chance alone](04_width.ipynb) may have made one.

# %%
what_differs(rc, ledger[ledger.place.str.startswith("Table 6, ")])

# %% [markdown]
# Why they are off is an open question. One candidate can be ruled out where $k = 784$ is among them. The
# authors' code drew all weights with variance $1/784$ for a time, whatever $k$ was, and some of the
# paper's results may be that old. But at $k = 784$ the two are the same. For a smaller $k$ that
# candidate remains. Under PGD the size of its steps is another: the [next page](07_ablation.ipynb) has both that the
# paper names.
#
# ## The verdict

# %%
sentence_table(ledger[ledger.id.str.startswith("cerebellum-s5-sparse")])

# %% [markdown]
# The paper finds the effect of sparse connections too small to matter. This page gives a reason to believe
# in even less of it: what grows as $k$ falls is, at least in part, the number of pixels that the attack
# cannot see.
#
# The [next page](07_ablation.ipynb) puts depression and sparse connections together.
