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
# # Why would it work?
#
# **What was claimed.** The authors leave open which aspect of the neural representation makes networks more robust
# {cite:p}`li2019brains`. Later they and others found a plain answer: the networks come to rely on low spatial frequencies; a fixed
# blur in front of a network defends as well {cite:p}`li2023frequency`, and so does the similarity of *pixels*, thresholded
# {cite:p}`attias2024`.
#
# **What this page finds, so far.** Most networks that are held to something look at coarser structure than the plain one of their
# seed, as the later work says. Of recorded neurons it holds on some seeds, of plain pixels hardly. Two kinds of networks
# stand apart: those behind a fixed blur and those held to thresholded
# pixels. Most of their gradient lies an octave below that of all others. Noise of the octave from 8 cycles, which hurts
# the plain network most, hardly touches them; under noise of the octave below they are right less often than the plain one. White
# noise lies mostly in the octaves that they gave up: under it they gain by far the most. So a low-pass filter is
# enough for a large gain under white noise.
#
# Among the others a coarser view goes with a larger gain under the strongest noise, and not under half of it. With so few
# targets that may be chance. It leaves room for more than a filter. Networks held to plain pixels look at structure hardly coarser than
# the plain one does, and gain as much as most. The network held to the model of V1 looks, on average, at the coarsest things
# of these and loses most on clean images and in the coarsest octaves. And the photographs it was held to are small ones, enlarged ([A model of
# V1](03_a_model_of_v1.ipynb)), so that a target made of them has little fine detail to begin with. With statistics of the images
# alone the gains are others ([Noise](05_noise.ipynb)); the spectra here are of the networks as trained.

# %% tags=["hide-input"]
import pandas as pd

from helpers.evaluation.corruptions import Corruption
from helpers.evaluation.frequencies import BANDS
from helpers.experiments import EXPERIMENTS
from helpers.experiments.neural_similarity.frequencies import BLURS
from helpers.figures import caption, use_book_style
from helpers.figures.gain_frequency import (
    gain_against_frequency,
    gains_and_centres,
    rank_correlation,
)
from helpers.figures.levels import LevelAxis, level_curves
from helpers.figures.record_table import record_table
from helpers.figures.standing import what_waits
from helpers.figures.targets import LOOKS, fields_of, label_of, target_series
from helpers.profiles import current_profile
from helpers.records import records_of

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/frequencies"], "laptop")

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/frequencies"])

# %% [markdown]
# ## What a network looks at
#
# The gradient of the loss says which small changes of an image matter. Its power in each octave of spatial
# frequency says whether they are coarse or fine: from 1 cycle over the width of the image to 16, the finest that
# 32 pixels can hold along a row; the last octave are the diagonals. The gradient of the network behind the blur passes through
# the blur on its way back, so its spectrum is coarse by construction and shows nothing that was learnt.

# %% mystnb={"image": {"alt": "Spectrum of the loss gradient of networks held to eight targets"}}
frequencies = records_of("neural_similarity/frequencies")
figure = level_curves(
    frequencies,
    target_series(LOOKS),
    [
        LevelAxis(
            "",
            "octave from (cycles per image)",
            {low: f"gradient_{low}" for low in BANDS},
        )
    ],
    columns=1,
    ylabel="share of the gradient's power (%)",
)
figure.axes[0].set_xscale("log", base=2)
figure.axes[0].set_xticks(BANDS, [f"{low}" for low in BANDS])
figure

# %% tags=["remove-input"]
caption(
    "Power of the loss gradient by octave.",
    data="cifar10_gray",
    n=1_000,
    spread="range over seeds",
    profile="laptop",
    records="neural_similarity/frequencies",
)

# %% [markdown]
# ## Noise of one octave
#
# The same question from outside: noise of one octave only. Each octave gets noise of the same L2 norm, about that of white
# noise with a standard deviation of `.05`; the coarse octaves hold few frequencies, so there it is denser.

# %%
record_table(
    frequencies,
    {label_of(target): fields_of(target) for target in LOOKS},
    {f"noise {low} to {2 * low}": f"band_{low}" for low in BANDS}
    | {f"blur {sigma:g}": f"blur_{sigma:g}" for sigma in BLURS},
)

# %% tags=["remove-input"]
caption(
    "Accuracy in percent under noise of one octave, in cycles per image, and on images blurred by so many pixels.",
    data="cifar10_gray",
    n=10_000,
    profile="laptop",
    records="neural_similarity/frequencies",
)

# %% [markdown]
# ## How much of the gain is low-pass?
#
# One mark for each network: to the left those that look at coarse structure, upwards those that gain under noise. If all that the
# targets do is to make a network look at coarser things, the marks lie on one line, whatever their colour.

# %% mystnb={"image": {"alt": "Gain under noise against the mean frequency of the gradient"}}
noisy = records_of("neural_similarity/noise")
points = {
    std: gains_and_centres(
        noisy, frequencies, list(LOOKS), Corruption("noise_std", std).metric
    )
    for std in (0.05, 0.1)
}
gain_against_frequency(points[0.05], ylabel="gain at noise .05 (points)")

# %% tags=["remove-input"]
caption(
    "Gain in accuracy over the plain network of the same seed under noise with a standard deviation of .05, against the mean frequency of the loss gradient.",
    data="cifar10_gray",
    n=10_000,
    profile="laptop",
    records="neural_similarity/noise",
)

# %% [markdown]
# The same as a rank correlation over targets, at two levels of noise: over all, and without the two that stand
# apart. It is -1 where the coarser view always gains more, and 0 where the frequency says nothing of the gain. Beside it
# is the share of all possible orders that are as far from 0.

# %%
APART = ("blur", "pixels_thresholded")
rows = {}
for name, without in (("all targets", ()), ("without those two", APART)):
    rows[name] = {}
    for std, of in points.items():
        found = rank_correlation(of, without=without)
        rows[name] |= {
            f"noise {std:g}": f"{found.rho:.2f}",
            f"p, noise {std:g}": f"{found.p:.3f}",
            "targets": found.targets,
        }
pd.DataFrame(rows).T

# %% tags=["remove-input"]
caption(
    "Spearman's correlation of the mean frequency of the gradient and the gain over the plain network of the same seed, "
    "over means of the networks of each target; p by permutation, two-sided.",
    data="cifar10_gray",
    n=10_000,
    profile="laptop",
    records="neural_similarity/frequencies",
)
