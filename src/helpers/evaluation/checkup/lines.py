"""What must be true of a real claim of robustness, a function for each line of the check-up.

The list follows Athalye et al. (2018) and Carlini et al. (2019). Another attack leaves "fewer"
images right when the whole paired 95 % interval of the difference lies above :data:`MATTERS`.
"""

import math
from typing import Any

import torch
from torch import Tensor

from helpers.attacks import LOSSES, Model
from helpers.evaluation.checkup.case import Case, share
from helpers.evaluation.checkup.gradients import ALIVE, Gradients, rescaled
from helpers.evaluation.checkup.line import Line
from helpers.evaluation.checkup.paired import paired_difference
from helpers.evaluation.interval import wilson

#: Percentage points that matter: no attack converges to the last image.
MATTERS = 1.0
#: Most percent of images whose gradient may be zero, and fewest whose loss has to rise.
DEAD, RISING = 1.0, 95.0
#: Lowest median cosine between the gradients of neighbours.
STEADY = 0.5


def _compared(
    name: str, claim: Tensor, other: Tensor, how: str, good: str, bad: str, **values: float
) -> Line:
    """A line that fails when `other` leaves fewer images right than `claim` on the same images."""
    claim = claim[: len(other)]
    gain = paired_difference(claim, other)
    stronger = gain.low > MATTERS
    seen = {"claim": wilson(int(claim.sum()), len(claim)).value}
    seen |= {"other": wilson(int(other.sum()), len(other)).value, "gain": gain.value}
    figure = (
        f"{how} leaves {share(other)}, the claim's attack {share(claim)}; "
        f"difference {gain.value:.1f} ({gain.low:.1f} to {gain.high:.1f})"
    )
    return Line(
        name, "fail" if stronger else "pass", figure, bad if stronger else good, seen | values
    )


def scores(outputs: Tensor) -> Line:
    """Whether the model returns scores rather than probabilities, from outputs (n, classes)."""
    sums_to_one = bool(((outputs.sum(1) - 1).abs() < 1e-3).all())
    probabilities = sums_to_one and bool((outputs >= 0).all())
    return Line(
        "scores",
        "fail" if probabilities else "pass",
        f"outputs from {outputs.min():.3g} to {outputs.max():.3g}, "
        f"sums {outputs.sum(1).min():.3g} to {outputs.sum(1).max():.3g}",
        "These are probabilities: the softmax in the model flattens the gradients that attacks "
        "need; return what goes into it."
        if probabilities
        else "The outputs are not probabilities, so no softmax stands before the attack's loss.",
    )


def repeatable(model: Model, images: Tensor) -> Line:
    """Whether the model answers the same twice."""
    with torch.no_grad():
        apart = (model(images) - model(images)).abs().max().item()
    return Line(
        "same answer twice",
        "pass" if apart == 0 else "fail",
        f"two calls differ by at most {apart:.3g}",
        "The model is not random."
        if apart == 0
        else "The model is random: an attack has to average over its randomness, and these do not.",
        {"difference": apart},
    )


def clean(right: Tensor, classes: int) -> Line:
    """Whether the model is better than chance on the images as they are."""
    found = wilson(int(right.sum()), len(right))
    better = found.low > 100 / classes
    return Line(
        "clean accuracy",
        "pass" if better else "fail",
        f"{share(right)} right without an attack; chance is {100 / classes:.1f} %",
        "The model knows its task."
        if better
        else "The model is no better than chance, so there is nothing to defend.",
        {"clean": found.value},
    )


def single_step(case: Case, claim: Tensor) -> Line:
    """Many steps can go wherever one goes."""
    one = case.right("one step", case.family.one, loss=case.loss, **case.family.one_options)
    return _compared(
        "many steps beat one",
        claim,
        one,
        "a single step",
        "Many steps leave no more than one step does.",
        "One step beats many: the many go astray, so what they leave says nothing.",
    )


def alive(found: Gradients, n: int) -> Line:
    """Gradients that are zero, shattered or random mislead every attack that follows them."""
    faults = [
        text
        for text, wrong in (
            ("they vanish", found.zero > DEAD),
            ("they change within a hundredth of eps", found.steady < STEADY),
            ("they are random", not found.repeats),
        )
        if wrong
    ]
    return Line(
        "gradients",
        "fail" if faults else "pass",
        f"zero at {found.zero:.1f} % of {n} images, cosine to a neighbour's {found.steady:.2f}, "
        f"{'the same' if found.repeats else 'not the same'} twice",
        f"No attack can follow these gradients: {', '.join(faults)}."
        if faults
        else "There are gradients, and they hold from one point to the next.",
        {"zero": found.zero, "cosine": found.steady},
    )


def rising(found: Gradients, loss: str) -> Line:
    """A small step along the gradient has to raise the loss."""
    up = found.rises >= RISING
    return Line(
        "the loss rises along the gradient",
        "pass" if up else "fail",
        f"at {found.rises:.1f} % of images, {loss.replace('_', '-')}, a step of eps / 100",
        "The gradient points where the loss rises."
        if up
        else "The gradient does not point where the loss rises; it is masked or too small.",
        {"rises": found.rises},
    )


def scale(case: Case, claim: Tensor, found: Gradients, options: dict[str, Any]) -> Line:
    """Multiplying all scores changes no answer and must help no attack."""
    name = "gradients at another scale"
    if case.loss != "cross_entropy":
        meaning = "Other losses do not pass through a softmax."
        return Line(name, "not applicable", "for cross-entropy only", meaning)
    if not 0 < found.gap < math.inf:
        seen = f"the median gap of the two largest scores is {found.gap:g}"
        return Line(name, "not applicable", seen, f"No factor makes this gap {ALIVE:g}.")
    other = case.right(
        "rescaled scores", case.family.many, model=rescaled(case.model, found.gap), **options
    )
    return _compared(
        name,
        claim,
        other,
        f"with the median gap of the two largest scores moved from {found.gap:.3g} to {ALIVE:g} it",
        "The scale of the scores hides no gradient.",
        "The scale of the scores hides the gradients: rescale them, which changes no answer, and "
        "the defence is gone.",
        gap=found.gap,
    )


def unbounded(case: Case, steps: int) -> Line:
    """With a ball that holds every image nothing may be left."""
    eps = case.family.anywhere(case.images[0].numel())
    options: dict[str, Any] = {"loss": case.loss, "steps": steps}
    left = case.right("no bound", case.family.many, eps=eps, **options)
    none = not bool(left.any())
    return Line(
        "no bound",
        "pass" if none else "fail",
        f"with eps = {eps:.3g} the attack leaves {share(left)}",
        "Without a bound the attack always wins, as it must."
        if none
        else "An attacker who may change everything must win; that this one does not is its fault.",
        {"left": 100 * left.double().mean().item()},
    )


def doubled(case: Case, claim: Tensor, steps: int) -> Line:
    """Twice the steps of the same size must find nothing more."""
    step = 2.5 * case.eps / steps
    if case.norm == "l2":
        step /= case.images[0].numel() ** 0.5
    other = case.right(
        "twice the steps", case.family.many, loss=case.loss, steps=2 * steps, step=step
    )
    return _compared(
        "twice the steps",
        claim,
        other,
        f"with {2 * steps} steps it",
        "The attack has converged.",
        "The attack was stopped too early.",
    )


def restarted(case: Case, claim: Tensor, options: dict[str, Any], restarts: int = 4) -> Line:
    """More random starts must find nothing more."""
    right = claim[: case.few].clone()
    for seed in range(1, restarts + 1):
        right &= case.right("restart", case.family.many, few=True, seed=seed, **options)
    case.left.pop("restart")
    case.left[f"{restarts + 1} starts"] = (100 * right.double().mean().item(), len(right))
    return _compared(
        "more random starts",
        claim,
        right,
        f"the best of {restarts + 1} starts",
        "Where the attack starts hardly matters.",
        "The attack depends on where it starts, so one start is not enough.",
    )


def other_losses(case: Case, claim: Tensor, steps: int) -> Line:
    """No other loss may leave fewer."""
    rights = {
        loss: case.right(loss.replace("_", "-"), case.family.many, loss=loss, steps=steps)
        for loss in LOSSES
        if loss != case.loss
    }
    best = min(rights, key=lambda loss: int(rights[loss].sum()))
    return _compared(
        "another loss",
        claim,
        rights[best],
        f"{best.replace('_', '-')}, the strongest other loss,",
        "What the attack climbs hardly matters.",
        "The attack climbs the wrong hill: its loss rises without a change of the answer.",
        **{loss: 100 * right.double().mean().item() for loss, right in rights.items()},
    )


def transferred(case: Case, claim: Tensor, surrogate: Model | None, steps: int) -> Line:
    """Images made for another model must not fool this one better than its own."""
    name = "images of another model"
    if surrogate is None:
        return Line(name, "not applicable", "no surrogate was given", "Give one to see.")
    other = case.right(
        "transfer", case.family.many, model=surrogate, loss="cross_entropy", steps=steps
    )
    return _compared(
        name,
        claim,
        other,
        "an attack on a surrogate",
        "The model's own gradients are the better guide.",
        "Images made for another model do better than its own: its gradients are masked.",
    )


def black_box(case: Case, claim: Tensor, queries: int) -> Line:
    """An attack without gradients must do no better than one with."""
    other = case.right("black box", case.family.black_box, few=True, queries=queries)
    return _compared(
        "white box beats black box",
        claim,
        other,
        f"{case.family.black_box} with {queries} queries",
        "Gradients help, as they should.",
        "An attack without gradients does better: the gradients are masked.",
    )


def other_library(case: Case, steps: int) -> Line:
    """The same attack from another library has to agree, in both directions."""
    name = "another library"
    if case.family.library is None:
        return Line(name, "not applicable", f"none here for {case.norm}", "Nothing to compare.")
    ours = case.right(
        "ours, cross-entropy", case.family.many, few=True, loss="cross_entropy", steps=steps
    )
    theirs = case.right(case.family.library, case.family.library, few=True, steps=steps)
    gap = paired_difference(ours, theirs)
    agree = gap.low <= MATTERS and gap.high >= -MATTERS
    return Line(
        name,
        "pass" if agree else "fail",
        f"{case.family.library} leaves {share(theirs)}, ours {share(ours)}",
        "Two implementations agree."
        if agree
        else "Two implementations of one attack disagree; one of them is wrong on this model.",
        {"ours": 100 * ours.double().mean().item(), "theirs": 100 * theirs.double().mean().item()},
    )


def automatic(case: Case, claim: Tensor) -> Line:
    """AutoAttack's number: the field's common measure, last."""
    other = case.right("AutoAttack", case.family.automatic, few=True)
    return _compared(
        "AutoAttack",
        claim,
        other,
        "AutoAttack",
        "The common measure says the same.",
        "The common measure says less: quote its number.",
    )
