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
# # Similarity
#
# **What was claimed.** Which images a population of V1 neurons finds alike is a stable property: it is nearly the same in
# other neurons, in other mice and on other days, and varies far less over scans than over repeats of one image
# {cite:p}`li2019brains`.
#
# **What this page finds.** It holds for the recordings at hand, in part. About their mean, two scans of the same images vary
# far less than over repeats, as the paper's figure 1C shows. But the two scans agree only in outline, where the paper's
# matrices look nearly the same. Its scans have thousands of neurons, ours about a hundred or fewer. Similarities of
# single trials are noisy, though less so than in the paper.

# %% tags=["hide-input"]
import pandas as pd
import torch

from helpers.claims import ledger_frame, read_claims, records_for
from helpers.data import data_folder
from helpers.data.recordings import (
    AREA_OF_FIGURES,
    AREAS,
    load_scans,
    read_allen,
)
from helpers.data.stimuli import stimuli
from helpers.experiments import EXPERIMENTS
from helpers.experiments.neural_similarity import structure_run
from helpers.figures import caption, use_book_style
from helpers.figures.ledger_table import number_table, sentence_table
from helpers.figures.second_order import second_order_matrix
from helpers.figures.similarity import (
    clustered_order,
    fluctuation_histograms,
    population_dots,
    similarity_matrices,
    similarity_scatters,
)
from helpers.figures.spikes import pictures
from helpers.figures.standing import what_waits
from helpers.models.sensorium_cnn import predicted_responses, read_sensorium_cnn
from helpers.neural_similarity import (
    centred_similarity,
    oracle_similarity,
    repeat_fluctuation,
    scan_fluctuation,
    signal_to_noise,
    similarity_matrix,
    trial_similarity,
    upper,
)
from helpers.neural_similarity.network_similarity import network_similarity
from helpers.neural_similarity.second_order import second_order_similarity
from helpers.profiles import current_profile
from helpers.records import records_of
from helpers.widgets import similarity_explorer
from helpers.widgets.similarity_models import read_network

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
claims = [c for c in read_claims() if c.experiment == "neural_similarity/structure"]
ledger = ledger_frame(claims, records_for(claims))

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/structure"], "laptop")

# %% [markdown]
# ## Two images, one number
#
# The responses $\rho$ of all neurons to image $i$, each times its weight (equation {eq}`ns-weights` of
# [Listening to V1](01_listening_to_v1.ipynb)), are a vector $\boldsymbol r_i$. Take the
# mean response off, and scale to length 1:
#
# $$\boldsymbol e_i = \frac{\boldsymbol r_i - \bar{\boldsymbol r}}{\lVert \boldsymbol r_i - \bar{\boldsymbol r} \rVert},
# \qquad S_{ij} = \boldsymbol e_i \cdot \boldsymbol e_j.$$ (ns-similarity)
#
# The {term}`similarity <representational similarity>` is 1 for two images that drive the population in the same way,
# 0 for unrelated ones, and below 0 for opposite ones. It does not care how far a response lies from the
# mean response, only in which direction. And it compares images, not neurons: so populations of other neurons, or a network, can be set beside it.

# %%
scans = load_scans(profile)
scans[0]

# %%
numbers, responses = scans[0].oracle()
r = (responses * signal_to_noise(responses)).double().mean(1)

# %%
# NBVAL_CHECK_OUTPUT
e = r - r.mean(0)
e = e / e.norm(dim=1, keepdim=True)
torch.allclose(e @ e.T, similarity_matrix(r))

# %% [markdown]
# These two are the pair that the first population finds most alike, and the pair that it finds most unlike.

# %% tags=["hide-input"]
S = oracle_similarity((responses * signal_to_noise(responses)).double())
first, second = torch.triu_indices(len(S), len(S), 1)
images = scans[0].images[numbers, 0].float() / 255
shown = {}
for name, pair in (("alike", upper(S).argmax()), ("unlike", upper(S).argmin())):
    for letter, image in zip("ab", (first[pair], second[pair]), strict=True):
        shown[f"{name}, {letter}"] = images[image]

# %% mystnb={"image": {"alt": "The most similar and the most dissimilar pair of images"}}
pictures(shown)

# %% tags=["remove-input"]
caption(
    "The pair of images that the first scan finds most alike, and the pair that it finds most unlike.",
    data=scans[0].source,
    n=len(numbers),
    profile=profile,
)

# %% [markdown]
# ## Averaging without letting noise count
#
# With repeats one could average the responses first. The paper averages the similarities instead: each trial counts
# as an image of its own, and the *oracle similarity* is the mean over all pairs of trials,
#
# $$S^{\text{oracle}}_{ij} = \mathbb{E}_{t_i,t_j}\big[S_{i t_i\, j t_j}\big],$$ (ns-oracle)
#
# leaving out a trial with itself. Noise pulls similarities towards 0, most where the response is close to the mean.
# The diagonal says how alike two trials of the same image are, and is below 1 because they differ.

# %%
oracles = []
for scan in scans:
    _, of_scan = scan.oracle()
    oracles.append(oracle_similarity((of_scan * signal_to_noise(of_scan)).double()))
pd.Series(
    {
        scan.name: S.diagonal().mean().item()
        for scan, S in zip(scans, oracles, strict=True)
    },
    name="two trials of one image, mean similarity",
).round(2).to_frame()

# %% mystnb={"image": {"alt": "Oracle similarity matrices of three scans"}}
order = clustered_order(oracles[0])
similarity_matrices(
    {scan.name: S for scan, S in zip(scans[:2], oracles[:2], strict=True)},
    order=order,
    limit=0.4,
)

# %% tags=["remove-input"]
caption(
    "Figure 1A: oracle similarity of the same images in two scans, in the order that groups them in the first.",
    data=scans[0].source,
    n=len(numbers),
    profile=profile,
)

# %% [markdown]
# The paper calls this structure stable over scans, and gives no number for it. The table at the foot of this page asks that
# two scans share more than half of the variance of their similarities. That criterion was written after the first runs had been
# seen.
#
# ## What varies more: neurons or trials?
#
# If the similarity belongs to the images, it should not depend on which neurons happened to be under the microscope.
# The paper sets two fluctuations side by side. *Over scans $h$*, each against the mean of all:
#
# $$\Delta S^{\text{scan}}_{hij} = S^{\text{oracle-}h}_{ij} - \mathbb{E}_h\big[S^{\text{oracle-}h}_{ij}\big],$$ (ns-scans)
#
# and *over repeats*, two trials of one image against the mean of all its pairs:
#
# $$\Delta S^{\text{repeat}}_{h i t_1 t_2} = S_{i t_1\, i t_2} - S^{\text{oracle-}h}_{ii}.$$ (ns-repeats)

# %% mystnb={"image": {"alt": "Fluctuation of similarities over scans and over repeats"}}
weighted = []
for scan in scans[:2]:
    _, of_scan = scan.oracle()
    weighted.append((of_scan * signal_to_noise(of_scan)).double())
fluctuation_histograms(
    {
        "over scans": scan_fluctuation(oracles[:2]),
        "over repeats": torch.cat(
            [repeat_fluctuation(each).flatten() for each in weighted]
        ),
    }
)

# %% tags=["remove-input"]
caption(
    "Figure 1C: how far similarities lie from their mean over two scans of the same images, and over repeats.",
    data=scans[0].source,
    n=len(numbers),
    profile=profile,
)

# %% [markdown]
# The comparison is kinder to scans than it looks. The oracle similarity of a scan is a mean over dozens of pairs of
# trials, the other side is single pairs. And of two scans each lies half their difference from the mean: what separates
# the two is as wide as the similarities themselves are spread.
#
# ## The same in simulated scans
#
# Two [simulated scans](01_listening_to_v1.ipynb) of the same images have other cells, which are drawn from one population. They agree more
# closely than the two recorded scans, and so do two trials of one image: simulated neurons are less noisy than recorded ones. So
# the two curves of figure 1C lie closer together. Over scans the similarity still varies less than over repeats.

# %% tags=["hide-input"]
simulated = load_scans("smoke")[:2] if scans[0].note is None else None
if simulated is None:
    print("No recordings were read: the scans above are simulated already.")

# %% mystnb={"image": {"alt": "Oracle similarity matrices of two simulated scans"}}
None if simulated is None else similarity_matrices(
    {scan.name: structure_run.oracle_of(scan) for scan in simulated}
)

# %% tags=["remove-input"]
None if simulated is None else caption(
    "Figure 1A on two simulated scans, in the order that groups the images in the first.",
    data=simulated[0].source,
    n=len(simulated[0].oracle()[0]),
    profile=profile,
)

# %% mystnb={"image": {"alt": "Fluctuation of similarities over simulated scans and over repeats"}}
None if simulated is None else fluctuation_histograms(
    {
        "over scans": scan_fluctuation(
            [structure_run.oracle_of(scan) for scan in simulated]
        ),
        "over repeats": torch.cat(
            [
                repeat_fluctuation(structure_run.weighted(scan)).flatten()
                for scan in simulated
            ]
        ),
    }
)

# %% tags=["remove-input"]
None if simulated is None else caption(
    "Figure 1C on the same two scans.",
    data=simulated[0].source,
    n=len(simulated[0].oracle()[0]),
    profile=profile,
)

# %% [markdown]
# ## Single trials
#
# Most images of the paper were shown once. How good is the similarity of single trials, $S^{\text{data}}$? The paper
# finds a correlation of .39 with the oracle similarity {cite:p}`li2019brains`.

# %% mystnb={"image": {"alt": "Similarity of single trials against oracle similarity"}}
single = trial_similarity(weighted[0]).permute(0, 2, 1, 3)[first, second].flatten(1)
similarity_scatters(
    upper(oracles[0]),
    {
        "single trials": single,
        scans[1].name: upper(oracles[1]),
        "pixels": upper(similarity_matrix(scans[0].images[numbers].double())),
    },
)

# %% tags=["remove-input"]
caption(
    "Figure 1D, its recorded half: similarities of the first scan's single trials, of the second scan, and of the pixels, "
    "against the oracle similarity of the first. The dashed line is equality.",
    data=scans[0].source,
    n=len(numbers),
    profile=profile,
)

# %% [markdown]
# The single trials are part of the mean that they are compared with, here as in the paper; with fewer repeats they weigh more
# in it. Pixels already say something: images that are alike as pictures are a little alike to neurons.
#
# ## Across areas
#
# Another laboratory recorded neurons of six visual areas, layer by layer, under 118 photographs
# {cite:p}`devries2020`; the correlations of their population responses were published for 21 pairs of an area and a
# layer {cite:p}`conwell2021`. They are correlations over neurons: the mean over images was not taken off. That can be made
# up for without the responses, because centring the vectors is centring the rows and columns of the matrix. Three things
# cannot be undone: from each response its mean over neurons was taken off, it was scaled to length 1, and no neuron was
# weighted. The matrix of V1, layer 2/3, is what *neural (data)* stands for in [Noise](05_noise.ipynb). The *noise ceiling* of a matrix is its
# reliability, from 0 to 1.

# %% tags=["hide-input"]
folder = data_folder()
allen = None if profile == "smoke" or folder is None else read_allen(folder)


def short(name):
    """The name of a population as it is written: area and layer."""
    area, _, layer = name.partition("_layer")
    return f"{area} L{'2/3' if layer == '23' else layer}"


if allen is None:
    print("The published matrices are not in the data folder.")

# %% mystnb={"image": {"alt": "Similarity of 118 scenes to four populations"}}
four = ("VISp_layer23", "VISp_layer4", "VISl_layer23", "VISam_layer23")
None if allen is None else similarity_matrices(
    {short(name): centred_similarity(allen.similarity(name)) for name in four},
    limit=0.6,
)

# %% tags=["remove-input"]
None if allen is None else caption(
    "Similarity of 118 scenes to four populations, in the order that groups them in the first.",
    data="Allen Brain Observatory",
    n=118,
    profile="paper",
)

# %% [markdown]
# Do the areas find the same scenes alike? Below, all 21 matrices are compared with each other: each field is the rank
# correlation of two of them over all pairs of scenes, a similarity of similarities {cite:p}`kriegeskorte2008`. A row that is pale
# throughout belongs to a population with a low noise ceiling, since a matrix that is mostly noise agrees with none; so fields are best compared where the
# ceilings are alike. Layers 2/3, 4 and 5 of V1 stand out as a block. In the other areas a layer agrees with layers of other areas
# about as well as with those of its own.

# %% tags=["hide-input"]
# Areas in their order, and within an area the layers from the surface down.
in_order = [
    name
    for area in AREAS
    for name in sorted(allen.matrices if allen is not None else ())
    if name.startswith(f"{area}_")
]

# %% mystnb={"image": {"alt": "Rank correlation of every two of 21 similarity matrices"}}
None if allen is None else second_order_matrix(
    second_order_similarity(
        [centred_similarity(allen.similarity(name)) for name in in_order]
    ),
    areas=[short(name).split()[0] for name in in_order],
    layers=[short(name).split()[1] for name in in_order],
    ceilings=[allen.ceilings[name] for name in in_order],
)

# %% tags=["remove-input"]
None if allen is None else caption(
    "How alike every two of 21 populations are in what they find alike. On the right the noise ceiling of each.",
    data="Allen Brain Observatory",
    n=118,
    profile="paper",
)

# %% [markdown]
# How much of that structure is the picture's own, and how much does a model of V1 capture that never saw these neurons?
# The marks are rank correlations over all pairs of scenes: with the pixels, and with the published model of the
# [next page](03_a_model_of_v1.ipynb). The pairs share their scenes, so the 95 % intervals come from drawing scenes, not pairs.

# %% mystnb={"image": {"alt": "Rank correlation of a model and of pixels with recorded similarities"}}
records = {
    record.config["recording"]: record.metrics
    for record in records_of("neural_similarity/structure")
}
populations = {
    name: metrics
    for name, metrics in records.items()
    if name.startswith("VIS") and metrics["noise_ceiling"] > 0.6
}
population_dots(
    {
        short(name): {
            label: tuple(metrics[f"{key}{end}"] for end in ("", "_low", "_high"))
            for label, key in (
                ("published model of V1", "rho_model"),
                ("pixels", "rho_pixels"),
            )
        }
        for name, metrics in populations.items()
    },
    xlabel="rank correlation with the recorded similarity",
)

# %% tags=["remove-input"]
caption(
    "Populations by area and layer, those with a noise ceiling above .6. "
    + "; ".join(f"{short}: {name}" for short, name in AREAS.items())
    + ".",
    data="Allen Brain Observatory",
    n=118,
    profile="paper",
    records="neural_similarity/structure",
)

# %% [markdown]
# Model and pixels see the same draws, so how far one is ahead of the other has an interval of its own. It leaves 0 out for:

# %%
leads = {"the model": [], "the pixels": []}
for name, metrics in populations.items():
    if metrics["ahead_low"] > 0:
        leads["the model"].append(short(name))
    if metrics["ahead_high"] < 0:
        leads["the pixels"].append(short(name))
pd.Series(
    {name: ", ".join(of) or "none" for name, of in leads.items()},
    name="ahead in",
).to_frame()

# %% [markdown]
# Of so many populations, with no correction for their number, about one would be there by chance.

# %% [markdown]
# ## Compare for yourself
#
# Choose two images, with the sliders or by a click on the matrix. The bars say how alike each viewer finds them: pixels,
# neurons (recorded ones, or simulated ones where there are no recordings), and two networks that sort objects. One of the
# two was *held to* similarities of V1, which is to say trained so that its own match them, [as described later](04_training_with_two_losses.ipynb); it had seen
# neither these images nor these neurons. Under the matrix is the accuracy under noise of networks that were held to V1, for every strength that has run.

# %% tags=["hide-input"]
if allen is not None:
    looked_at, small = allen.stimuli(36, 64), allen.stimuli(18, 32)
    viewers = {
        "recorded V1": centred_similarity(allen.similarity(AREA_OF_FIGURES)),
        "pixels": similarity_matrix(looked_at.double()),
    }
    published = read_sensorium_cnn(folder)
    if published is not None:
        viewers["published model"] = similarity_matrix(
            predicted_responses(published, looked_at).double()
        )
else:
    looked_at = scans[0].images[numbers]
    small = stimuli(looked_at, height=18, width=32)
    viewers = {
        scan.name: S for scan, S in zip(scans[:2], oracles[:2], strict=True)
    } | {"pixels": similarity_matrix(looked_at.double())}
for name, target in (
    ("plain network", "none"),
    ("network held to V1", "neural_model"),
):
    sorter = read_network(target)
    viewers[name] = network_similarity(sorter.network, sorter.gamma, small)

# %%
similarity_explorer(looked_at, viewers, records_of("neural_similarity/noise"))

# %% tags=["remove-input"]
caption(
    "How alike neurons, pixels and two networks find two images. The networks see them at half the size.",
    data="Allen Brain Observatory" if allen is not None else scans[0].source,
    n=len(looked_at),
    profile=profile,
)

# %% [markdown]
# ## Beside the paper
#
# The paper's numbers are about other neurons, so ours can only be *consistent* with them or not.

# %%
sentence_table(ledger[ledger.paper_value.isna()])

# %%
number_table(ledger[ledger.paper_value.notna()], digits=2)
