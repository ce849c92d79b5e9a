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
# # Attacks
#
# **What was claimed.** Held to the similarities of V1, a network has to be changed more before it errs: the smallest
# perturbations that attacks find are larger than those of plain networks and of the controls tested, in several norms
# {cite:p}`li2019brains`.
#
# **What this page finds, so far.** A dot stands where a network has not been attacked yet, and the tables say on how many seeds
# the others stand. The curves cross. Under small perturbations the plain network is right on more images than the one held to the model of
# V1, as it is on clean images; under larger ones on fewer. So the paper's median, which is over all images, is *smaller*
# for the network held to the model of V1 than for the plain one, on one seed hardly, where the paper has it larger. Over the images
# that each gets right it is larger, and AutoAttack at one gray level leaves more of it right, of a hundred images. The *mean*, which
# the supplement has, is larger for it too, in L1, L2 and L-infinity; it stands on one seed.
#
# Two networks without a brain stand larger perturbations better still: the one held to *thresholded pixels* and the one behind a
# *blur*. The blur has the larger median over all images; which of the two keeps more of the images that it knows depends on the
# seed. Held to features of a pretrained network, one stands larger perturbations a little better than the
# plain one on each seed; held to recorded neurons, to shuffled similarities or to plain pixels, the difference is small, and another
# from seed to seed.

# %% tags=["hide-input"]
from helpers.claims import ledger_frame, read_claims, records_for
from helpers.experiments import EXPERIMENTS
from helpers.experiments.neural_similarity.attacks import (
    DECLINE,
    EPS,
    MAIN,
    SIZES,
    left_metric,
)
from helpers.experiments.neural_similarity.checkup import CHECKED
from helpers.experiments.neural_similarity.noise import PAPER
from helpers.experiments.neural_similarity.searches import (
    LADDER,
    QUERIES,
    SCALED_SEARCHES,
)
from helpers.figures import Caption, caption, use_book_style
from helpers.figures.checkup_panel import verdict_matrix
from helpers.figures.ledger_table import number_table, sentence_table
from helpers.figures.levels import LevelAxis, level_curves
from helpers.figures.record_table import record_table
from helpers.figures.standing import what_waits
from helpers.figures.targets import (
    LOOKS,
    VGG_LOOKS,
    fields_of,
    label_of,
    target_series,
)
from helpers.profiles import current_profile
from helpers.records import records_of

use_book_style()

# %% tags=["parameters", "remove-cell"]
profile = current_profile()

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/attacks"], "laptop")

# %% [markdown]
# ## The smallest perturbation
#
# The paper does not ask how many images survive a given $\varepsilon$. It asks, for each image, how small a perturbation can be that makes
# the network err, and reports the median "across all samples" {cite:p}`li2019brains,schott2018`; we count an image that is wrong as it is with 0. No attack finds the smallest one for sure. So several look, with several settings, and
# the smallest that any of them finds counts. What they find is an upper bound: a stronger search can only lower it.
#
# In the L-infinity norm {term}`PGD` looks in balls of growing radius, each a fifth larger than the one before. In L2 the
# paper's own attack follows the boundary of the network's answers {cite:p}`brendel2019`. Beside each we set newer searches for the same
# norm: FMN {cite:p}`pintor2021` and DDN {cite:p}`rony2019`.
#
# The paper tries more settings: seven sizes of a step for each attack, for PGD five numbers of steps as well, and in its
# supplement five repetitions of each. The scaled networks below get more radii instead: PGD has one number of steps and one rule for
# their size, and each other search one setting and one start. Networks of the paper's size are searched with the paper's settings,
# but for steps that are too short to cross the ball or longer than it is wide. An image that nothing breaks counts with the largest perturbation there is, which weighs in
# means and hardly in medians.
#
# All networks are attacked as trained, with running statistics of both kinds of images. With those of the images to classify alone
# ([Noise](05_noise.ipynb)) the network held to the model of V1 errs on fewer clean images, so its numbers here may be
# worse than they need be.

# %%
{
    "L-infinity": sorted(
        {each.attack for each in SCALED_SEARCHES.figure_5("linf")}
    ),
    "radii": (min(LADDER), max(LADDER)),
    "L2": sorted({each.attack for each in SCALED_SEARCHES.figure_5("l2")}),
}

# %% [markdown]
# ## Figure 5: medians
#
# The paper has .0025 in L-infinity and .09 in L2 for the plain network, .003 and .11 for *shuffle*, .0028 and .11 for the
# pretrained network, .0034 and .13 for *neural (model)* {cite:p}`li2019brains`.

# %%
records = records_of("neural_similarity/attacks")
record_table(
    records,
    {label_of(target): fields_of(target) for target in LOOKS},
    {
        "L-infinity": "linf_median",
        "L-infinity, right": "linf_median_right",
        "L2": "l2_median",
        "L2, right": "l2_median_right",
    },
    digits=4,
)

# %% tags=["remove-input"]
caption(
    "Median of the smallest perturbation found, pixels from 0 to 1, over all images, and over those that the network gets "
    "right as they are; mean and standard deviation over seeds.",
    data="cifar10_gray",
    n=200,
    profile="laptop",
    records="neural_similarity/attacks",
)

# %% [markdown]
# The paper's median is over all images, so a network with more wrong ones has a smaller median for that alone. The columns beside it
# leave them out. That is not fair either: the images that a weaker network gets right are the easier ones. The
# curves below hide nothing: at 0 they start with the clean images, and each point says how many images are right however
# they are changed up to that size, as far as the searches can tell.

# %% mystnb={"image": {"alt": "Images left right by size of the perturbation"}}
names = {
    "linf": "size (L∞, pixel range 0 to 1)",
    "l2": "size (L2, pixel range 0 to 1)",
}
left = level_curves(
    records,
    target_series(LOOKS),
    [
        LevelAxis(
            "", names[norm], {size: left_metric(norm, size) for size in sizes}
        )
        for norm, sizes in SIZES.items()
    ],
    columns=1,
    ylabel="right under the searches (%)",
)
for ax, sizes in zip(left.axes, SIZES.values(), strict=True):
    # Each size twice the one before, and room for 0.
    ax.set_xscale("symlog", base=2, linthresh=sizes[1])
    ax.set_xlim(-0.1 * sizes[1], 1.15 * sizes[-1])
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes])
left

# %% tags=["remove-input"]
caption(
    "Images that no search breaks with a perturbation up to that size. Of 200 images a share is known to about seven points.",
    data="cifar10_gray",
    n=200,
    spread="range over seeds",
    profile="laptop",
    records="neural_similarity/attacks",
)

# %%
record_table(
    records,
    {label_of(target): fields_of(target) for target in LOOKS},
    {f"AutoAttack, eps = {EPS} (%)": f"autoattack_linf_{EPS}"},
)

# %% tags=["remove-input"]
caption(
    "Percent of the images that AutoAttack leaves right at about one step of 255. Of a hundred images such a share is known to about ten points.",
    data="cifar10_gray",
    n=100,
    profile="laptop",
    records="neural_similarity/attacks",
)

# %% [markdown]
# ## Is that a sign of robustness?
#
# The [check-up](../synthesis/01_is_it_really_robust.ipynb) asks whether what an attack leaves says anything about a network. Its
# claim here is what {term}`PGD` leaves at the size at which AutoAttack was asked; the surrogate is a plain network of another seed.

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/checkup"], "laptop")

# %%
checked = records_of("neural_similarity/checkup")
rows = {label_of(target): fields_of(target) for target in CHECKED}
verdict_matrix(checked, rows) if checked else Caption("It has not run yet.")

# %%
survivors = record_table(
    checked,
    rows,
    {
        "claim": "left_claim",
        "one step": "left_one_step",
        "margin": "left_margin",
        "surrogate": "left_transfer",
        "black box": "left_black_box",
        "AutoAttack": "left_autoattack",
    },
)
words = caption(
    "What is left right, in percent. The black box and AutoAttack are on half of the images.",
    data="cifar10_gray",
    n=200,
    profile="laptop",
    records="neural_similarity/checkup",
)
survivors if checked else None

# %% tags=["remove-input"]
words if checked else None

# %% [markdown]
# No line fails on a network that has been checked: stronger attacks leave not much less than the claim. So PGD does find what there is
# to find, and what it leaves of them can be compared. That none fails does not make a network robust: one gray level is a small change,
# and of every network about half of the images or more do not withstand it.
#
# ## More steps, smaller perturbations
#
# The second half of the paper's figure 5: how the median shrinks as the attack takes more steps. The scaled networks are those of one
# seed, under a hundred images. PGD looks in balls of growing radius, here each two fifths larger than the one before, so a median that
# shrinks by less stays where it is.

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/norms"], "laptop")

# %% mystnb={"image": {"alt": "Median of the smallest perturbation against the steps of the attack"}}
norms = records_of("neural_similarity/norms")
decline = level_curves(
    norms,
    target_series(DECLINE),
    [
        LevelAxis(
            title,
            f"steps of {attack}",
            {steps: f"{norm}_median_{steps}" for steps in QUERIES},
        )
        for norm, title, attack in (
            ("linf", "L∞", "PGD"),
            ("l2", "L2", "the attack along the boundary"),
        )
    ],
    columns=1,
    ylabel="median size (pixel range 0 to 1)",
    percent=False,
)
for ax in decline.axes:
    ax.set_xscale("log")
    ax.set_xticks(QUERIES, [f"{steps}" for steps in QUERIES])
words = caption(
    "Median of the smallest perturbation that one attack finds with so many steps.",
    data="cifar10_gray",
    n=100,
    spread="range over seeds",
    profile="laptop",
    records="neural_similarity/norms",
)
decline if norms else Caption("None of these searches has run yet.")

# %% tags=["remove-input"]
words if norms else None

# %% [markdown]
# In L2 each network's median shrinks, most from ten steps to thirty, and the network held to the model of V1 is ahead of the others
# at each number of steps, as in the paper. In L-infinity it shares its radius with the one held to features of a pretrained network.
# There no median moves: each lies on one of those radii after
# ten steps and after a hundred, so these searches cannot say whether it shrinks by less than their distance. And beside the table
# above, whose medians are over twice as many images, the networks change places: over the first half of them the median is larger for
# the one held to the model of V1 than for the plain one. A median hangs much on which images are asked.
#
# ## Figure 7: seven attacks, four norms
#
# The supplement's seven: PGD, PGD with Adam's steps {cite:p}`uesato2018`, the attack of Carlini and Wagner {cite:p}`carlini2017`, DDN,
# the saliency-map attack {cite:p}`papernot2016limitations`, SparseFool {cite:p}`modas2019`, and the boundary-following attack in all four norms. Whatever any of them finds counts in every norm.

# %%
sorted({attempt.attack for attempt in SCALED_SEARCHES.figure_7()})

# %%
means = record_table(
    norms,
    {label_of(target): fields_of(target) for target in MAIN},
    {
        norm: f"{key}_mean"
        for norm, key in (
            ("L0", "l0"),
            ("L1", "l1"),
            ("L2", "l2"),
            ("L-infinity", "linf"),
        )
    },
    digits={"L0": 1, "L1": 3, "L2": 4, "L-infinity": 4},
)
words = caption(
    "Mean over images of the smallest perturbation that any of the attacks finds: pixels that change (L0), and sizes with pixels from 0 to 1.",
    data="cifar10_gray",
    n=100,
    profile="laptop",
    records="neural_similarity/norms",
)
means if norms else None

# %% tags=["remove-input"]
words if norms else None

# %% [markdown]
# So on average over images it takes a larger change, in L1, L2 and L-infinity, to fool the network held to the model of V1; shuffled
# similarities bring a little of that. In L0 it takes fewer pixels than with the plain network. An image that is wrong as it is counts
# with 0 here as well.
#
# ## At the paper's scale

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/attacks"])

# %% tags=["hide-input"]
what_waits(EXPERIMENTS["neural_similarity/norms"])

# %% tags=["remove-input"]
wide = [r for r in records if r.config["width"] == PAPER["width"]]
rows = {
    label_of(target): fields_of(target, "paper") for target in (*LOOKS, *VGG_LOOKS)
}
medians = {"L-infinity": "linf_median", "L2": "l2_median"}
words = caption(
    "Figure 5 at the paper's scale: median of the smallest perturbation found, pixels from 0 to 1.",
    data="cifar10_gray",
    n=1_000,
    profile="paper",
    records="neural_similarity/attacks",
)
record_table(wide, rows, medians, digits=4) if wide else None

# %% tags=["remove-input"]
words if wide else None

# %% [markdown]
# ## Beside the paper

# %% tags=["hide-input"]
experiments = ("neural_similarity/attacks", "neural_similarity/norms")
claims = [c for c in read_claims() if c.experiment in experiments]
ledger = ledger_frame(claims, records_for(claims))

# %%
sentence_table(ledger[ledger.paper_value.isna()])

# %%
number_table(ledger[ledger.paper_value.notna()], digits=4)
