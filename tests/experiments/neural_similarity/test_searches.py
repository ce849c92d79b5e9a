from itertools import pairwise

import pytest

from helpers.evaluation.minimal import Try
from helpers.experiments.neural_similarity.searches import (
    LADDER,
    PAPER_SEARCHES,
    SCALED_SEARCHES,
    Searches,
    searches_of,
)

SCALES = pytest.mark.parametrize("searches", [SCALED_SEARCHES, PAPER_SEARCHES])


def test_the_ladder():
    assert min(LADDER) < 0.0005
    assert max(LADDER) > 0.025
    assert max(b / a for a, b in pairwise(LADDER)) < 1.21


@SCALES
def test_the_attacks_of_the_figures(searches):
    assert searches.figure_5("linf")[0].attack == "pgd"
    assert searches.figure_5("l2")[0].attack == "brendel_bethge_l2"
    names = {each.attack.rsplit("_l", 1)[0] for each in searches.figure_7()}
    assert names == {"pgd", "pgd_adam", "cw", "ddn", "jsma", "sparsefool", "brendel_bethge"}


@SCALES
def test_the_decline_has_its_number_of_steps_alone(searches):
    for norm, attack in (("linf", "pgd"), ("l2", "brendel_bethge_l2")):
        found = searches.decline(norm, 30)
        assert {(each.attack, each.options["steps"]) for each in found} == {(attack, 30)}


def test_two_cores_try_one_setting_in_every_ball():
    found = SCALED_SEARCHES.in_balls("pgd")
    assert [each.eps for each in found] == list(LADDER)
    assert all(each.options == {"steps": 40, "loss": "cross_entropy"} for each in found)
    assert SCALED_SEARCHES.along_the_boundary("l1", 100) == (
        Try("brendel_bethge_l1", options={"steps": 100}),
    )


def test_the_papers_steps_that_cross_the_ball_by_hand():
    found = PAPER_SEARCHES.in_balls("pgd", radii=(0.002,))
    # From .002 / n to .004: with 10 steps .001 alone, from 30 on .0001 too, with 200 .00001.
    assert [(each.options["steps"], each.options["step"]) for each in found] == [
        (10, 1e-3),
        (30, 1e-4),
        (30, 1e-3),
        (50, 1e-4),
        (50, 1e-3),
        (100, 1e-4),
        (100, 1e-3),
        (200, 1e-5),
        (200, 1e-4),
        (200, 1e-3),
    ]


def test_every_ball_has_a_step_that_crosses_it():
    for attack in ("pgd", "pgd_adam_linf"):
        assert {each.eps for each in PAPER_SEARCHES.in_balls(attack)} == set(LADDER)


def test_the_papers_trust_regions():
    found = PAPER_SEARCHES.along_the_boundary("l2", 100)
    assert [each.options["lr"] for each in found] == [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]


def test_the_width_of_a_network_decides():
    assert searches_of({"width": 64}) is PAPER_SEARCHES
    assert searches_of({"width": 16}) is SCALED_SEARCHES


def test_bad_norms():
    for look in (lambda: Searches().figure_5("l1"), lambda: Searches().decline("l1", 3)):
        with pytest.raises(ValueError, match="norm is 'l1'; it may be one of linf, l2"):
            look()
