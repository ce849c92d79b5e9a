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
# # Training with two losses
#
# **What was claimed.** A network can learn to classify and, at the same time, to find photographs alike as V1 does. It may
# choose which of its layers plays V1: the weights of five layers are learnt, and nearly all weight ends on one, most
# often layer 5 {cite:p}`li2019brains`.
#
# **What this page finds, so far.** It builds the second loss from its equations and trains a small network with it before your eyes. In the
# wider networks of the [next page](05_noise.ipynb) that are held to the model of V1, nearly all weight ends on one layer where the second loss is as strong as
# in the paper, as it says. But that is the last, layer 17. Where the second loss is weak, several layers share it, or layer
# 9 has most. Other targets choose other layers: shuffled similarities layer 9, an early layer of a
# pretrained network layer 5, and pixels, thresholded or not, the first.

# %% tags=["hide-input"]
from dataclasses import replace

import pandas as pd
import torch

from helpers.claims import ledger_frame, read_claims, records_for
from helpers.data import load
from helpers.data.recordings import Population
from helpers.data.recordings.simulated import cells, rates
from helpers.data.stimuli import stimuli
from helpers.experiments import EXPERIMENTS
from helpers.experiments.neural_similarity.noise import ALPHA, ALPHAS, SCALED
from helpers.experiments.neural_similarity.noise_run import GAMMAS
from helpers.experiments.neural_similarity.targets import WITHOUT_PAIRS
from helpers.figures import caption, use_book_style
from helpers.figures.ledger_table import paper_table
from helpers.figures.record_table import record_table
from helpers.figures.standing import what_waits
from helpers.figures.targets import LOOKS, fields_of, label_of
from helpers.figures.two_losses import two_losses
from helpers.models.gray_resnet import GrayResNet, layers_read
from helpers.neural_similarity import similarity_matrix
from helpers.neural_similarity.joint import train_jointly
from helpers.neural_similarity.loss import (
    LayerWeights,
    pair_similarities,
    similarity_loss,
)
from helpers.neural_similarity.recipe import JointRecipe
from helpers.neural_similarity.target import Target
from helpers.page import sizes
from helpers.profiles import current_profile
from helpers.records import records_of

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## The network
#
# A {term}`ResNet` with 18 layers for small grey images: a stem of one convolution, then four sections of four convolutions,
# each section from the second on with half the height and width and twice the channels of the one before. Its similarities are read behind the stem and behind
# each section.

# %%
torch.manual_seed(0)
network = GrayResNet(width=8)
image = torch.rand(1, 1, 32, 32)
pd.DataFrame(
    {
        f"layer {layer}": dict(
            zip(("channels", "height", "width"), maps.shape[1:], strict=True)
        )
        for layer, maps in zip(
            layers_read(18), network.features(image), strict=True
        )
    }
).T

# %% [markdown]
# ## How alike does a layer find two images?
#
# As the neurons do, by equation {eq}`ns-similarity` of [Similarity](02_similarity.ipynb): all features of a layer as one vector $\boldsymbol f^{(k)}_i$ for image $i$ at layer $k$, less the mean, and the cosine of the
# two,
#
# $$S^{(k)}_{ij} = \frac{(\boldsymbol f_i - \bar{\boldsymbol f})\cdot(\boldsymbol f_j - \bar{\boldsymbol f})}
# {\lVert\boldsymbol f_i - \bar{\boldsymbol f}\rVert\,\lVert\boldsymbol f_j - \bar{\boldsymbol f}\rVert}.$$ (ns-layer)
#
# The mean $\bar{\boldsymbol f}$ over all images changes with every step. In training the mean over the images of the batch takes its
# place. (A successor's code has a running mean of each channel instead {cite:p}`attias2024`, which was not tried here.) Weights $\gamma_k$ from a softmax combine the five layers:
#
# $$S^{\text{CNN}}_{ij} = \sum_k \gamma_k S^{(k)}_{ij}, \qquad \gamma_k > 0,\quad \textstyle\sum_k \gamma_k = 1.$$ (ns-gamma)

# %%
# NBVAL_CHECK_OUTPUT
pairs = torch.rand(8, 1, 18, 32, generator=torch.Generator().manual_seed(1))
with torch.no_grad():
    features = network.features(pairs)
    of_layers = pair_similarities(features)
    found = LayerWeights()(of_layers)
f = features[1].flatten(1) - features[1].flatten(1).mean(0)
by_hand = torch.cosine_similarity(f[0], f[4], dim=0)
print(torch.isclose(by_hand, of_layers[1, 0]).item())
print(torch.isclose(of_layers[:, 0].mean(), found[0]).item())

# %% [markdown]
# ## The second loss
#
# Near 1 and -1 a small difference of cosines is a large difference between images; the {term}`Fisher transform` stretches both
# ends. It is infinite at the very ends, so similarities are cut just short of them. The loss
# is the squared distance of what it makes of the network's similarity and of the neurons',
#
# $$L_{\text{similarity}} = \big[\operatorname{arctanh} S^{\text{CNN}}_{ij} - \operatorname{arctanh} S^{\text{neural}}_{ij}\big]^2,
# \qquad L = L_{\text{task}} + \alpha\, L_{\text{similarity}}.$$ (ns-loss)
#
# In each step 64 images are classified and 32 pairs of photographs are compared, with $\alpha = 20$. Neither the labels of
# the photographs nor the neurons' responses to the images that are classified play any part.

# %%
# NBVAL_CHECK_OUTPUT
wanted = torch.tensor([0.1, -0.2, 0.5, 0.0])
by_hand = (torch.arctanh(found) - torch.arctanh(wanted)).square().mean()
torch.isclose(similarity_loss(found, wanted), by_hand).item()

# %% [markdown]
# ## A small one
#
# Here a narrow network learns on part of the images. Its pairs are photographs that a *simulated* population of Gabor
# cells looks at, without noise. Beside it the same network learns to classify alone. What the paper leaves out is as in
# its successor's code {cite:p}`attias2024`: stochastic gradient descent with momentum and without weight decay; a
# hundredth of the training images is held out, and the epoch with the lowest loss on them is kept.

# %%
data = load("cifar10_gray", profile=profile)
size = sizes(profile, data)
n, epochs, width = {
    "smoke": (1_000, 6, 4),
    "laptop": (4_000, 4, 8),
    "paper": (50_000, 8, 16),
}[size]
recipe = JointRecipe(
    **{
        **{name: SCALED[name] for name in ("cycles", "phases")},
        "width": width,
        "epochs": epochs,
    }
)
images, labels = data.train_images[:n], data.train_labels[:n]
looked_at = stimuli(data.test_images[:200], height=18, width=32)
population = Population(neurons=200)
responses = rates(
    population, cells(population, 18, 32, seed=0), looked_at.float() / 255
)
target = Target(
    "simulated V1", looked_at, similarity_matrix(responses.double()).float()
)
held = train_jointly(
    recipe, images, labels, target=target, classes=len(data.classes)
)
alone = train_jointly(recipe, images, labels, classes=len(data.classes))

# %% mystnb={"image": {"alt": "Cross-entropy and similarity loss of two small networks by epoch"}}
watched = train_jointly(
    replace(recipe, alpha=0.0),
    images,
    labels,
    target=target,
    classes=len(data.classes),
)
two_losses(alone.epochs, held.epochs, watched.epochs)

# %% tags=["remove-input"]
caption(
    "Both losses while a small network learns. Grey on the right: a network whose similarities are looked at and not "
    "trained.",
    data=data.name,
    n=n,
    profile=profile,
    seeds=1,
)

# %% [markdown]
# ## Which layer plays V1?
#
# These are the weights $\gamma$ at the end of training, for six strengths of the second loss. The paper's table 1 has means over two
# or three seeds.

# %%
records = records_of("neural_similarity/noise")
rows = {
    f"alpha = {alpha}": fields_of("neural_model", alpha=alpha)
    for alpha in sorted((*ALPHAS, ALPHA))
}
record_table(
    records,
    rows,
    {f"layer {name.split('_')[1]}": name for name in GAMMAS},
    digits=2,
)

# %% tags=["remove-input"]
caption(
    "Weights of the five layers of networks held to the published model of V1; mean and standard deviation over seeds.",
    data="cifar10_gray",
    n=5_000,
    profile="laptop",
    records="neural_similarity/noise",
)

# %% [markdown]
# And by target, at the strength of the grid. Without a second loss the weights stay equal, so those networks have no row.

# %%
record_table(
    records,
    {
        label_of(target): fields_of(target)
        for target in LOOKS
        if target not in WITHOUT_PAIRS
    },
    {f"layer {name.split('_')[1]}": name for name in GAMMAS},
    digits=2,
)

# %% tags=["remove-input"]
caption(
    "Weights of the five layers of the scaled networks of the next page, by target; mean and standard deviation over seeds.",
    data="cifar10_gray",
    n=5_000,
    profile="laptop",
    records="neural_similarity/noise",
)

# %% [markdown]
# ## Beside the paper
#
# The paper's Table 1 has means over two or three networks. In each cell its weight stands above ours, with the verdict
# ([How to read this book](../../book/how_to_read.md)). First our scaled networks:

# %% tags=["hide-input"]
claims = [c for c in read_claims() if c.id.startswith("ns-t1-")]
ledger = ledger_frame(claims, records_for(claims))
is_scaled = ledger.id.str.endswith("-scaled")
paper_table(ledger[is_scaled], digits=2)

# %% [markdown]
# Then networks of the paper's size. Where they have not run, the last column says what a row would cost.

# %%
paper_table(ledger[~is_scaled], digits=2)

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/noise"])
