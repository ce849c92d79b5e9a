"""FGSM and PGD: by hand, against foolbox, and against everything an attack must not do."""

import copy

import eagerpy as ep
import foolbox
import pytest
import torch
from torch import nn

from helpers.attacks import LOSSES, fgsm, pgd, pgd_adam, uniform_start

#: A row for each attack: every general promise is tested on every row.
ATTACKS = {
    "fgsm": fgsm,
    "pgd": lambda *given, **named: pgd(*given, steps=7, **named),
    "pgd without a random start": lambda *given, **named: pgd(
        *given, steps=7, random_start=False, **named
    ),
    "pgd, worst iterate": lambda *given, **named: pgd(*given, steps=4, worst=True, **named),
    "pgd with restarts": lambda *given, **named: pgd(*given, steps=4, restarts=3, **named),
    "pgd with adam": lambda *given, **named: pgd_adam(*given, steps=7, **named),
}
every_attack = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
every_loss = pytest.mark.parametrize("loss", LOSSES)


class Linear(nn.Module):
    """Two scores of two pixels; its gradients are known by heart."""

    def forward(self, x):
        return x @ torch.tensor([[1.0, 0.0], [0.0, 2.0]], dtype=x.dtype)


def test_fgsm_by_hand():
    # Scores (.6, .8), label 0; the squared error climbs by lowering pixel 0 (.6 < 1) and raising 1.
    x = torch.tensor([[0.6, 0.4]], dtype=torch.float64)
    found = fgsm(Linear().eval(), x, torch.tensor([0]), 0.25)
    assert found.images.tolist() == [[pytest.approx(0.35), pytest.approx(0.65)]]
    assert found.norms.item() == pytest.approx(0.25)
    assert found.success.item()


def test_pgd_by_hand_stops_at_the_ball_and_at_the_border():
    x = torch.tensor([[0.6, 0.9]], dtype=torch.float64)
    found = pgd(Linear().eval(), x, torch.tensor([0]), 0.2, step=0.15, steps=3, random_start=False)
    assert found.images.tolist() == [[pytest.approx(0.4), 1.0]]


@every_attack
@every_loss
@pytest.mark.parametrize("eps", [0.0, 0.05, 1.0])
def test_it_stays_in_the_ball_and_says_what_it_did(attack, loss, eps, model, images, labels):
    found = attack(model, images, labels, eps, loss=loss)
    perturbation = (found.images - images).flatten(1).abs().amax(1)
    assert found.images.min() >= 0
    assert found.images.max() <= 1
    assert (perturbation <= eps + 1e-12).all()
    torch.testing.assert_close(found.norms, perturbation)
    assert torch.equal(found.success, model(found.images).argmax(1) != labels)


@every_attack
@every_loss
def test_it_climbs_the_loss(attack, loss, model, images, labels):
    before = LOSSES[loss](model(images), labels)
    after = LOSSES[loss](model(attack(model, images, labels, 0.1, loss=loss).images), labels)
    assert (after > before).all()


@every_attack
def test_targets_are_approached(attack, model, images, labels):
    targets = (labels + 1) % 5
    found = attack(model, images, labels, 0.3, loss="cross_entropy", targets=targets)
    loss = LOSSES["cross_entropy"]
    assert (loss(model(found.images), targets) < loss(model(images), targets)).all()
    assert torch.equal(found.success, model(found.images).argmax(1) == targets)


@every_attack
def test_it_changes_nothing_about_the_model(attack, images, labels):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(36, 8), nn.BatchNorm1d(8), nn.Linear(8, 5))
    model = model.double().eval()
    before, originals = copy.deepcopy(model.state_dict()), images.clone()
    attack(model, images, labels, 0.1)
    assert all(torch.equal(before[name], now) for name, now in model.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in model.parameters())
    assert not model.training
    assert torch.equal(images, originals)


@every_attack
def test_it_repeats_itself(attack, model, images, labels):
    one, two = (attack(model, images, labels, 0.1) for _ in range(2))
    assert torch.equal(one.images, two.images)


def test_seeds_differ(model, images, labels):
    one, two = (
        pgd(model, images, labels, 0.1, steps=1, generator=torch.Generator().manual_seed(seed))
        for seed in (0, 1)
    )
    assert not torch.equal(one.images, two.images)


class SquaredError(foolbox.attacks.LinfPGD):
    """Foolbox's PGD on the squared error, from a start that is handed in."""

    def get_loss_fn(self, model, labels):
        def loss(x):
            scores = model(x)
            return (scores - ep.onehot_like(scores, labels)).square().sum()

        return loss


@pytest.mark.parametrize(
    ("loss", "theirs"), [("mse", SquaredError), ("cross_entropy", foolbox.attacks.LinfPGD)]
)
@pytest.mark.parametrize("eps", [0.05, 0.3])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pgd_is_foolbox_pgd(loss, theirs, eps, model, images, labels, monkeypatch):
    start = uniform_start(images, eps, torch.Generator().manual_seed(5))
    reference = theirs(abs_stepsize=0.01, steps=20, random_start=True)
    monkeypatch.setattr(reference, "get_random_start", lambda x0, epsilon: type(x0)(start.clone()))
    expected, _, success = reference(
        foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu"), images, labels, epsilons=eps
    )
    found = pgd(
        model,
        images,
        labels,
        eps,
        step=0.01,
        steps=20,
        loss=loss,
        generator=torch.Generator().manual_seed(5),
    )
    torch.testing.assert_close(found.images, expected, rtol=0, atol=1e-12)
    assert torch.equal(found.success, success)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_fgsm_is_foolbox_fgsm(model, images, labels):
    reference = foolbox.attacks.LinfFastGradientAttack()
    expected, _, _ = reference(
        foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu"), images, labels, epsilons=0.1
    )
    found = fgsm(model, images, labels, 0.1, loss="cross_entropy")
    torch.testing.assert_close(found.images, expected, rtol=0, atol=1e-12)


def test_the_worst_iterate_counts():
    def model(x):  # wrong about class 0 only where |x - .56| < .02
        return torch.cat([(x - 0.56).abs() - 0.02, torch.zeros_like(x)], 1)

    image, label = torch.tensor([[0.5]], dtype=torch.float64), torch.tensor([0])
    settings = {"step": 0.07, "steps": 2, "loss": "margin", "random_start": False}
    # The steps lead to .57, where the model is fooled, and back to .5.
    final, worst = (pgd(model, image, label, 0.1, worst=w, **settings) for w in (False, True))
    assert (final.images.item(), final.success.item()) == (pytest.approx(0.5), False)
    assert (worst.images.item(), worst.success.item()) == (pytest.approx(0.57), True)


def hill(x):
    """1 at .6, 3 at .7, 4 at .75 and 2 at .8: steps of .1 from .5 overshoot the top."""
    return 10 * (x - 0.5) + 10 * (x - 0.6).relu() - 60 * (x - 0.75).relu()


@pytest.mark.parametrize("targeted", [False, True])
def test_while_none_succeeds_the_highest_loss_counts(targeted):
    asked = []

    def model(x):  # class 1 never wins; its score is what the attack raises
        asked.append(torch.is_grad_enabled())
        return torch.cat([torch.zeros_like(x), hill(x) - 10], 1)

    image, label = torch.tensor([[0.5]], dtype=torch.float64), torch.tensor([0])
    settings = {"step": 0.1, "steps": 3, "loss": "margin", "random_start": False, "worst": True}
    targets = torch.tensor([1]) if targeted else None
    found = pgd(model, image, label, 0.4, targets=targets, **settings)
    assert found.images.item() == pytest.approx(0.7)
    assert found.norms.item() == pytest.approx(0.2)
    assert not found.success
    # One image beforehand, then for every step a gradient and one look at where it leads.
    assert asked == [False, *[True, False] * 3]


def test_a_restart_keeps_what_succeeded(model, images, labels):
    generator = torch.Generator().manual_seed(9)
    single = [
        pgd(model, images, labels, 0.03, steps=2, generator=generator).success for _ in range(4)
    ]
    together = pgd(
        model,
        images,
        labels,
        0.03,
        steps=2,
        restarts=4,
        generator=torch.Generator().manual_seed(9),
    )
    assert torch.equal(together.success, torch.stack(single).any(0))
    assert len({int(s.sum()) for s in single}) > 1  # else the restarts would show nothing


def test_the_default_step_crosses_the_ball():
    # 2.5 eps in all, from the centre: the border is reached.
    x = torch.full((1, 2), 0.5, dtype=torch.float64)
    found = pgd(Linear().eval(), x, torch.tensor([0]), 0.2, steps=10, random_start=False)
    assert found.norms.item() == pytest.approx(0.2)


@every_attack
@pytest.mark.parametrize("eps", [-0.1, float("nan"), float("inf")])
def test_bad_eps(attack, eps, model, images, labels):
    with pytest.raises(ValueError, match="eps is"):
        attack(model, images, labels, eps)


@every_attack
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda m, x, y: (m.train(), x, y), "model is in training mode"),
        (lambda m, x, y: (m, x * 2, y), "images span"),
        (lambda m, x, y: (m, x - 1, y), "images span"),
        (lambda m, x, y: (m, torch.full_like(x, float("nan")), y), "images hold NaN"),
        (lambda m, x, y: (m, (x * 255).byte(), y), "images are torch.uint8"),
        (lambda m, x, y: (m, x[:0], y[:0]), "images are empty"),
        (lambda m, x, y: (m, x, y[:3]), "labels have shape"),
        (lambda m, x, y: (m, x, y + 1), "labels span 1 to 5; they may be from 0 to 4"),
        (lambda m, x, y: (m, x, y.to("meta")), "different devices"),
        (lambda m, x, y: (lambda x: m(x) * float("nan"), x, y), "NaN or infinity"),
        (lambda m, x, y: (lambda x: m(x)[:, 0], x, y), "model returned"),
    ],
)
def test_bad_requests(attack, change, text, model, images, labels):
    with pytest.raises(ValueError, match=text):
        attack(*change(model, images, labels), 0.1)


@every_attack
def test_a_score_that_is_no_number_anywhere_is_refused(attack, model, images, labels):
    def sometimes(x):  # finite for the first image, which is looked at beforehand
        scores = model(x)
        return scores if len(x) == 1 else scores.index_fill(0, torch.tensor([7]), float("inf"))

    with pytest.raises(ValueError, match="NaN or infinity"):
        attack(sometimes, images, labels, 0.1)


@every_attack
def test_bad_choices(attack, model, images, labels):
    with pytest.raises(ValueError, match="loss is 'l1'"):
        attack(model, images, labels, 0.1, loss="l1")
    with pytest.raises(ValueError, match="targets span"):
        attack(model, images, labels, 0.1, targets=labels + 5)


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"restarts": 0}, "restarts is 0"),
        ({"step": 0.0}, "step is 0"),
        ({"step": float("nan")}, "step is nan"),
        ({"restarts": 2, "random_start": False}, "without a random start"),
    ],
)
def test_bad_pgd_settings(setting, text, model, images, labels):
    with pytest.raises(ValueError, match=text):
        pgd(model, images, labels, 0.1, **setting)
