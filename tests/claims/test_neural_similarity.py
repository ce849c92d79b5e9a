"""The numbers of the paper on neural similarity, against its print and against the experiments."""

import pytest

from helpers.claims import PREDICATES, papers_own, read_claims
from helpers.evaluation.corruptions import Corruption
from helpers.experiments import EXPERIMENTS
from helpers.records import matches

CLAIMS = [claim for claim in read_claims() if claim.paper == "neural_similarity"]
NUMBERS = [claim for claim in CLAIMS if claim.predicate is None]
SENTENCES = [claim for claim in CLAIMS if claim.predicate is not None]
ANSWERED = [claim for claim in CLAIMS if claim.experiment in EXPERIMENTS]
BY_ID = {claim.id: claim for claim in CLAIMS}
#: The paper's network, and the narrower one that is trained for fewer epochs.
WIDTHS = (64, 16)

# Typed from the paper's print. The weights of the layers, from table 1:
LAYERS = (1, 5, 9, 13, 17)
TABLE_1 = {
    0: (0.2, 0.2, 0.2, 0.2, 0.2),
    2: (0, 1, 0, 0, 0),
    4: (0, 1, 0, 0, 0),
    8: (0, 0.33, 0.67, 0, 0),
    16: (0, 0.67, 0.33, 0, 0),
    32: (0.5, 0.5, 0, 0, 0),
}
#: Medians of the smallest perturbations in L-infinity and in L2, from section 4.2.
FIGURE_5 = {
    "None": ("none", 0.0025, 0.09),
    "Shuffle": ("shuffle", 0.003, 0.11),
    "VGG": ("features", 0.0028, 0.11),
    "Neural": ("neural_model", 0.0034, 0.13),
}


def fields(target, width, alpha):
    """The network of a claim as its configuration names it."""
    plain = {"target": target, "dataset": "cifar10_gray", "depth": 18, "width": width}
    return plain if target == "none" else {**plain, "alpha": alpha, "stimuli": "cifar100_gray"}


def test_every_weight_of_table_1_is_there_at_both_scales():
    found = {
        (claim.place, claim.config["width"]): (claim.metric, claim.value, claim.config)
        for claim in NUMBERS
        if claim.place.startswith("Table 1")
    }
    assert found == {
        (f"Table 1, alpha = {alpha}, layer {layer}", width): (
            f"gamma_{layer}",
            value,
            fields("neural_model" if alpha else "none", width, alpha),
        )
        for alpha, values in TABLE_1.items()
        for layer, value in zip(LAYERS, values, strict=True)
        for width in WIDTHS
    }


def test_every_median_of_figure_5_is_there_at_both_scales():
    found = {
        (claim.place, claim.config["width"], claim.metric): (claim.value, claim.config)
        for claim in NUMBERS
        if claim.place.startswith("Fig. 5")
    }
    assert found == {
        (f"Fig. 5 and section 4.2, {name}", width, metric): (value, fields(target, width, 20))
        for name, (target, *values) in FIGURE_5.items()
        for metric, value in zip(("linf_median", "l2_median"), values, strict=True)
        for width in WIDTHS
    }


@pytest.mark.parametrize(
    ("id", "value"),
    [
        # "Sdata vs. Soracle, r=0.39", "Smodel vs. Soracle, r=0.73"
        *((f"ns-f1d-data-region-{region}", 0.39) for region in (1, 2, 3)),
        *((f"ns-f1d-model-region-{region}", 0.73) for region in (1, 2, 3)),
        ("ns-f1d-data-simulated", 0.39),
        ("ns-f1d-model-simulated", 0.73),
        # "50% v.s. 20% at the highest noise level"
        *((f"ns-s4.1-noise-neural{scale}", 50) for scale in ("", "-scaled")),
        *((f"ns-s4.1-noise-none{scale}", 20) for scale in ("", "-scaled")),
        # "(0.029 vs 0.0034)"
        ("ns-s5-adversarial-training", 0.029),
        # "approximately doubles", "about 4.5 hours on a single TITAN RTX GPU"
        ("ns-s4.1-time-doubles", 2),
        ("ns-s4.1-hours", 4.5),
    ],
)
def test_a_number_is_the_papers(id, value):
    assert BY_ID[id].value == value


def test_similarities_are_asked_of_the_right_matrices():
    metrics = {0.39: "r_data_oracle", 0.73: "r_model_oracle"}
    for claim in NUMBERS:
        if claim.place.startswith("Fig. 1D"):
            assert claim.metric == metrics[claim.value], claim.id


def test_a_narrower_network_answers_the_same_number_and_is_never_exact():
    twins = {id: id.removesuffix("-scaled") for id in BY_ID if id.endswith("-scaled")}
    assert twins
    for id, twin in twins.items():
        narrow, wide = BY_ID[id], BY_ID[twin]
        assert narrow.standing != "exact", id
        for name in ("value", "metric", "place", "tolerance", "images", "predicate"):
            assert getattr(narrow, name) == getattr(wide, name), id
        if narrow.predicate is None:
            assert {**narrow.config, "width": 64} == wide.config, id


def test_only_what_needs_no_stand_in_may_be_reproduced():
    """The targets of ours stand on other recordings and another model than the paper's."""
    for claim in CLAIMS:
        if claim.standing == "exact":
            assert claim.config["target"] == "none", claim.id


@pytest.mark.parametrize(
    "metric", sorted({c.metric for c in CLAIMS if c.metric.startswith("noise_")})
)
def test_a_metric_is_spelt_as_it_is_measured(metric):
    assert Corruption.parse(metric).metric == metric


@pytest.mark.parametrize("claim", ANSWERED, ids=lambda claim: claim.id)
def test_a_claim_selects_runs_of_its_experiment_that_differ_in_their_seed(claim):
    experiment = EXPERIMENTS[claim.experiment]
    grid = [{**experiment.defaults, **config} for config in experiment.grid("paper")]
    for where, metric in means_of(claim):
        found = [config for config in grid if matches(config, {**experiment.defaults, **where})]
        rest = {
            tuple(sorted((name, str(value)) for name, value in config.items() if name != "seed"))
            for config in found
        }
        assert len(rest) == 1, where
        assert len({config.get("seed") for config in found}) == len(found)
        images = [experiment.metrics(config, "paper")[metric] for config in found]
        if claim.standing == "exact":
            assert len(found) >= claim.seeds
            assert min(images) >= claim.images


def means_of(claim):
    """The selector and the metric of every mean that a claim looks at."""
    if claim.predicate is None:
        return [(claim.config, claim.metric)]
    asked = []
    PREDICATES[claim.predicate](
        lambda where, metric: asked.append((where, metric)), claim.metric, **claim.config
    )
    assert asked
    return asked


def test_the_papers_own_numbers_fit_its_sentences():
    own = {claim.id: papers_own(claim, CLAIMS) for claim in SENTENCES}
    assert {own[id] for id in ("ns-f5-neural-largest", "ns-f5-none-smallest")} == {True}
    assert {own[f"ns-s2.2-denoised-{kind}"] for kind in ("recorded", "simulated")} == {True}
    # Means over seeds do not say how many networks chose one layer.
    assert own["ns-sup-one-layer"] is None
    assert False not in own.values()
