"""Every attack of the table keeps the same promises; a new row is tested by being one."""

import copy
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from helpers.attacks import ATTACKS, NORMS, named_attack

#: Small budgets; where an attack is quick as it is, its own settings are tested.
QUICK = {
    **{name: {"steps": 4, "compiled": False} for name in ATTACKS if "brendel_bethge" in name},
    **{name: {"queries": 30} for name in ATTACKS if name.startswith(("square", "autoattack"))},
    **{name: {"steps": 20} for name in ATTACKS if name.startswith(("apgd", "fab", "fmn"))},
    "cw_l2": {"steps": 40, "binary_search_steps": 4},
    "boundary_l2": {"steps": 60},
    "torchattacks_pgd": {"steps": 10},
    "foolbox_pgd": {"steps": 10},
}
EPS = {"l2": 0.5, "linf": 0.1}
DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
every_attack = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
GRADIENT = [attack for attack in ATTACKS.values() if attack.needs_gradient]
QUERIES = [attack for attack in ATTACKS.values() if not attack.needs_gradient]


def run(attack, model, images, labels, **changes):
    eps = EPS[attack.norm] if attack.kind == "fixed" else None
    return attack(model, images, labels, **({"eps": eps} | QUICK.get(attack.name, {}) | changes))


@pytest.fixture
def images():
    return torch.rand(8, 1, 6, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.fixture
def labels(model, images):
    """What the model says, but for two images, which it has wrong."""
    labels = model(images).argmax(1)
    labels[:2] = (labels[:2] + 1) % 5
    return labels


def numpy_size(perturbation, norm):
    flat = perturbation.cpu().numpy().reshape(len(perturbation), -1)
    if norm == "l0":
        return np.count_nonzero(flat, axis=1)
    return np.linalg.norm(flat, {"l1": 1, "l2": 2, "linf": np.inf}[norm], axis=1)


@every_attack
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_it_says_what_it_did(attack, device, dtype, model, images, labels):
    model, x, labels = model.to(device, dtype), images.to(device, dtype), labels.to(device)
    found = run(attack, model, x, labels)
    assert found.images.shape == x.shape
    assert found.images.dtype == dtype
    assert found.images.device == x.device
    assert not found.images.requires_grad
    assert found.images.min() >= 0
    assert found.images.max() <= 1
    wrong = model(found.images).argmax(1) != labels
    assert torch.equal(found.success, wrong)
    assert found.success[2:].any()  # else nothing was tested
    size = numpy_size(found.images - x, attack.norm)
    if attack.kind == "fixed":
        assert (size <= EPS[attack.norm] * (1 + 1e-5)).all()
        np.testing.assert_allclose(found.norms.cpu(), size, rtol=1e-5, atol=1e-7)
    else:
        expected = np.where(wrong.cpu(), size, np.inf)
        np.testing.assert_allclose(found.norms.cpu(), expected, rtol=1e-5)
        assert torch.equal(found.images[~wrong], x[~wrong])
        assert found.norms[:2].tolist() == [0, 0]
        assert torch.equal(found.images[:2], x[:2])
        assert (found.norms[2:] > 0).all()


@every_attack
def test_it_changes_nothing_and_repeats_itself(attack, images, labels):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(36, 8), nn.BatchNorm1d(8), nn.Linear(8, 5))
    model = model.double().eval()
    model[1].weight.requires_grad_(False)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 3.0)
    before, originals = copy.deepcopy(model.state_dict()), images.clone()
    wanted = [parameter.requires_grad for parameter in model.parameters()]
    x, y = images.clone(), labels.clone()
    answers = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        np.random.seed(seed)
        random.seed(seed)
        states = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()
        answers.append(run(attack, model, x, y, seed=7))
        assert torch.equal(states[0], torch.get_rng_state())
        assert (states[1] == np.random.get_state()[1]).all()
        assert states[2] == random.getstate()
    assert torch.equal(answers[0].images, answers[1].images)
    assert torch.equal(answers[0].norms, answers[1].norms)
    assert all(torch.equal(before[name], now) for name, now in model.state_dict().items())
    assert all((parameter.grad == 3).all() for parameter in model.parameters())
    assert [parameter.requires_grad for parameter in model.parameters()] == wanted
    assert not any(part.training for part in model.modules())
    assert torch.equal(x, originals)
    assert not x.requires_grad
    assert torch.equal(y, labels)


@every_attack
def test_one_image_and_a_model_that_is_a_function(attack, model, images, labels):
    found = run(attack, lambda x: model(x), images[5:6], labels[5:6].int())
    assert found.images.shape == (1, 1, 6, 6)


@every_attack
def test_all_wrong_already(attack, model, images, labels):
    labels = (model(images).argmax(1) + 1) % 5
    found = run(attack, model, images, labels)
    if attack.kind == "minimal":
        assert found.success.all()
        assert (found.norms == 0).all()


@pytest.mark.parametrize(
    "attack", [each for each in ATTACKS.values() if each.kind == "fixed"], ids=lambda a: a.name
)
def test_a_budget_of_nothing(attack, model, images, labels):
    found = run(attack, model, images, labels, eps=0.0)
    assert torch.equal(found.images, images)
    assert found.success.tolist() == [True] * 2 + [False] * 6


@pytest.mark.parametrize("name", ["pgd", "pgd_adam_l2", "square_linf", "boundary_l2"])
def test_seeds_differ(name, model, images, labels):
    one, two = (run(ATTACKS[name], model, images, labels, seed=seed) for seed in (0, 1))
    assert not torch.equal(one.images, two.images)


class Flat(nn.Module):
    """Scores that jump where the mean brightness of a column crosses .5, and are flat elsewhere."""

    def forward(self, x):
        return (x.mean((1, 2)) - 0.5).sign() * torch.arange(1.0, 7.0, dtype=x.dtype)


@every_attack
def test_a_gradient_of_zero_is_a_failure_and_no_error(attack):
    x = torch.rand(6, 1, 6, 6, generator=torch.Generator().manual_seed(3))
    labels = Flat()(x).argmax(1)
    found = run(attack, Flat().eval(), x, labels)
    assert found.images.isfinite().all()
    assert torch.equal(found.success, Flat()(found.images).argmax(1) != labels)
    if attack.kind == "minimal":
        assert torch.equal(found.success, found.norms.isfinite())


def hard(x):
    """Decisions without a gradient."""
    return nn.functional.one_hot((x.flatten(1).mean(1) * 5).long().clamp(0, 4), 5).to(x.dtype)


@pytest.mark.parametrize("attack", GRADIENT, ids=lambda a: a.name)
def test_a_model_without_gradients_is_refused_by_those_that_need_them(attack, images):
    with pytest.raises(ValueError, match="model gives no gradient"):
        run(attack, hard, images, hard(images).argmax(1))


@pytest.mark.parametrize("attack", QUERIES, ids=lambda a: a.name)
def test_a_model_without_gradients_is_enough_for_the_others(attack, images):
    run(attack, hard, images, hard(images).argmax(1))


def half_trained(model):
    """A model in evaluation mode but for one part."""
    both = nn.Sequential(model, nn.BatchNorm1d(5).double()).eval()
    both[1].train()
    return both


@every_attack
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda m, x, y: (m.train(), x, y), "model is in training mode"),
        (lambda m, x, y: (half_trained(m), x, y), "part '1' is in training mode and keeps"),
        (lambda m, x, y: (m, x * 2, y), "images span"),
        (lambda m, x, y: (m, torch.full_like(x, float("nan")), y), "images hold NaN"),
        (lambda m, x, y: (m, x[:0], y[:0]), "images are empty"),
        (lambda m, x, y: (m, x, y[:3]), "labels have shape"),
        (lambda m, x, y: (m, x, y + 5), "labels span 5 to 9; they may be from 0 to 4"),
        (lambda m, x, y: (m, x, y.to("meta")), "different devices"),
        (lambda m, x, y: (lambda x: m(x) * float("nan"), x, y), "NaN or infinity"),
        (lambda m, x, y: (lambda x: m(x)[:, 0], x, y), "model returned"),
    ],
)  # fmt: skip
def test_bad_requests(attack, change, text, model, images, labels):
    labels[:5] = torch.arange(5)
    with pytest.raises(ValueError, match=text):
        run(attack, *change(model, images, labels))


@every_attack
def test_a_score_that_is_no_number_anywhere_is_refused(attack, model, images, labels):
    def sometimes(x):  # finite for a single image, which is looked at beforehand
        scores = model(x)
        return scores if len(x) == 1 else scores.index_fill(0, torch.tensor([1]), float("inf"))

    with pytest.raises(ValueError, match="NaN or infinity"):
        run(attack, sometimes, images, labels)


@every_attack
def test_bad_budgets_and_options(attack, model, images, labels):
    if attack.kind == "minimal":
        with pytest.raises(ValueError, match=f"eps is 0.1 for {attack.name}.*may be None"):
            run(attack, model, images, labels, eps=0.1)
    else:
        for eps in (None, float("nan"), -0.1, float("inf")):
            with pytest.raises(ValueError, match=f"eps is {eps}"):
                run(attack, model, images, labels, eps=eps)
    with pytest.raises(ValueError, match="hold 'stepz'; they may be"):
        run(attack, model, images, labels, stepz=3)
    with pytest.raises(ValueError, match="seed is -1"):
        run(attack, model, images, labels, seed=-1)


def test_an_unknown_name():
    with pytest.raises(ValueError, match="attack is 'cw'; it may be one of fgsm, pgd, "):
        named_attack("cw")
    assert named_attack("cw_l2") is ATTACKS["cw_l2"]


def test_squares_need_room(model):
    flat, small, odd = torch.rand(2, 36), torch.rand(2, 1, 4, 4), torch.rand(2, 1, 14, 14)
    labels = torch.tensor([0, 1])
    for x, name, text in [
        (flat, "square_linf", r"shape \(2, 36\)"),
        (small, "square_l2", "images are 4 x 4"),
        (odd, "autoattack_l2", "images are 14 x 14"),
    ]:
        linear = nn.Sequential(nn.Flatten(), nn.Linear(x[0].numel(), 5)).eval()
        with pytest.raises(ValueError, match=text):
            run(ATTACKS[name], linear, x, labels)


def test_losses_need_classes():
    x, labels = torch.rand(2, 1, 6, 6), torch.tensor([0, 1])
    two = nn.Sequential(nn.Flatten(), nn.Linear(36, 2)).eval()
    with pytest.raises(ValueError, match=r"model has 2 classes.* needs 3 or more"):
        run(ATTACKS["apgd_dlr_linf"], two, x, labels)
    with pytest.raises(ValueError, match=r"model has 2 classes.* needs 4 or more"):
        run(ATTACKS["autoattack_linf"], two, x, labels)


def test_the_rows_are_in_order():
    assert all(name == attack.name for name, attack in ATTACKS.items())
    assert all(attack.norm in NORMS for attack in ATTACKS.values())
    bibliography = (Path(__file__).parents[2] / "book" / "references.bib").read_text()
    assert all(f"{{{attack.paper}," in bibliography for attack in ATTACKS.values())


def test_importing_them_imports_no_library():
    code = (
        "import sys, helpers.attacks as a; a.ATTACKS; "
        "print({'foolbox', 'torchattacks', 'pyautoattack', 'numba', 'scipy'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
