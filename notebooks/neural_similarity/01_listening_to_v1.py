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
# # Listening to V1
#
# **What was claimed.** A network that finds images alike as a mouse's visual cortex does withstands noise and attacks
# better {cite:p}`li2019brains`. For that the authors recorded thousands of neurons of the primary visual cortex, V1, while
# mice looked at 5,100 grey photographs. One hundred of them were shown ten times. Neurons are noisy, so each is
# weighted with its {term}`signal-to-noise ratio`.
#
# **What this page finds.** We found no public copy of those recordings. Recordings of the same kind are public, and this part of
# the book stands on them: three regions of mouse V1 {cite:p}`antolik2016`, similarities from V1 and five more areas
# {cite:p}`devries2020`, and a published model that was fitted to 7,776 neurons {cite:p}`willeke2022`. In most of the recorded
# neurons noise exceeds signal. Where there are no recordings, a *simulated* population takes their
# place, and each page says so.

# %% tags=["hide-input"]
import tempfile
from pathlib import Path

import pandas as pd
import torch

from helpers.data import DataError
from helpers.data.recordings import (
    Population,
    load_scans,
    read_sensorium,
    simulate,
    write_sensorium,
)
from helpers.data.recordings.simulated import cells
from helpers.figures import caption, use_book_style
from helpers.figures.reliability import repeated_responses, weight_curves
from helpers.figures.spikes import pictures
from helpers.neural_similarity import signal_to_noise
from helpers.profiles import current_profile

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## Three scans
#
# A *scan* is one recording of one population: a microscope looks at a piece of cortex while the animal looks at
# images. For each {term}`trial`, one showing of one image, every neuron gives one number. Two of the three scans
# here saw the same images; they are other neurons.

# %%
scans = load_scans(profile)
scans[0]

# %%
pd.DataFrame(
    {
        scan.name: {
            "neurons": scan.neurons,
            "images shown several times": len(scan.oracle()[0]),
            "times": scan.oracle()[1].shape[1],
        }
        for scan in scans
    }
).T

# %% mystnb={"image": {"alt": "Four of the images that were shown"}}
numbers, responses = scans[0].oracle()
pictures(
    {
        f"image {number}": scans[0].images[number, 0].float() / 255
        for number in numbers[:4].tolist()
    }
)

# %% tags=["remove-input"]
caption(
    "Four of the images that were shown several times.",
    data=scans[0].source,
    n=4,
    profile=profile,
)

# %% [markdown]
# ## One neuron, the same image again
#
# Below are two neurons of the first scan. Each row is an image, each column a time that it was shown. If a neuron did
# nothing but see, all columns would be alike.

# %% tags=["hide-input"]
w = signal_to_noise(responses)
ranked = w.argsort(descending=True)
chosen = {"most reliable": ranked[0], "median": ranked[len(ranked) // 2]}

# %% mystnb={"image": {"alt": "Responses of two neurons to repeated images"}}
repeated_responses(
    {
        f"{name}, w = {w[neuron]:.2f}": responses[:, :, neuron]
        for name, neuron in chosen.items()
    }
)

# %% tags=["remove-input"]
caption(
    "Responses of two neurons to each repeat of each image, images sorted by their mean.",
    data=scans[0].source,
    n=len(numbers),
    profile=profile,
)

# %% [markdown]
# ## How much is signal?
#
# The first equation of the paper weighs each neuron. Let $\rho_{ait}$ be the response of neuron $a$ to image $i$ in trial $t$. Its *signal* $\sigma_a$ is how far its mean response differs from
# image to image; its *noise* $\eta_a$ is how far its responses to one image differ from trial to trial:
#
# $$w_a = \frac{\sigma_a}{\eta_a}, \qquad
# \sigma_a^2 = \operatorname{Var}_i\big(\mathbb{E}_t[\rho_{ait}]\big), \qquad
# \eta_a^2 = \mathbb{E}_i\big[\operatorname{Var}_t(\rho_{ait})\big].$$ (ns-weights)
#
# Written out for the neuron on the left:

# %%
# NBVAL_CHECK_OUTPUT
r = responses[:, :, chosen["most reliable"]]
signal = r.mean(1).var(correction=0)
noise = r.var(1, correction=0).mean()
torch.isclose((signal / noise).sqrt(), w[chosen["most reliable"]]).item()

# %% [markdown]
# A neuron without any signal does not get a weight of 0: the mean of few noisy trials differs from image to image too.
# With $T$ trials, pure noise has a weight of about $1/\sqrt{T-1}$; the line in the figure is what a population of such
# neurons would have with as many trials as the first scan.

# %%
pure = torch.randn(
    len(numbers),
    responses.shape[1],
    500,
    generator=torch.Generator().manual_seed(0),
)
chance = signal_to_noise(pure).mean().item()

# %% mystnb={"image": {"alt": "Signal-to-noise weights of the neurons of three scans"}}
weight_curves(
    {scan.name: signal_to_noise(scan.oracle()[1]) for scan in scans}, chance
)

# %% tags=["remove-input"]
caption(
    "How many neurons of each scan have at most a given signal-to-noise ratio.",
    data=scans[0].source,
    n=len(numbers),
    profile=profile,
)

# %% [markdown]
# ## A population to fall back on
#
# Everything on these pages also runs without recordings. Then a population is *simulated*: each cell is a pair of
# {term}`Gabor filters <Gabor filter>` in quadrature, as in textbooks of V1. A *complex* cell answers with their energy, a
# *simple* cell with the rectified output of one. Responses are divided by the contrast of the image, share a random gain in each trial, grow while the animal runs, and are Poisson counts. The eye moves a little.

# %% mystnb={"image": {"alt": "Gabor filters of four simulated cells"}}
population = Population(neurons=4)
drawn = cells(population, 36, 64, seed=3)
pictures(
    {
        f"{number}, {'complex' if is_complex else 'simple'}": 0.5
        + 0.5 * filter.view(36, 64) / filter.abs().max()
        for number, (is_complex, filter) in enumerate(
            zip(drawn.is_complex.tolist(), drawn.even, strict=True), start=1
        )
    }
)

# %% tags=["remove-input"]
caption(
    "One of the two filters of four simulated cells.",
    data="simulated population",
    n=4,
    profile=profile,
)

# %% [markdown]
# It is a stand-in and no model of any animal. Its settings are round numbers, listed where it is defined.
#
# ## Bring a scan of your own
#
# The public Sensorium recordings come as a folder of arrays, one for each trial, or as a zip of it. `read_sensorium`
# reads either. Here a simulated scan is written in that format and read back.

# %%
# NBVAL_CHECK_OUTPUT
scan = simulate(scans[0].images[:12], Population(neurons=6), repeated=4, repeats=3)
with tempfile.TemporaryDirectory() as folder:
    place = write_sensorium(scan, Path(folder))
    again = read_sensorium(place)
    print(torch.equal(again.responses, scan.responses), again.tier == scan.tier)
    (place / "data" / "responses" / "7.npy").unlink()
    try:
        read_sensorium(place)
    except DataError as error:
        print(str(error).replace(str(place), "simulated-0"))

# %% [markdown]
# A scan with a missing trial is refused, and the error names the file. So is one with NaN, with other shapes, or a zip
# that would write outside its folder.
#
# On the [next page](02_similarity.ipynb) a population says which images it finds alike.
