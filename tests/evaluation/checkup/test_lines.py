"""Each line by itself: what it asks of which attack, and what verdict the answer brings."""

import math

import pytest
import torch

from helpers.evaluation.checkup import lines
from helpers.evaluation.checkup.case import Case
from helpers.evaluation.checkup.gradients import Gradients

ALL, NONE = torch.ones(40, dtype=torch.bool), torch.zeros(40, dtype=torch.bool)


class Asked(Case):
    """A case whose attacks leave what they are told to; it keeps what was asked for."""

    def right(self, name, attack, **options):
        self.asked.append((name, attack, options))
        self.left[name] = (0.0, 0)
        return self.answer(name, options)


def model(images):
    return 3 * images.flatten(1)[:, :4]


def always(right):
    return lambda name, options: right


def case(answer=None, norm="linf", loss="cross_entropy"):
    images = torch.rand(40, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    labels = torch.zeros(40, dtype=torch.int64)
    found = Asked(model, images, labels, 0.2, norm, loss, few=40)
    found.asked, found.answer = [], always(NONE) if answer is None else answer
    return found


def gradients(**change):
    return Gradients(**({"zero": 0, "steady": 1, "repeats": True, "rises": 100, "gap": 2} | change))


#: Lines that compare the claim's attack with one other.
COMPARED = {
    "many steps beat one": lambda case: lines.single_step(case, ALL),
    "twice the steps": lambda case: lines.doubled(case, ALL, 20),
    "more random starts": lambda case: lines.restarted(case, ALL, {"steps": 20}),
    "another loss": lambda case: lines.other_losses(case, ALL, 20),
    "images of another model": lambda case: lines.transferred(case, ALL, model, 20),
    "white box beats black box": lambda case: lines.black_box(case, ALL, 100),
    "gradients at another scale": lambda case: lines.scale(case, ALL, gradients(), {"steps": 20}),
    "AutoAttack": lambda case: lines.automatic(case, ALL),
}


@pytest.mark.parametrize(("name", "line"), COMPARED.items(), ids=COMPARED)
def test_a_stronger_attack_is_a_failure_and_an_equal_one_is_not(name, line):
    stronger, equal = (line(case(always(left))) for left in (NONE, ALL))
    assert stronger.name == equal.name == name
    assert (stronger.verdict, equal.verdict) == ("fail", "pass")
    assert stronger.values["claim"] == stronger.values["gain"] == 100
    assert stronger.values["other"] == equal.values["gain"] == 0
    assert stronger.meaning != equal.meaning


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        ("linf", ("fgsm", {"loss": "mse"})),
        ("l2", ("pgd_adam_l2", {"loss": "mse", "steps": 1, "random_start": False})),
    ],
)
def test_one_step_is_one(norm, expected):
    asked = case(norm=norm, loss="mse")
    lines.single_step(asked, ALL)
    assert asked.asked == [("one step", *expected)]


@pytest.mark.parametrize(
    ("norm", "attack", "shorter"), [("linf", "pgd", 1), ("l2", "pgd_adam_l2", 8)]
)
def test_twice_the_steps_of_the_same_size(norm, attack, shorter):
    asked = case(norm=norm, loss="margin")
    lines.doubled(asked, ALL, 20)
    # The claim's step is 2.5 eps / 20; in L2 all 64 pixels together go that far.
    step = pytest.approx(2.5 * 0.2 / 20 / shorter)
    options = {"loss": "margin", "steps": 40, "step": step}
    assert asked.asked == [("twice the steps", attack, options)]


def test_every_start_is_another_and_each_counts():
    def answer(name, options):  # every seed breaks ten other images
        right = ALL.clone()
        right[10 * options["seed"] - 10 : 10 * options["seed"]] = False
        return right

    asked = case(answer)
    found = lines.restarted(asked, ALL, {"steps": 20})
    assert [options["seed"] for _, _, options in asked.asked] == [1, 2, 3, 4]  # 0 is the claim's
    assert all(options["steps"] == 20 for _, _, options in asked.asked)
    assert asked.left == {"5 starts": (0.0, 40)}
    assert found.values["other"] == 0
    partly = ALL.clone()
    partly[:10] = False
    assert lines.restarted(case(always(ALL)), partly, {}).values["other"] == 75


def test_the_strongest_of_the_other_losses_counts():
    some = ALL.clone()
    some[:30] = False
    asked = case(lambda name, options: {"mse": some, "margin": NONE}[options["loss"]])
    found = lines.other_losses(asked, ALL, 20)
    assert [(name, options["loss"]) for name, _, options in asked.asked] == [
        ("mse", "mse"),
        ("margin", "margin"),
    ]
    assert found.values == {"claim": 100, "other": 0, "gain": 100, "mse": 25, "margin": 0}
    assert "margin, the strongest other loss" in found.figure


def test_the_surrogate_is_attacked():
    asked = case(loss="mse")
    lines.transferred(asked, ALL, torch.sin, 20)
    options = {"model": torch.sin, "loss": "cross_entropy", "steps": 20}
    assert asked.asked == [("transfer", "pgd", options)]
    assert lines.transferred(asked, ALL, None, 20).verdict == "not applicable"
    assert len(asked.asked) == 1


@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_the_black_box_and_autoattack_see_the_first_images(norm):
    asked = case(norm=norm)
    lines.black_box(asked, ALL, 123)
    lines.automatic(asked, ALL)
    assert asked.asked == [
        ("black box", f"square_{norm}", {"few": True, "queries": 123}),
        ("AutoAttack", f"autoattack_{norm}", {"few": True}),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [(ALL, ALL, "pass"), (ALL, NONE, "fail"), (NONE, ALL, "fail"), (NONE, NONE, "pass")],
)
def test_two_libraries_have_to_agree_in_both_directions(ours, theirs, verdict):
    asked = case(lambda name, options: ours if name.startswith("ours") else theirs)
    found = lines.other_library(asked, 20)
    assert found.verdict == verdict
    assert [attack for _, attack, _ in asked.asked] == ["pgd", "foolbox_pgd"]
    assert found.values["ours"] == 100 * ours.double().mean()
    assert found.values["theirs"] == 100 * theirs.double().mean()
    assert lines.other_library(case(norm="l2"), 20).verdict == "not applicable"


@pytest.mark.parametrize(("norm", "anywhere"), [("linf", 1), ("l2", 8)])
def test_without_a_bound_one_image_left_is_a_failure(norm, anywhere):
    one = NONE.clone()
    one[7] = True
    verdicts = [lines.unbounded(case(always(left)), 20).verdict for left in (NONE, one)]
    assert verdicts == ["pass", "fail"]
    asked = case(norm=norm)
    lines.unbounded(asked, 20)
    assert asked.asked[0][2]["eps"] == anywhere


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"zero": 1.1}, "they vanish"),
        ({"steady": 0.49}, "they change within a hundredth of eps"),
        ({"repeats": False}, "they are random"),
        ({"zero": 1.0, "steady": 0.5}, None),
    ],
)
def test_faults_of_gradients(change, fault):
    found = lines.alive(gradients(**change), 40)
    assert found.verdict == ("pass" if fault is None else "fail")
    if fault is not None:
        assert found.meaning == f"No attack can follow these gradients: {fault}."


@pytest.mark.parametrize(("rises", "verdict"), [(94.9, "fail"), (95.0, "pass")])
def test_the_loss_has_to_rise(rises, verdict):
    assert lines.rising(gradients(rises=rises), "mse").verdict == verdict


def test_the_scale_is_moved_by_a_factor():
    asked = case()
    lines.scale(asked, ALL, gradients(gap=0.5), {"steps": 20})
    ((name, attack, options),) = asked.asked
    assert (name, attack, options["steps"]) == ("rescaled scores", "pgd", 20)
    torch.testing.assert_close(options["model"](asked.images), 4 * model(asked.images))


@pytest.mark.parametrize("gap", [0.0, math.inf])
def test_where_no_factor_helps_the_scale_says_so(gap):
    found = lines.scale(case(), ALL, gradients(gap=gap), {})
    assert found.verdict == "not applicable"
    assert found.figure == f"the median gap of the two largest scores is {gap:g}"
    assert found.meaning == "No factor makes this gap 2."
    other = lines.scale(case(loss="mse"), ALL, gradients(gap=gap), {})
    assert (other.verdict, other.figure) == ("not applicable", "for cross-entropy only")


@pytest.mark.parametrize(
    ("outputs", "verdict"),
    [([[0.25, 0.75]], "fail"), ([[0.25, 0.8]], "pass"), ([[-0.25, 1.25]], "pass")],
)
def test_probabilities(outputs, verdict):
    assert lines.scores(torch.tensor(outputs)).verdict == verdict


def test_the_same_answer_twice():
    times = iter((1.0, 1.0, 1.0, 1.5))
    verdicts = [
        lines.repeatable(lambda x: x * next(times), torch.ones(1, 2)).verdict for _ in range(2)
    ]
    assert verdicts == ["pass", "fail"]


def test_better_than_chance():
    right = ALL.clone()
    assert lines.clean(right, 2).verdict == "pass"
    right[::2] = False
    assert lines.clean(right, 2).verdict == "fail"
    assert lines.clean(right, 4).verdict == "pass"
