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
# # The claim ledger
#
# **Every number of the cerebellum paper's results, and the sentences of it that can be tested, beside what
# came out here.** What has not been run says so and, where the experiment exists, what it would cost on
# two cores. The other two papers follow with their parts of the book. [How to read this
# book](../../book/how_to_read.md) explains the words.
#
# The tolerance of a number and the criterion of a sentence were written down, with their reasons,
# before any of our results was looked at; they are in `book/claims/`. Three things were changed later,
# after the first runs: a verdict now asks for the paper's number of seeds; the sentence on standard
# deviations is judged by their pooled value, since one cell out of many exceeds any limit by chance; and
# three sentences that compared what the paper does not compare were dropped. The same ledger is printed by
# `brains claims`, and by `brains claims --json` for machines.

# %% tags=["hide-input"]
from helpers.claims import ledger_frame, read_claims, records_for
from helpers.figures import Caption
from helpers.figures.ledger_table import paper_table, sentence_table, verdict_counts
from helpers.paths import RESULTS
from helpers.profiles import current_profile

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %%
claims = read_claims()
ledger = ledger_frame(claims, records_for(claims))
table = ledger.place.str.extract(r"^(Table \d+)", expand=False).fillna("notebook")
table = table.mask(ledger.paper_value.isna(), "sentences").rename("table")
verdict_counts(ledger, table)

# %% tags=["remove-input"]
Caption(
    "Where they come from: "
    + ", ".join(
        f"[`results/{name}.jsonl`](../../results/{name}.jsonl)"
        for name in sorted({claim.experiment for claim in claims})
        if (RESULTS / f"{name}.jsonl").exists()
    )
)

# %% [markdown]
# ## The cerebellum
#
# The paper is {cite:t}`liu2021cerebellum`. Its tables are laid out as in print. A cell holds the paper's
# accuracy in percent and, below it, our mean over seeds, the standard deviation between them and the
# mark of the verdict: ● reproduced, ▲ differs, ○ consistent, △ inconsistent, · not run. The last column
# says on how many seeds a row stands or, where it has not run, what it would cost on two cores. An
# asterisk marks records that an older version of the code made.
#
# ### What it says in words
#
# Each sentence has a criterion that a program can decide. The column *by the paper's own numbers* says
# whether the numbers that the paper prints meet it.

# %%
sentence_table(ledger[table == "sentences"])

# %% [markdown]
# ### Table 2: the ablation on MNIST

# %%
paper_table(ledger[table == "Table 2"])

# %% [markdown]
# ### Table 3: the ablation on CIFAR-10

# %%
paper_table(ledger[table == "Table 3"])

# %% [markdown]
# ### Table 6: batch size 50

# %%
paper_table(ledger[table == "Table 6"])

# %% [markdown]
# ### Table 7: batch size 1
#
# In print, the rows of the CNN, of FC and of FC + LTD repeat Table 6 digit by digit, though the batch
# size is another one. The authors' public notebook has other values for batch size 1; they follow
# below. The rows of RC and RC + LTD agree with it.

# %%
paper_table(ledger[table == "Table 7"])

# %% [markdown]
# ### The authors' notebook, batch size 1
#
# These numbers were never printed. They were read from the outputs of the notebook in the authors'
# repository, `liuyuezhang/cerebellum` on GitHub.

# %%
paper_table(ledger[table == "notebook"])

# %% [markdown]
# ## Why these tolerances

# %%
why = ledger.dropna(subset=["tolerance"])
why = (
    why.groupby(["tolerance_why", "tolerance"], sort=False)
    .size()
    .reset_index(name="claims")
)
why.rename(columns={"tolerance_why": "reason"}).style.hide(axis="index").format(
    precision=1
)
