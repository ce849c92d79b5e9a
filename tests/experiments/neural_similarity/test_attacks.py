from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data import as_float, load
from helpers.evaluation.minimal import Try
from helpers.evaluation.smallest import MinimalNorms
from helpers.experiments.neural_similarity import attacks_run
from helpers.experiments.neural_similarity.attacks import (
    SIMILARITY_ATTACKS,
    SIMILARITY_NORMS,
    SIZES,
    grid,
    left_metric,
    metrics,
)
from helpers.experiments.neural_similarity.searches import (
    LADDER,
    PAPER_SEARCHES,
    SCALED_SEARCHES,
    Searches,
)
from helpers.experiments.neural_similarity.targets import CONTROLS, SIMULATED, TARGETS, VGG
from helpers.neural_similarity.joint import Joint


class Bright(nn.Module):
    """Two classes by the mean pixel: the smallest perturbations are known."""

    def forward(self, images):
        difference = images.flatten(1).mean(1) - 0.5
        return torch.stack([-difference, difference, *[difference - 9] * 8], 1)


@pytest.fixture
def dark(monkeypatch, work):
    """Ten images of one gray, .49, .48 and so on, of class 0."""
    digits = load("digits")
    gray = torch.tensor([round(255 * (0.5 - 0.004 * k)) for k in range(1, 11)])
    images = gray.view(10, 1, 1, 1).expand(10, 1, 8, 8).to(torch.uint8)
    data = replace(digits, test_images=images, test_labels=torch.zeros(10, dtype=torch.int64))
    monkeypatch.setattr(attacks_run, "load_named", lambda name, device: data)
    monkeypatch.setattr(attacks_run, "trained", lambda config, work: Joint(Bright().eval(), ()))
    (config,) = grid("smoke")

    def run(wanted, **change):
        return dict(SIMILARITY_ATTACKS.run({**config, **change}, wanted, work))

    return run, as_float(images)


def in_one_ball(monkeypatch, eps):
    """All searches are PGD in one ball."""
    tries = Searches().in_balls("pgd", radii=(eps,))
    monkeypatch.setattr(Searches, "figure_5", lambda self, norm: tries)
    monkeypatch.setattr(Searches, "figure_7", lambda self: tries)


def test_medians_are_those_of_the_known_perturbations(dark, monkeypatch):
    run, images = dark
    # Plain Python: compiling would take longer than the search.
    plain = Try("brendel_bethge_l2", options={"steps": 20, "compiled": False})
    monkeypatch.setattr(Searches, "along_the_boundary", lambda self, norm, steps: (plain,))
    gap = (0.5 - images[:, 0, 0, 0]).numpy()
    found = run({"linf_median": 10, "l2_median": 10, "linf_median_10": 10})
    # Every pixel has to rise by the gap; its norm over 64 pixels is eight times that.
    assert found["linf_median"] == pytest.approx(np.median(gap), rel=0.2)
    assert found["l2_median"] == pytest.approx(8 * np.median(gap), rel=0.1)
    assert found["linf_median_10"] >= found["linf_median"] * 0.99


def test_what_is_left_at_a_size_and_the_median_of_those_that_are_right(dark, monkeypatch):
    run, images = dark
    data = attacks_run.load_named("dark", torch.device("cpu"))
    labels = torch.tensor([1, 1, 1, 1] + 6 * [0])  # four are of another class than they look
    data = replace(data, test_labels=labels)
    monkeypatch.setattr(attacks_run, "load_named", lambda name, device: data)
    gap = (0.5 - images[4:, 0, 0, 0]).numpy()
    found = run(dict.fromkeys(("linf_median", "linf_median_right", "linf_left_0"), 10))
    assert found["linf_median_right"] == pytest.approx(np.median(gap), rel=0.2)
    assert found["linf_median"] == pytest.approx(gap[0], rel=0.2)
    assert found["linf_left_0"] == 60
    left = run({f"linf_left_{size}": 10 for size in (0.025, 0.03, 0.1)})
    # The smallest perturbations are found to within a fifth.
    assert 10 * (gap > 0.025).sum() <= left["linf_left_0.025"] <= 10 * (gap * 1.2 > 0.025).sum()
    assert left["linf_left_0.1"] == 0


def test_where_no_image_is_right_nothing_has_to_change(dark, monkeypatch):
    run, _ = dark
    data = attacks_run.load_named("dark", torch.device("cpu"))
    wrong = replace(data, test_labels=torch.ones(10, dtype=torch.int64))
    monkeypatch.setattr(attacks_run, "load_named", lambda name, device: wrong)
    assert run({"linf_median_right": 10}) == {"linf_median_right": 0}


def test_metrics_of_one_search_share_it(dark, monkeypatch):
    run, _ = dark
    searched = []
    whole = attacks_run.minimal_norms

    def counted(*given, **options):
        searched.append(options["checkpoint"].name)
        return whole(*given, **options)

    monkeypatch.setattr(attacks_run, "minimal_norms", counted)
    in_one_ball(monkeypatch, 0.021)
    run(dict.fromkeys(("linf_median", "linf_median_right", "linf_left_0.01", "linf_left_0.02"), 10))
    run({"linf_median_10": 10})
    assert searched == ["figure_5_linf_10.npz", "decline_linf_10_10.npz"]


def test_means_of_figure_7_count_the_largest_perturbation_where_nothing_breaks(dark, monkeypatch):
    run, images = dark
    eps = 0.021
    in_one_ball(monkeypatch, eps)
    found = run({f"{norm}_mean": 10 for norm in ("l0", "l1", "l2", "linf")} | {"linf_median": 10})
    broken = int((0.5 - images[:, 0, 0, 0] < eps).sum())
    assert 0 < broken < 6
    # All 64 pixels rise by eps, or count as if they rose from 0 to 1.
    largest = {"l0": (64, 64), "l1": (64 * eps, 64), "l2": (8 * eps, 8), "linf": (eps, 1)}
    for norm, (small, large) in largest.items():
        mean = (broken * small + (10 - broken) * large) / 10
        assert found[f"{norm}_mean"] == pytest.approx(mean, rel=1e-3)
    assert found["linf_median"] == 1


def test_the_papers_networks_are_searched_with_the_papers_settings(dark, monkeypatch):
    run, _ = dark
    asked = []

    def noted(model, images, labels, tries, *, repetitions, **options):
        asked.append((tries, repetitions))
        return MinimalNorms.nothing_found(len(images), tuple(map(str, tries)))

    monkeypatch.setattr(attacks_run, "minimal_norms", noted)
    for width, searches in ((16, SCALED_SEARCHES), (64, PAPER_SEARCHES)):
        wanted = ("linf_median", "l2_median_30", "cw_l2_median", "l1_mean")
        run(dict.fromkeys(wanted, 10), width=width)
        assert asked == [
            (searches.figure_5("linf"), 1),
            (searches.decline("l2", 30), 1),
            (searches.carlini_wagner(), 1),
            (searches.figure_7(), searches.repetitions),
        ]
        asked.clear()


def test_an_image_that_is_wrong_as_it_is_counts_with_0(dark, monkeypatch):
    run, _ = dark
    data = attacks_run.load_named("dark", torch.device("cpu"))
    data = replace(data, test_labels=torch.tensor([0, 1, 1] + 7 * [0]))
    monkeypatch.setattr(attacks_run, "load_named", lambda name, device: data)
    in_one_ball(monkeypatch, 0.021)
    # The first is broken at .021, two are of another class than they look.
    assert run({"linf_mean": 3})["linf_mean"] == pytest.approx(0.021 / 3, rel=1e-3)


def test_what_autoattack_leaves(dark):
    run, images = dark
    gap = 0.5 - images[:, 0, 0, 0]
    found = run({"autoattack_linf_0.0205": 10})
    assert found["autoattack_linf_0.0205"] == pytest.approx(100 * (gap > 0.0205).double().mean())


def test_autoattack_takes_images_by_the_batch(dark, monkeypatch):
    run, images = dark
    seen = []
    whole = attacks_run.named_attack("autoattack_linf")

    def counted(model, x, y, eps, *, seed):
        seen.append((len(x), seed))
        return whole(model, x, y, eps, seed=seed)

    monkeypatch.setattr(attacks_run, "named_attack", lambda name: counted)
    monkeypatch.setattr(attacks_run, "BATCH", 4)
    found = run({"autoattack_linf_0.0205": 10})
    gap = 0.5 - images[:, 0, 0, 0]
    assert found["autoattack_linf_0.0205"] == pytest.approx(100 * (gap > 0.0205).double().mean())
    assert seen == [(4, 0), (4, 1), (2, 2)]


def test_the_name_of_a_small_size_can_be_read():
    assert left_metric("linf", 0.00005) == "linf_left_0.00005"
    assert attacks_run._parsed(left_metric("l2", 0.00005)) == ("left", "l2", 0.00005)


def test_the_grid_begins_with_the_papers_three():
    configs = grid("laptop")
    assert [each["target"] for each in configs[:3]] == ["none", "shuffle", "neural_model"]
    assert metrics(configs[0], "laptop")["l2_median"] == 200
    assert {metrics(each, "paper")["linf_median"] for each in grid("paper")} == {200, 1_000}


def test_the_grid_leaves_out_the_side_studies():
    found = sorted((each["target"], each["seed"]) for each in grid("laptop"))
    assert found == sorted((target, seed) for target in (*TARGETS, *CONTROLS) for seed in range(3))
    for each in grid("paper"):
        assert each["target"] not in SIMULATED
        assert (each["stimuli"] == "allen_scenes") == (each["target"] == "neural_data")
    assert [each["target"] for each in grid("paper")].count(VGG) == 5


def test_figure_7_is_of_three_networks_and_the_decline_of_four():
    configs = SIMILARITY_NORMS.grid("laptop")
    assert [each["target"] for each in configs] == ["none", "shuffle", "neural_model", "features"]
    wanted = SIMILARITY_NORMS.metrics(configs[3], "laptop")
    decline = {f"{norm}_median_{n}" for norm in ("linf", "l2") for n in (10, 30, 100)}
    assert set(wanted) == {*decline, "cw_l2_median"}
    assert SIMILARITY_NORMS.minutes(configs[3]) < SIMILARITY_NORMS.minutes(configs[0])
    assert {each["width"] for each in SIMILARITY_NORMS.grid("paper")} == {16, 64}
    wanted = SIMILARITY_NORMS.metrics(configs[0], "laptop")
    assert wanted["l0_mean"] == wanted["l2_median_100"] == 100


@pytest.mark.parametrize(
    ("metric", "n", "text"),
    [
        ("l0_median", 5, "metric is 'l0_median'"),
        ("l2_mean_10", 5, "metric is 'l2_mean_10'"),
        ("l0_left_3", 5, "metric is 'l0_left_3'"),
        ("linf_left_", 5, "metric is 'linf_left_'"),
        ("linf_median_right_3", 5, "metric is 'linf_median_right_3'"),
        ("autoattack_linf_.1.", 5, "metric is 'autoattack_linf_.1.'"),
        ("speed", 5, "metric is 'speed'"),
        ("linf_median", 11, "linf_median asks for 11 images; there are 10"),
    ],
)
def test_bad_metrics(dark, metric, n, text):
    with pytest.raises(ValueError, match=text):
        dark[0]({metric: n})


def test_no_radius_of_a_ball_is_a_size_that_is_asked_for():
    # A perturbation that ends on its ball measures the radius give or take a rounding, so at a
    # size equal to a radius the comparison behind "left" would be a matter of chance.
    apart = np.abs(np.subtract.outer(LADDER, SIZES["linf"]))
    assert apart.min() > 1e-6 / 2  # radii and sizes have six digits, single precision eight
