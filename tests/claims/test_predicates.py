import pytest

from helpers.claims import PREDICATES
from helpers.claims.means import Mean

OVER = [{"m": m} for m in range(4)]


def look_at(values, sd=None):
    """Answers a selector with the value at its field m, None where that is missing."""

    def look(where, metric):
        value = values.get((where["m"], metric), values.get(where["m"]))
        return None if value is None else Mean(value, sd, 2, 10, metric, ())

    return look


def ask(predicate, values, **parameters):
    look = look_at(dict(enumerate(values)) if isinstance(values, list) else values)
    return PREDICATES[predicate](look, "acc", where={}, **parameters)


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ([10, 11, 12, 13], True),
        ([10, 20, 18, 13], False),  # falls by 5 on the way
        ([10, 20, 18, 18], True),  # a fall of the margin is noise
        ([10, 11, 12, 12], False),  # grows by no more than the margin
        ([10, 12, 11, 12.1], True),
        ([13, 12, 11, 10], False),
        ([10, None, 12, 13], None),
        ([None] * 4, None),
    ],
)
def test_increases(values, holds):
    assert ask("increases", values, over=OVER, margin=2.0).holds is holds


@pytest.mark.parametrize(
    ("values", "holds"),
    [([1, 9, 3, 4], True), ([1, 2, 3, 4], False), ([1, 9, None, 4], None)],
)
def test_maximum_at(values, holds):
    assert ask("maximum_at", values, over=OVER, at={"m": 1}).holds is holds


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ([1, 2, 3, 9.9], True),
        ([1, 2, 3, 10], False),
        ([1, 2, None, 10], False),  # one is enough
        ([1, 2, None, 4], None),
    ],
)
def test_stays_below(values, holds):
    assert ask("stays_below", values, over=OVER, limit=10).holds is holds


LEFT, RIGHT = [{"m": 0}, {"m": 1}], [{"m": 2}, {"m": 3}]


@pytest.mark.parametrize(
    ("values", "exceeds", "gains_less", "alike"),
    [
        ([12.1, 22.1, 10, 20], True, False, False),
        ([12.1, 22, 10, 20], False, False, False),  # the second by exactly the margin
        ([12, 22, 10, 20], False, False, False),
        ([11.9, 21.9, 10, 20], False, True, True),
        ([9, 19, 10, 20], False, True, True),
        ([8, 19, 10, 20], False, True, False),  # less by exactly the margin
        ([11, 5, 10, 20], False, True, False),
        ([12.1, None, 10, 20], None, False, False),
        ([11.9, None, 10, 20], False, None, None),
        ([None, 22.1, None, 20], None, False, False),
    ],
)
def test_comparisons_with_a_margin(values, exceeds, gains_less, alike):
    parameters = {"left": LEFT, "right": RIGHT, "margin": 2.0}
    assert ask("exceeds", values, **parameters).holds is exceeds
    assert ask("gains_less", values, **parameters).holds is gains_less
    assert ask("alike", values, **parameters).holds is alike


def test_what_is_not_alike_says_where_it_differs_most():
    answer = ask("alike", [30, 29, 35, 30.5], left=OVER[:1], right=OVER[1:], margin=4)
    assert answer == (False, "the largest difference of 3 is -5.0 at m=2")


def test_a_single_point_is_compared_with_every_one_of_the_other_side():
    values = [30, 10, 20, 25]
    parameters = {"left": OVER[:1], "right": OVER[1:]}
    assert ask("exceeds", values, **parameters, margin=4).holds is True
    answer = ask("exceeds", values, **parameters, margin=5)
    assert answer == (False, "the smallest difference of 3 is 5.0 at m=3")
    answer = ask("gains_less", values, left=OVER[1:], right=OVER[:1], margin=1)
    assert answer == (True, "the largest gain of 3 is -5.0 at m=3")


@pytest.mark.parametrize("predicate", ["exceeds", "gains_less", "alike"])
def test_sides_of_other_lengths_are_refused(predicate):
    with pytest.raises(ValueError, match="left and right hold 2 and 3 points"):
        ask(predicate, [1] * 4, left=OVER[:2], right=OVER[:3], margin=0)


def test_exceeds_compares_two_metrics():
    values = {(0, "fgsm"): 60, (0, "pgd"): 50, (1, "fgsm"): 40, (1, "pgd"): 45}
    for points, holds in ((OVER[:1], True), (OVER[:2], False)):
        answer = PREDICATES["exceeds"](
            look_at(values),
            "fgsm",
            where={},
            left=points,
            right=points,
            margin=0,
            right_metric="pgd",
        )
        assert answer.holds is holds


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ([9, 5, 8, 4], True),
        ([9, 5, 6, 4], False),  # in the second metric by exactly the margin
        ([9, 8, 8, 4], False),
        ([9, 5, None, 4], None),
        ([9, 8, None, 4], False),
    ],
)
def test_exceeds_in_every_one_of_several_metrics(values, holds):
    by_metric = dict(zip([(0, "a"), (1, "a"), (0, "b"), (1, "b")], values, strict=True))
    answer = PREDICATES["exceeds"](
        look_at(by_metric),
        "a",
        where={},
        left=OVER[:1],
        right=OVER[1:2],
        margin=2,
        metrics=["a", "b"],
    )
    assert answer.holds is holds


def test_exceeds_says_in_which_metric_the_difference_is_smallest():
    values = {(m, name): 10 * m + i for m in range(3) for i, name in enumerate("ab")}
    values[1, "b"] = 5
    answer = PREDICATES["exceeds"](
        look_at(values),
        "a",
        where={},
        left=OVER[1:3],
        right=OVER[:1],
        margin=2,
        metrics=["a", "b"],
    )
    assert answer == (True, "the smallest difference of 4 is 4.0 at m=1, metric=b")


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ([5, 5.5, 8, 7.1], True),
        ([5, 5.5, 8, 7], False),  # by exactly the limit
        ([5.5, 5, 7, 8], False),  # whichever is larger
        ([5, 5.5, 8, None], None),
        ([5, 7, 8, None], False),
    ],
)
def test_varies_less(values, holds):
    by_metric = dict(zip([(0, "a"), (0, "b"), (1, "a"), (1, "b")], values, strict=True))
    answer = PREDICATES["varies_less"](
        look_at(by_metric), "a", where={}, over=OVER[:2], metrics=["a", "b"], limit=1
    )
    assert answer.holds is holds


@pytest.mark.parametrize(
    ("values", "holds", "seen"),
    [
        # At each of three points the metrics a and b.
        ([0.95, 0.05, 0.08, 0.92, 0.5, 0.5], True, "at 2 of 3 points one is above 0.9"),
        ([0.95, 0.05, 0.1, 0.9, 0.5, 0.5], False, "at 1 of 3 points one is above 0.9"),
        ([0.9, 0.1, 0.9, 0.1, 0.5, 0.5], False, "at 0 of 3 points one is above 0.9"),
        ([0.95, 0.05, 0.5, 0.5, None, 0.5], None, "at 1 of 2 points one is above 0.9"),
        ([0.95, 0.05, 0.95, 0.05, None, None], True, "at 2 of 2 points one is above 0.9"),
        ([0.5, 0.5, 0.5, 0.5, None, None], False, "at 0 of 2 points one is above 0.9"),
        ([None] * 6, None, "at 0 of 0 points one is above 0.9"),
    ],
)
def test_mostly_one(values, holds, seen):
    cells = dict(zip([(m, name) for m in range(3) for name in "ab"], values, strict=True))
    answer = PREDICATES["mostly_one"](
        look_at(cells), "a", where={}, over=OVER[:3], metrics=["a", "b"], limit=0.9
    )
    assert answer == (holds, seen)


def test_what_varies_less_says_where_it_varies_most():
    values = {(0, "a"): 5, (0, "b"): 5.5, (1, "a"): 8, (1, "b"): 7.25}
    answer = PREDICATES["varies_less"](
        look_at(values), "a", where={}, over=OVER[:2], metrics=["a", "b"], limit=1
    )
    assert answer == (True, "the largest range of 2 is 0.8 at m=1")


def ask_spread(spreads):
    """Asks with the (standard deviation, seeds) of the metrics acc and pgd at two points."""
    cells = {(m, name): spreads[2 * m + i] for m in (0, 1) for i, name in enumerate(["acc", "pgd"])}

    def look(where, metric):
        cell = cells[where["m"], metric]
        return None if cell is None else Mean(50.0, *cell, 10, metric, ())

    return PREDICATES["spread_below"](
        look, "acc", where={}, over=OVER[:2], metrics=["acc", "pgd"], limit=1.0
    )


@pytest.mark.parametrize(
    ("spreads", "holds"),
    [
        ([(0.9, 2)] * 4, True),
        ([(1.0, 2)] * 4, False),
        ([(0.5, 2), (0.5, 2), (0.5, 2), (1.8, 2)], True),  # by hand: (3 * 0.25 + 3.24) / 4 < 1
        ([(0.5, 2), (0.5, 2), (0.5, 2), (1.9, 2)], False),  # (3 * 0.25 + 3.61) / 4 > 1
        ([(0.5, 2), (0.5, 2), (1.5, 5), (0.5, 2)], False),  # (3 * 0.25 + 4 * 2.25) / 7 > 1
        ([(0.9, 2), (0.9, 2), (0.9, 2), (None, 1)], True),  # one seed has no spread
        ([(None, 1)] * 4, None),
        ([(9.0, 2), (9.0, 2), (9.0, 2), None], None),  # open until every cell has run
    ],
)
def test_spread_below(spreads, holds):
    assert ask_spread(spreads).holds is holds


def test_the_spread_that_is_pooled_says_how_many_cells_exceed_the_limit():
    assert ask_spread([(0.5, 2), (1.1, 2), (1.2, 2), (None, 1)]).sentence == (
        "pooled over 3 of 4 cells it is 0.98; 2 exceed 1, the largest is 1.2 at m=1, metric=acc"
    )
    assert ask_spread([(0.5, 2), None, (0.5, 2), (0.5, 2)]).sentence == "3 of 4 points have run"
    assert ask_spread([(None, 1)] * 4).sentence == "none of 4 cells has two seeds"


def test_an_answer_says_what_it_saw():
    assert ask("increases", [10, 20, 18, 19], over=OVER, margin=2.0).sentence == (
        "from 10.0 to 19.0, the deepest fall on the way is 2.0"
    )
    assert ask("increases", [10, None, 18, 19], over=OVER, margin=2.0).sentence == (
        "3 of 4 points have run"
    )
    assert ask("stays_below", [1, None, 12, 2], over=OVER, limit=10).sentence == (
        "the largest of 3 of 4 is 12.0 at m=2"
    )
    assert ask("maximum_at", [1, 2, 12, 2], over=OVER, at={"m": 1}).sentence == (
        "the largest, 12.0, is at m=2"
    )


@pytest.mark.parametrize("predicate", PREDICATES.values(), ids=PREDICATES)
def test_every_predicate_states_its_criterion(predicate):
    assert len(predicate.__doc__) > 40


@pytest.mark.parametrize(
    ("predicate", "parameters", "message"),
    [
        ("increases", {"over": [], "margin": 1}, "over is empty"),
        ("stays_below", {"over": [], "limit": 1}, "over is empty"),
        ("maximum_at", {"over": OVER, "at": {"m": 9}}, "at is {'m': 9}; it may be one of the"),
        ("exceeds", {"left": [], "right": OVER, "margin": 1}, "left is empty"),
        ("exceeds", {"left": OVER, "right": OVER, "margin": 1, "metrics": []}, "metrics is empty"),
        ("gains_less", {"left": OVER, "right": [], "margin": 1}, "right is empty"),
        ("varies_less", {"over": [], "metrics": ["acc"], "limit": 1}, "over is empty"),
        ("mostly_one", {"over": [], "metrics": ["acc"], "limit": 1}, "over is empty"),
        ("spread_below", {"over": OVER, "metrics": [], "limit": 1}, "metrics is empty"),
    ],
)
def test_nothing_to_look_at_is_refused(predicate, parameters, message):
    with pytest.raises(ValueError, match=message):
        ask(predicate, [1, 2, 3, 4], **parameters)


def test_half_of_the_points_are_not_most_of_them():
    cells = dict(
        zip([(m, name) for m in range(4) for name in "ab"], [1, 0, 1, *5 * [0]], strict=True)
    )
    parameters = {"where": {}, "over": OVER[:4], "metrics": ["a", "b"], "limit": 0.9}
    assert PREDICATES["mostly_one"](look_at(cells), "a", **parameters).holds is False
    cells[2, "a"] = None  # now one of the two others may still decide
    cells[3, "b"] = None
    assert PREDICATES["mostly_one"](look_at(cells), "a", **parameters).holds is None
    cells[2, "a"] = 0  # with one left there can be three of four at most, and two are known
    assert PREDICATES["mostly_one"](look_at(cells), "a", **parameters).holds is None


def test_on_the_limit_is_not_above_it():
    assert ask("stays_above", [5, 5.1, 6, 7], over=OVER, limit=5).holds is False
    assert ask("stays_above", [5.1, 5.1, 6, 7], over=OVER, limit=5).holds is True


def test_small_numbers_do_not_vanish_from_the_sentence():
    norms = [0.00183, 0.0034, 0.0025, 0.5]
    answer = ask("stays_above", norms, over=OVER, limit=0.001)
    assert answer.sentence == "the smallest of 4 is 0.0018 at m=0"
    assert ask("increases", norms, over=OVER, margin=1).sentence.startswith("from 0.0018 to 0.5,")
