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
# # Bring your own model
#
# **What was claimed.** That depends on you: that some model stands attacks up to some radius.
#
# **What this page finds.** How to check it, in five lines of Python or one line of a shell, and what you
# get to see when something is wrong with the question. What the check-up asks, and how to read
# its answers, is on the [page before](01_is_it_really_robust.ipynb).

# %% tags=["hide-input"]
import json

import torch
from torch import nn

from helpers.data import as_float, load
from helpers.figures import caption, use_book_style
from helpers.figures.checkup_panel import checkup_panel
from helpers.page import sizes
from helpers.profiles import current_profile
from helpers.training import train_classifier

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## A model
#
# Anything will do that is a `torch.nn.Module` and maps images in $[0, 1]$, of shape
# `(n, channels, height, width)`, to {term}`scores` of shape `(n, classes)`. Here is one that needs its
# images normalised. The normalisation is a part of the model: the ball of an attack is measured in
# pixels, as they are in the file.


# %%
class Mine(nn.Module):
    """Two layers of weights for 28x28 images."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10)
        )

    def forward(self, images):
        """Scores (n, 10) of images (n, 1, 28, 28)."""
        return self.layers((images - 0.13) / 0.31)


# %%
train = load("mnist", profile=profile)
train

# %%
torch.manual_seed(0)
mine = train_classifier(
    Mine(),
    as_float(train.train_images),
    train.train_labels,
    epochs={"smoke": 10, "laptop": 1, "paper": 5}[sizes(profile, train)],
)

# %% [markdown]
# ## Five lines

# %%
from helpers import checkup
from helpers.data import as_float, load

data = load("mnist", profile=profile)
images, labels = as_float(data.test_images[:500]), data.test_labels[:500]
found = checkup(mine, images, labels, eps=0.1, queries=200, autoattack=False)

# %%
found

# %% [markdown]
# This model has no defence, and nobody claims that it has one. So the check-up should say two things: the
# attack leaves few images, and the attack can be trusted. A low number that is sound is a good result of a
# check-up.
#
# With few queries and without AutoAttack it is quick. Leave `queries` and `autoattack` out when
# the answer matters, and take a thousand images. If your claim was made with another loss than
# cross-entropy, say so: `loss="mse"` or `loss="margin"`. A ball in the other norm is `norm="l2"`. With
# `surrogate=another_model`, trained on the same task, one more line applies. The picture shows the same as
# the table:

# %% mystnb={"image": {"alt": "The check-up of your model: attacks and verdicts"}}
checkup_panel(found)

# %% tags=["remove-input"]
caption(
    "The check-up of the model of this page, ε = 0.1. Dots are percentages of images, bars "
    "Wilson's 95 % intervals, and the dashed line is the claim.",
    data=data.name,
    n=len(images),
    seeds=1,
    profile=profile,
)

# %% [markdown]
# What comes back is not only for reading. One line of it as JSON:

# %%
print(json.dumps(json.loads(found.to_json())["lines"][2], indent=2))

# %% [markdown]
# - `found.passed` says whether no line fails, and `found.failed` holds those that do;
# - `found.left` has what each attack leaves right, in percent, with the number of images;
# - `found.conclusion` is one sentence;
# - each of `found.lines` has a `name`, a `verdict`, a `figure`, a `meaning` and its `values`.
#
# ## From a shell
#
# Put a function that makes the model, without arguments, into a file. Say it is `mine.py`:
#
# ```python
# from torch import nn
#
#
# class Mine(nn.Module): ...  # as above
#
#
# def make():
#     return Mine()
# ```
#
# and, in the same folder:
#
# ```
# brains checkup mine:make --weights mine.pt --data mnist --eps 0.1
# ```
#
# `mine.pt` is what `torch.save(model.state_dict(), "mine.pt")` has written. Only weights are read from
# it; a file that holds code is refused. Without `--weights` the function has to return a trained
# model. The exit status is 0 when no line fails, 3 when one does and 1 when there could be no check-up, so
# the command can guard a script. `--json` prints the whole for machines. `--images 200 --no-autoattack` is a
# quick look, and `brains checkup --help` lists the rest.
#
# ## When something is wrong
#
# Some mistakes make every number meaningless. Those that can be seen before the first attack stop the
# check-up, with a sentence that says what was wrong and what may be. Others come back as a line that
# fails.


# %%
def says(model, images, labels, **settings):
    """What the check-up says to a request that it cannot meet."""
    try:
        checkup(model, images, labels, eps=0.1, **settings)
    except ValueError as error:
        print(error)


few, their_labels = images[:20], labels[:20]

# %% [markdown]
# **Training mode.** Dropout and batch normalisation behave differently there, and an attack would
# measure their noise. A module is in this mode until `eval()` is called:

# %%
# NBVAL_CHECK_OUTPUT
says(Mine(), few, their_labels)

# %% [markdown]
# **Pixels from 0 to 255.** The radius would mean something else.

# %%
# NBVAL_CHECK_OUTPUT
says(mine, few * 255, their_labels)

# %% [markdown]
# **NaN**, here from a logarithm of what may be negative. Of numbers that are none, none is the largest, and
# an image would count as fooled.

# %%
# NBVAL_CHECK_OUTPUT
says(lambda images: mine(images).log(), few, their_labels)

# %% [markdown]
# **Too few classes.** The model has five outputs, and the labels name ten.

# %%
# NBVAL_CHECK_OUTPUT
says(lambda images: mine(images)[:, :5], few, their_labels)

# %% [markdown]
# **Another shape** than one row of scores for each image:

# %%
# NBVAL_CHECK_OUTPUT
says(lambda images: mine(images).mean(), few, their_labels)

# %% [markdown]
# **A radius that is none.** Radii are in pixel values from 0 to 1. The usual radius for photographs is
# `8 / 255`, not 8.

# %%
# NBVAL_CHECK_OUTPUT
for eps in (8, 0):
    try:
        checkup(mine, few, their_labels, eps=eps)
    except ValueError as error:
        print(error)

# %% [markdown]
# **A {term}`softmax` at the end** stops nothing, because such a model can be attacked. But the
# attack's loss has a softmax of its own, and two in a row flatten the gradients. The first line of the
# check-up says so:

# %%
quick = {"few": 20, "steps": 10, "queries": 20, "autoattack": False}


def first_line(model):
    """The verdict on the outputs of a model, and what it means."""
    line = checkup(model, few, their_labels, eps=0.1, **quick).lines[0]
    print(f"{line.name}: {line.verdict}. {line.meaning}")


# %%
# NBVAL_CHECK_OUTPUT
first_line(nn.Sequential(mine, nn.Softmax(1)).eval())

# %%
# NBVAL_CHECK_OUTPUT
first_line(mine)

# %% [markdown]
# ## What to do about a line that fails
#
# Attack the model in the way that the line suggests, and quote the lowest number that you find. If
# *another loss* fails, climb that loss; if *scores* fails, leave the softmax out; if *more random starts*
# fails, take many. Then run the check-up again, with the loss that was stronger as `loss`. When no line fails any
# more, the number is one that you can begin to believe, and an {term}`adaptive attack` is the next step.
