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
# # Ablation
#
# **What was claimed.** Depression and sparse connections together make the *Cerebellum*. Against small
# perturbations it shows "moderate improvements in robustness" over the plain model, but it "is still
# vulnerable to adversarial examples" {cite:p}`liu2021cerebellum`.
#
# **What this page finds.** In the paper's numbers each mechanism alone hardly helps against forty small
# steps, and both together help a great deal: the whole is far more than the sum of its parts. That is
# the paper's one large positive result, and it would be remarkable. Our models of that size show it too (one seed),
# and lose it nearly whole when the attacker takes the mean of the outputs off. When he climbs the margin, next to
# nothing is left of the *Cerebellum* and of its plain base. Four small models, trained here, illustrate it.
# All of this is on MNIST. The paper's table on CIFAR-10 {cite:p}`krizhevsky2009` has not been run.

# %% tags=["hide-input"]
from statistics import mean

import pandas as pd
import torch

from helpers import cerebellum
from helpers.cerebellum import centred, error
from helpers.claims import judge, ledger_frame, read_claims, records_for
from helpers.data import as_float, load
from helpers.evaluation import AttackSetting, accuracy_under
from helpers.figures import (
    BASELINE,
    CEREBELLUM,
    against_paper,
    caption,
    use_book_style,
)
from helpers.figures.effects import effects
from helpers.figures.ledger_table import paper_table, sentence_table
from helpers.figures.levels import LevelAxis, Series, level_curves
from helpers.figures.record_table import record_table
from helpers.figures.rows import paper_rows
from helpers.figures.size_rows import loss_rows
from helpers.figures.standing import what_differs, what_ran
from helpers.profiles import current_profile
from helpers.records import matches, records_of
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
table2 = ledger[ledger.place.str.startswith("Table 2, ")]
what_ran(table2)

# %% [markdown]
# ## Four models
#
# Two switches make four models. Sparse or not costs the same number of synapses (the
# [last page](06_sparse_connectivity.ipynb) says how), so the sparse ones have more cells.
#
# | model | granule layer | depression |
# |:--|:--|:--|
# | Base | fully connected, $m = 5{,}970$ | no |
# | Base + LTD | fully connected, $m = 5{,}970$ | yes, $\beta = 0.99$ |
# | Base + RC | $k = 4$, $m = 200{,}000$ | no |
# | Cerebellum | $k = 4$, $m = 200{,}000$ | yes, $\beta = 0.99$ |
#
# An experiment that switches parts on and off like this is an {term}`ablation`.

# %% mystnb={"image": {"alt": "Table 2: accuracy of four models under four attacks"}}
printed = [c for c in claims if c.place.startswith("Table 2, ")]
printed = [c for c in printed if c.config["model"] == "cerebellum"]
judged = [judge(claim, records) for claim in printed]
panels = paper_rows(judged, "Table 2")
panels.pop("test accuracy")
show_live(against_paper(panels, columns=2))

# %% tags=["remove-input"]
caption(
    "Accuracy under the paper's attacks, batch 50. A row without a "
    "filled mark has not run; one without a bar has one seed.",
    data="mnist",
    n=10_000,
    spread="range over seeds, where there are two",
    profile="paper",
    records="cerebellum/mnist",
)

# %% [markdown]
# And the same steps on the margin, which the paper does not have. Ours, in percent (· not run):

# %%
loss_rows(claims, records, table="Table 2")

# %% [markdown]
# And against the radius, as in the paper's Figure 3:

# %% mystnb={"image": {"alt": "Accuracy against epsilon of the four models, on two losses"}} tags=["hide-input"]
full = {"granule": "fc", "m": 5970}
sparse = {"granule": "rc", "k": 4, "m": 200_000}
four = [
    Series("Base", full | {"ltd": False}),
    Series("Base + LTD", full | {"ltd": True}, BASELINE, "s", "-."),
    Series("Base + RC", sparse | {"ltd": False}, BASELINE, "^", ":"),
    Series("Cerebellum", sparse | {"ltd": True}, CEREBELLUM, "D", "-"),
]
paper_pgd = {
    series.label: {
        float(claim.metric.removeprefix("pgd_mse_")): claim.value
        for claim in printed
        if claim.metric.startswith("pgd_mse_")
        and all(claim.config[name] == value for name, value in series.where.items())
    }
    for series in four
}
RADII = (0.05, 0.15, 0.2, 0.25)
level_curves(
    records,
    four,
    [
        LevelAxis(
            title,
            "ε (L∞, pixel range 0 to 1)",
            {eps: f"pgd_{loss}_{eps}" for eps in RADII},
            paper,
            where={"seed": 0, "batch": 50},
        )
        for title, loss, paper in (
            ("PGD on the squared error", "mse", paper_pgd),
            ("PGD on the margin", "margin", {}),
        )
    ],
)

# %% tags=["remove-input"]
caption(
    "Accuracy under PGD against the radius. The open marks are the paper's, on all test images.",
    data="mnist",
    n=2_000,
    seeds=1,
    profile="paper",
    records="cerebellum/mnist",
)

# %% [markdown]
# ## Is the whole the sum of its parts?
#
# Take the accuracy of Base as zero. If the two mechanisms acted each on its own, the gain of both would be
# the sum of the two gains. What is left over is their *interaction* $I$, in points of the accuracy $a$:
#
# $$I = (a_{\text{both}} - a_{\text{Base}}) - (a_{\text{LTD}} - a_{\text{Base}})
# - (a_{\text{RC}} - a_{\text{Base}}).$$ (ablation-interaction)

# %% [markdown]
# In each cell stands the paper's value and below it ours (· not run).

# %%
effects(table2)

# %% [markdown]
# The large numbers stand where the [page on depression](05_long_term_depression.ipynb) and the [page on
# sparse connections](06_sparse_connectivity.ipynb) found the attack to be held up: FGSM and PGD on the
# squared error, at the small radius. Can the attack be what the two have in common? Three attackers. The first is
# the paper's. The second climbs the squared error as well, but takes the mean of the ten outputs off first. That
# changes no answer and removes the {term}`common mode`. The third climbs the margin. (The first two models have 1,000
# cells here, not the base's 5,970.)

# %% tags=["hide-input"]
apart = records_of("cerebellum/batch_one", {"batch": 50, "bias": "none"})
record_table(
    apart,
    {
        "FC, m = 1,000": {"granule": "fc", "ltd": False},
        "FC, m = 1,000, + LTD": {"granule": "fc", "ltd": True},
        "Base + RC": {"granule": "rc", "ltd": False},
        "Cerebellum": {"granule": "rc", "ltd": True},
    },
    {
        "PGD": "pgd_mse_0.1",
        "PGD without the mean": "pgd_mse_0.1_centred",
        "PGD, margin": "pgd_margin_0.1",
    },
)

# %% tags=["remove-input"]
caption(
    "Accuracy (%) at the paper's scale under three attackers, eps = 0.1, batch 50.",
    data="mnist",
    n=2_000,
    seeds=1,
    profile="paper",
    records="cerebellum/batch_one",
)

# %% [markdown]
# With the mean taken off, the *Cerebellum* is nearly back where it is without depression, and the interaction is
# nearly gone. If the model were robust, the margin would leave about as much as the squared error.
#
# ## An illustration: four small models
#
# The same with a share of the synapses. Everything else is the paper's, but for fewer images and epochs. `centred`
# takes the mean off in $W$.

# %%
data = load("mnist", profile=profile)
data

# %%
share, n_train, epochs, n = {
    "smoke": (1 / 500, 500, 2, 40),
    "laptop": (1 / 40, 8_000, 5, 300),
    "paper": (1, 60_000, 10, 2_000),
}[profile]
x, labels = as_float(data.train_images[:n_train]), data.train_labels[:n_train]
x_test, test_labels = as_float(data.test_images), data.test_labels
shown, shown_labels = x_test[:n], test_labels[:n]


def trained(k, beta):
    """One of the four models, on a share of the synapses."""
    m = round(share * (5_970 if k is None else 200_000))
    model = cerebellum.build(d=784, m=m, k=k, beta=beta)
    cerebellum.train(model, x, labels, x_test, test_labels, epochs=epochs)
    return model


models = {
    "Base": trained(None, None),
    "Base + LTD": trained(None, 0.99),
    "Base + RC": trained(4, None),
    "Cerebellum": trained(4, 0.99),
}


# %%
def left(attack, target):
    setting = AttackSetting.parse(attack)
    return accuracy_under(setting, target, shown, shown_labels)


def common_error(model):
    """The part of the squared error that all classes have in common, in %."""
    with torch.no_grad():
        e = error(model(x_test), test_labels)
    return 100 * (e.shape[1] * e.mean(1).square().sum() / e.square().sum()).item()


attacked = pd.DataFrame(
    {
        name: {
            "right (%)": accuracy(model, x_test, test_labels),
            "common error (%)": common_error(model),
            "FGSM": left("fgsm_mse_0.1", model),
            "FGSM without the mean": left("fgsm_mse_0.1", centred(model)),
            "PGD": left("pgd_mse_0.1", model),
            "PGD without the mean": left("pgd_mse_0.1", centred(model)),
            "PGD, margin": left("pgd_margin_0.1", model),
        }
        for name, model in models.items()
    }
)
attacked.T.style.format("{:.1f}")

# %% tags=["remove-input"]
caption(
    "Accuracy (%) of models of this page under attacks with eps = 0.1.",
    data=data.name,
    n=n,
    seeds=1,
    profile=profile,
)

# %% [markdown]
# And the interaction {eq}`ablation-interaction` under each of them:

# %%
interaction = (
    attacked["Cerebellum"]
    - attacked["Base + LTD"]
    - attacked["Base + RC"]
    + attacked["Base"]
)
interaction.drop(["right (%)", "common error (%)"]).round(1).rename(
    "interaction (points)"
).to_frame()

# %% [markdown]
# These models are small, there is one of each, the images are few, and the effects are smaller than at full scale. On
# MNIST they show how such an effect can come about without any protection: the [common
# error](05_long_term_depression.ipynb) that depression leaves is there for the attack to climb.
#
# ## Beside the paper
#
# A cell holds the paper's accuracy in percent and ours below it; [how to read this
# book](../../book/how_to_read.md) explains the marks.

# %%
paper_table(table2)

# %% [markdown]
# The cells that are off, with the difference measured by the spread over seeds that our own records have
# in that column. Below about three and a half, [chance alone](04_width.ipynb) may have made one. The baseline is
# [another network](04_width.ipynb).

# %%
what_differs(
    table2, ledger[ledger.place.str.startswith(("Table 2, ", "Table 6, "))]
)

# %% [markdown]
# Under PGD one candidate is the size of a step. The paper's Table 4 prints 0.1; its code, and so our tables, take 0.01
# {cite:p}`liu2021cerebellum`. Where both have been measured on the same models:

# %% tags=["hide-input"]
STEPS = {"step 0.01": "pgd_mse_{eps}", "step 0.1": "pgd_mse_{eps}_step0.1"}


def steps_beside(claim):
    """The paper's number and ours with either step, on the seeds that have both."""
    eps = claim.metric.removeprefix("pgd_mse_")
    metrics = {name: metric.format(eps=eps) for name, metric in STEPS.items()}
    both = [
        record
        for record in records
        if matches(record.config, claim.config)
        and set(metrics.values()) <= record.metrics.keys()
    ]
    found = {
        name: mean(record.metrics[metric] for record in both)
        for name, metric in metrics.items()
        if both
    }
    return {"paper": claim.value, **found, "seeds": len(both)}


beside = {
    claim.place: steps_beside(claim)
    for claim in claims
    if claim.metric in ("pgd_mse_0.1", "pgd_mse_0.3")
    and claim.place.startswith(("Table 2", "Table 6, FC"))
}
pd.DataFrame(
    {place: found for place, found in beside.items() if found["seeds"]}
).T.style.format("{:.1f}").format("{:.0f}", subset=["seeds"])

# %% [markdown]
# With the larger step the sparse models keep a little more at the small radius and come nearer to the paper's
# numbers; the fully connected ones of 1,000 cells hardly move. So the step may be part of what differs, and cannot be
# all of it. At the other widths it has not been measured.
#
# ## The verdict

# %%
ids = ("s5-ablation", "s6-vulnerable", "s4-sanity")
sentence_table(ledger[ledger.id.str.contains("|".join(ids))])

# %% [markdown]
# The paper's own word for the *Cerebellum* is that it is "still distant from claiming the model as a robust
# model" {cite:p}`liu2021cerebellum`, and that stands. Of its moderate improvement a better aimed attack
# leaves next to nothing. The chapter on [batch size one](09_batch_size_one.ipynb) asks the same where the paper's
# improvement is not moderate but large.
