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
# # Benchmarks
#
# **How much faster the book's fast paths are than the same computation written plainly, and than two
# attack libraries, torchattacks {cite:p}`kim2020` and foolbox {cite:p}`rauber2017,rauber2020`.** The speed is what brings the papers' own scale within reach of two processor cores.
# Below stand the ratios, the machine and the date, and then what each fast path does.
#
# ## How it is measured
#
# Most rows compare two or three ways to do the same work. They are timed *in alternation*:
# each way once, then each way once more, after a first round that does not count. The median time of each
# is taken, and the fastest of the others is set against ours. A time alone says little: it changes with
# the machine, and on one machine with its heat and with what else runs there. What slows the machine
# for a while slows all ways alike when they take turns, so it hardly moves a ratio.
#
# *Required* is what the ratio has to be; *aim* is a ratio that is worked towards. The table is
# written by a program and read by this page.

# %% tags=["hide-input"]
from helpers.figures import Caption
from helpers.figures.benchmark_table import (
    benchmark_facts,
    benchmark_table,
    not_run,
)
from helpers.profiles import current_profile
from helpers.records.benchmark import read_sections

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% [markdown]
# ## The cerebellum
#
# A ratio "at least" so large says how many times faster ours is. The last row turns it round, ours over
# the other: there both attack the same network, and nothing but the attack itself can be slow.

# %%
cerebellum = read_sections()["cerebellum"]
benchmark_table(cerebellum)

# %% tags=["remove-input"]
Caption(
    "All numbers: [`benchmarks/results.json`](../../benchmarks/results.json), written by "
    "`make bench`."
)

# %% [markdown]
# What is compared with what:
#
# - **Dense layer.** The outputs of a fully connected cerebellum with 20,000 cells for 250 images, and the
#   two matrix products alone that they are made of. The ratio is the share of the time that the products
#   take: at one, all else costs nothing.
# - **Training step.** One step of the delta rule with LTD, for a batch of 50 images and for one image. The
#   *literal* model gathers the inputs of each cell, multiplies, sums, and learns by autograd and torch's
#   RMSprop.
# - **PGD, sparse model.** Our attack on our model; torchattacks and foolbox on the literal model.
#   50 images and four of the forty steps, because the literal model is slow.
# - **PGD, small CNN.** Our attack and that of torchattacks on the same network, all forty steps.
#
# The images are random, with about as much ink as a digit.
#
# ### Where and when

# %%
benchmark_facts(cerebellum)

# %% [markdown]
# The load is the number of processes that wanted to run in the minute before the first row. Where it
# is near one or above, something else was running, and the run began with a warning.
#
# ## The cerebellum on a GPU
#
# The same model on a GPU, against the literal model on that GPU; PGD with 250 images at a time. The row of
# ten epochs is no ratio. It is the time of a whole training on single images, 600,000 steps, in seconds,
# ten times that of one epoch. A step costs less there than in the row above it, whose few steps
# bear the cost of recording them.

# %%
cuda = read_sections().get("cerebellum_cuda")
benchmark_table(cuda) if cuda else not_run("cerebellum_cuda")

# %%
benchmark_facts(cuda) if cuda else None

# %% [markdown]
# ## Neural similarity
#
# A training step of a ResNet-18 of the paper's width, images and pairs of photographs together. Ours works in half
# precision where that is safe (`bfloat16`), with the channels last in memory. The other is the same step as one would first
# write it.

# %%
similarity = read_sections()["similarity"]
benchmark_table(similarity)

# %% [markdown]
# Where the step misses what is required, its convolutions hold it back: they take most of the time. With one instruction the
# processor named below multiplies at most twice as many numbers in `bfloat16`, and oneDNN, the library that computes the
# convolutions, comes near that on large maps only. On the smallest, 4x4 pixels in 512 channels, the 3x3 convolutions and
# their gradients gain less.

# %%
benchmark_facts(similarity)

# %% [markdown]
# ## Neural similarity on a GPU
#
# A whole training at the paper's scale, on images of noise. An epoch is timed after one that does not count. The row is that
# time, multiplied by the number of epochs, over the time that a training may take. The paper reports about 4.5 hours on the
# GPU of its day {cite:p}`li2019brains`.

# %%
similarity_cuda = read_sections().get("similarity_cuda")
benchmark_table(similarity_cuda) if similarity_cuda else not_run("similarity_cuda")

# %%
benchmark_facts(similarity_cuda) if similarity_cuda else None

# %% [markdown]
# ## Sleep
#
# Time steps of the reproduction's sleep, with the additive rule of STDP. The *literal* version makes new weights at every
# step; *dense in place* makes one rank-1 call per layer and step; *rows* is the same for the cells that fired. Ours
# (`EventSleeper`) touches only pairs of cells that both fired, since the depression of a cell's whole row is one number.
# The last row is a time over a limit: a sleep as long as the original's.

# %%
asleep = read_sections()["sleep"]
benchmark_table(asleep)

# %%
benchmark_facts(asleep)

# %% [markdown]
# ## The pages themselves
#
# The front page in a browser without a window. The first row is the time from opening the file until a key that is
# pressed on a slider has changed the answer. The second is an attack of forty steps on the largest of the small models,
# as the page clocks it itself. Both stand over the time that they may take.

# %%
pages = read_sections()["pages"]
benchmark_table(pages)

# %%
benchmark_facts(pages)

# %% [markdown]
# ## What each fast path does
#
# Every fast path has a plain version of a few lines that is its test: both get the same input, and their
# results have to agree.
#
# - **Outputs and the gradient for the images** (`fused.py`, `kernels/sparse.py`). The activity of all
#   granule cells for a batch would be the largest array by far, so it is never stored: each cell's
#   activity is computed, used for all classes at once, and computed again where the gradient needs it.
#   Attacks on a sparse model spend their time here. Its test is the plain sum of `GranuleLayer` with the
#   product by `W`, and autograd through both.
# - **Batches** (`BatchLearner`, `kernels/sparse.py`). For up to 64 images, one pass moves `mu` and gives
#   the errors, and another computes each gradient and takes RMSprop's step at once, so that neither the
#   activity nor the gradient of `W` is ever stored. Its test is `PlainLearner`.
# - **One image at a time** (`OnlineLearner`, `kernels/online.py`). A block of cells takes the step of
#   the last image and adds its part to the outputs for the next while it is in the cache, so `W` is read
#   once for each image instead of twice. Its test is `PlainLearner`.
# - **Dense layer** (`Cerebellum.forward`). $W^\top (h - \mu)$ is computed as $W^\top h - W^\top \mu$:
#   an array for $h - \mu$ would cost more than the product. Its test is equation 2 worked out by hand.
# - **Attack** (`pgd`). Each step asks autograd for the gradient of the images alone and updates them in
#   place. Its test is foolbox's PGD: from the same start, the same images.
#
# These kernels are written in Numba for processors and are used from a size on where they pay for being
# compiled. On a GPU others take their place, with the same tests:
#
# - **Sparse products** (`sparse_product.py`). With images as the last axis, the sum over a cell's inputs is a
#   product with a sparse matrix. Its synapses are kept sorted by cell and sorted by pixel, so the
#   gradient for the images is such a product too, and nothing is scattered.
# - **Recorded steps** (`GraphLearner`). Starting a kernel takes longer than most kernels of a small step
#   run. The plain step is recorded once as a CUDA graph and replayed for each batch.
# - **One image at a time** (`GraphOnlineLearner`, `kernels/online_triton.py`). A Triton kernel takes the step
#   of one image and computes the outputs for the next in the same sweep over `W`, as on a processor, and
#   some hundreds of launches are recorded and replayed together. Where there is no Triton, the recorded plain
#   step serves.
#
# Which one is used follows from the device, the size and the batch (`fastest_learner`).
#
# ## Repeat it
#
# `make bench` runs the benchmarks on your machine, prints each row as it comes and writes the file;
# `make bench ONLY=cerebellum` runs one and keeps what the others have measured before, and without a GPU
# what was measured on one stays. Let nothing else run meanwhile. `make book` then puts the new numbers on this page.
