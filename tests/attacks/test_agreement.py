"""Different hands, the same answer: three PGDs, and minimal attacks where the minimum is known."""

import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

from helpers.attacks import ATTACKS
from helpers.attacks.brendel_bethge import interpreted


@pytest.fixture(scope="module")
def trained():
    """A small network for scikit-learn's digits with 400 of them that it was not trained on."""
    images, labels = load_digits(return_X_y=True)
    images = torch.tensor(images / 16).view(-1, 1, 8, 8)
    labels = torch.tensor(labels)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        F.cross_entropy(model(images[:1300]), labels[:1300]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        assert (model(images[1300:]).argmax(1) == labels[1300:]).double().mean() > 0.9
    return model, images[1300:1700], labels[1300:1700]


@pytest.mark.parametrize("eps", [0.05, 0.15])
def test_three_pgds_agree_step_by_step(eps, trained):
    options = {"step": 0.01, "steps": 20, "random_start": False}
    ours = ATTACKS["pgd"](*trained, eps, loss="cross_entropy", **options)
    for name in ("foolbox_pgd", "torchattacks_pgd"):
        theirs = ATTACKS[name](*trained, eps, **options)
        # Torchattacks averages the loss over the batch, which can round a gradient to 0.
        apart = (theirs.images - ours.images).abs().flatten(1).amax(1) > 1e-9
        assert apart.double().mean() < 0.02
        assert (theirs.success != ours.success).double().mean() < 0.01


@pytest.mark.parametrize("eps", [0.05, 0.15])
def test_three_pgds_agree_within_sampling_error(eps, trained):
    ours = ATTACKS["pgd"](*trained, eps, loss="cross_entropy", steps=20)
    assert 0.02 < ours.success.double().mean() < 0.98
    for name in ("foolbox_pgd", "torchattacks_pgd"):
        theirs = ATTACKS[name](*trained, eps, steps=20, seed=1)
        # The images on which the two differ fall to either side alike (McNemar).
        ahead = int((ours.success & ~theirs.success).sum())
        behind = int((theirs.success & ~ours.success).sum())
        assert abs(ahead - behind) <= 2 + 2 * (ahead + behind) ** 0.5


#: How far above the smallest perturbation of a linear model the median may end.
NEAR = {
    "ddn_l2": 1.1,
    "deepfool_l2": 1.05,
    "deepfool_linf": 1.05,
    "fab_l1": 1.1,
    "fab_l2": 1.1,
    "fab_linf": 1.1,
    "fmn_l1": 1.1,
    "fmn_l2": 1.05,
    "fmn_linf": 1.05,
    "cw_l2": 1.2,
    "boundary_l2": 3.0,
    "brendel_bethge_l1": 1.6,
    "brendel_bethge_l2": 1.3,
    "brendel_bethge_linf": 1.6,
    "fmn_l0": 1.01,
    "jsma_l0": 3.0,
    "sparsefool_l0": 3.0,
    "brendel_bethge_l0": 12.0,
}
OPTIONS = {
    "cw_l2": {"steps": 300, "binary_search_steps": 6},
    "boundary_l2": {"steps": 1500},
    "jsma_l0": {"gamma": 1.0},
    **{
        f"brendel_bethge_{norm}": {"steps": 60, "compiled": False}
        for norm in ("l0", "l1", "l2", "linf")
    },
}


@pytest.mark.parametrize(
    "attack", [each for each in ATTACKS.values() if each.kind == "minimal"], ids=lambda a: a.name
)
def test_the_smallest_perturbation_of_a_linear_model(attack):
    generator = torch.Generator().manual_seed(4)
    w = torch.randn(25, generator=generator, dtype=torch.float64)
    x = 0.4 + 0.2 * torch.rand(4, 1, 5, 5, generator=generator, dtype=torch.float64)
    height = x.flatten(1) @ w
    bias = height.median() + 0.3

    def model(x):
        score = x.flatten(1) @ w - bias
        return torch.stack([score, -score], 1)

    labels = model(x).argmax(1)
    to_cross = (height - bias).abs()
    # The dual norm of w; in L0 the fewest pixels that reach far enough when fully changed.
    reach = torch.where(
        (height > bias)[:, None] == (w > 0), w.abs() * x.flatten(1), w.abs() * (1 - x.flatten(1))
    )
    fewest = (reach.sort(1, descending=True)[0].cumsum(1) < to_cross[:, None]).sum(1) + 1
    smallest = {
        "l0": fewest.double(),
        "l1": to_cross / w.abs().max(),
        "l2": to_cross / w.norm(),
        "linf": to_cross / w.abs().sum(),
    }[attack.norm]
    found = attack(model, x, labels, **OPTIONS.get(attack.name, {}))
    assert found.success.all()
    assert (found.norms >= smallest * (1 - 1e-6)).all()
    assert (found.norms / smallest).median() <= NEAR[attack.name]


def test_the_interpreted_solver_is_the_library_s():
    from foolbox.attacks import brendel_bethge as theirs

    solver = interpreted(theirs.L2Optimizer, theirs.BFGSB)
    x0, x = torch.full((4,), 0.5).double().numpy(), torch.full((4,), 0.7).double().numpy()
    b = torch.tensor([0.5, 0.5, 0.5, 0.5]).double().numpy()
    # The point of the plane b . delta = -.2 next to x0, which is .2 away from x in every pixel.
    step = solver.solve(x0, x, b, 0.0, 1.0, -0.2, 1.0)
    assert step.tolist() == pytest.approx([-0.1] * 4, abs=1e-3)
