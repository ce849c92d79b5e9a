"""Smallest perturbations: against single attacks, numpy, and interrupted searches."""

import numpy as np
import pytest
import torch
from torch import nn

from helpers.attacks import ATTACKS, NORMS
from helpers.evaluation import Try, grid, minimal, minimal_norms
from helpers.evaluation.smallest import BY_NOBODY, WITHOUT_ATTACK
from helpers.models.tempered import Tempered

TRIES = (
    Try("deepfool_l2"),
    *grid("pgd", eps=[0.02, 0.1], steps=[5], loss=["margin"]),
    Try("deepfool_linf", options={"overshoot": 0.5}),
)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(25, 4)).double().eval()


@pytest.fixture
def images():
    return torch.rand(11, 1, 5, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.fixture
def labels(model, images):
    labels = model(images).argmax(1)
    labels[4] = (labels[4] + 1) % 4  # wrong as it is
    return labels


def test_grid():
    assert grid("pgd", eps=[0.1, 0.2], steps=[3]) == (
        Try("pgd", 0.1, {"steps": 3}),
        Try("pgd", 0.2, {"steps": 3}),
    )
    assert grid("ddn_l2") == (Try("ddn_l2"),)
    assert str(TRIES[1]) == "pgd eps=0.02 steps=5 loss=margin"


def test_it_keeps_the_smallest_of_every_attack_by_itself(model, images, labels):
    found = minimal_norms(model, images, labels, TRIES, batch=100)
    right = torch.arange(11) != 4
    for norm, order in [("l0", None), ("l1", 1), ("l2", 2), ("linf", np.inf)]:
        sizes = []
        for number, attempt in enumerate(TRIES):
            # The same random numbers: the seeds of the first batch and repetition.
            seed = int(np.random.SeedSequence((0, 0, number, 0)).generate_state(1)[0])
            result = ATTACKS[attempt.attack](
                model, images[right], labels[right], attempt.eps, seed=seed, **attempt.options
            )
            change = (result.images - images[right]).flatten(1).numpy()
            size = (change != 0).sum(1) if order is None else np.linalg.norm(change, order, axis=1)
            sizes.append(np.where(result.success, size, np.inf))
        best = np.insert(np.min(sizes, 0), 4, 0.0)
        np.testing.assert_allclose(found.norms[norm], best)
        by = np.insert(np.argmin(sizes, 0), 4, WITHOUT_ATTACK)
        assert (found.found_by[norm] == by).all()
    assert (np.delete(found.found_by["l2"], 4) == 0).all()  # DeepFool in L2
    assert found.tries[0] == "deepfool_l2"


def test_more_tries_and_repetitions_never_hurt(model, images, labels):
    pgd = grid("pgd", eps=[0.2], steps=[1], step=[0.1], loss=["margin"])
    one = minimal_norms(model, images, labels, pgd)
    three = minimal_norms(model, images, labels, pgd, repetitions=3)
    more = minimal_norms(model, images, labels, (*pgd, Try("deepfool_l2")))
    for norm in NORMS:
        assert (three.norms[norm] <= one.norms[norm]).all()
        assert (more.norms[norm] <= one.norms[norm]).all()
    assert (three.norms["l2"] < one.norms["l2"]).any()


def test_nothing_breaks_it(images):
    def model(x):
        return torch.tensor([[1.0, 0.0]], dtype=x.dtype) + 0 * x.flatten(1)[:, :2]

    labels = torch.zeros(11, dtype=torch.int64)
    found = minimal_norms(model, images, labels, [Try("gaussian_noise_l2", 1.0, {"repeats": 3})])
    assert np.isinf(found.norms["l2"]).all()
    assert (found.found_by["l2"] == BY_NOBODY).all()


def test_progress(model, images, labels):
    told = []
    minimal_norms(
        model,
        images,
        labels,
        TRIES[:2],
        repetitions=2,
        batch=4,
        progress=lambda *each: told.append(each),
    )
    assert told == [(i, 12) for i in range(1, 13)]


class StoppedError(Exception):
    pass


def test_an_interrupted_search_goes_on(model, images, labels, tmp_path, monkeypatch):
    path, settings = tmp_path / "deep" / "search.npz", {"batch": 4, "repetitions": 2}
    whole = minimal_norms(model, images, labels, TRIES, **settings)

    def stop(done, total):
        if done == 12:  # within the second of three batches
            raise StoppedError

    with pytest.raises(StoppedError):
        minimal_norms(model, images, labels, TRIES, checkpoint=path, progress=stop, **settings)
    attacked = []

    def counting(attempt, model, images, labels, seeds):
        attacked.append(seeds[1])
        return attack(attempt, model, images, labels, seeds)

    attack = minimal._attack
    monkeypatch.setattr(minimal, "_attack", counting)
    resumed = minimal_norms(model, images, labels, TRIES, checkpoint=path, **settings)
    assert set(attacked) == {1, 2}  # the first batch was done
    again = minimal_norms(model, images, labels, TRIES, checkpoint=path, **settings)
    for norm in NORMS:
        assert (resumed.norms[norm] == whole.norms[norm]).all()
        assert (resumed.found_by[norm] == whole.found_by[norm]).all()
        assert (again.norms[norm] == whole.norms[norm]).all()
    assert [each.name for each in path.parent.iterdir()] == ["search.npz"]


def test_a_finished_search_attacks_nothing(model, images, labels, tmp_path, monkeypatch):
    path = tmp_path / "search.npz"
    first = minimal_norms(model, images, labels, TRIES, checkpoint=path)
    monkeypatch.setattr(minimal, "_attack", None)
    second = minimal_norms(model, images, labels, TRIES, checkpoint=path)
    assert (first.norms["l2"] == second.norms["l2"]).all()


class Hidden(nn.Module):
    """A model whose temperature is in a dictionary."""

    def __init__(self, model, temperature):
        super().__init__()
        self.model, self.settings = model, {"temperature": temperature}

    def forward(self, images):
        return self.model(images) / self.settings["temperature"]


class Rounding(nn.Module):
    """A model that rounds otherwise every time it is asked."""

    def __init__(self, model):
        super().__init__()
        self.model, self.times = model, [0]

    def forward(self, images):
        self.times[0] += 1
        return self.model(images) * (1 + 1e-6 * self.times[0])


def test_a_model_that_rounds_otherwise_is_still_the_same(model, images, labels, tmp_path):
    path, rounding = tmp_path / "search.npz", Rounding(model).eval()
    first, second = (
        minimal_norms(rounding, images, labels, TRIES[:2], checkpoint=path) for _ in range(2)
    )
    assert (first.norms["l2"] == second.norms["l2"]).all()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"batch": 5},
        {"repetitions": 2},
        {"tries": TRIES[:1]},
        {"images": 0.999},
        {"labels": 1},
        {"model": 1},
        {"temperature": 1e-4},
        {"callable": 1e-4},
        {"hidden": 1e-4},
    ],
    ids=str,
)
def test_a_checkpoint_of_another_request(change, model, images, labels, tmp_path):
    path = tmp_path / "search.npz"
    first = model
    if "temperature" in change:  # the same parameters and answers
        first, change = Tempered(model, 1).eval(), {"model": Tempered(model, 1e-4).eval()}
    if "hidden" in change:  # where no attribute that is a plain value shows it
        first, change = Hidden(model, 1).eval(), {"model": Hidden(model, 1e-4).eval()}
    if "callable" in change:
        first, change = model.forward, {"model": lambda x: model(x) / 1e-4}
    request = {"model": first, "images": images, "labels": labels, "tries": TRIES[:2]}
    minimal_norms(**request, checkpoint=path)
    if "images" in change:
        change = {"images": images * change["images"]}
    if "labels" in change:
        change = {"labels": (labels + 1) % 4}
    if change.get("model") == 1:
        with torch.no_grad():
            model[1].bias += 1e-9
        change = {}
    with pytest.raises(ValueError, match=r"checkpoint .*npz belongs to another model"):
        minimal_norms(**(request | change), checkpoint=path)


@pytest.mark.parametrize("damage", ["half", "empty", "text", "pickle", "other"])
def test_a_torn_checkpoint(damage, model, images, labels, tmp_path):
    path = tmp_path / "search.npz"
    minimal_norms(model, images, labels, TRIES[:1], checkpoint=path)
    data = path.read_bytes()
    if damage == "pickle":
        np.savez(path, request=np.array([{"code": "in it"}], dtype=object), done=1)
    elif damage == "other":
        np.savez(path, something=1)
    else:
        path.write_bytes({"half": data[: len(data) // 2], "empty": b"", "text": b"text"}[damage])
    text = {"other": "lacks done, found_by, norms, request, scores;"}.get(damage, "cannot be read")
    with pytest.raises(ValueError, match=rf"checkpoint .*npz {text}.* delete it to start"):
        minimal_norms(model, images, labels, TRIES[:1], checkpoint=path)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"attack": "pgd9"}, "attack is 'pgd9'; it may be one of"),
        ({"attack": "pgd"}, "eps is None for pgd"),
        ({"attack": "pgd", "eps": float("nan")}, "eps is nan"),
        ({"attack": "ddn_l2", "eps": 0.1}, "eps is 0.1 for ddn_l2"),
        ({"attack": "ddn_l2", "options": {"steps": [1]}}, r"option steps of ddn_l2 is \[1\]"),
        (
            {"attack": "ddn_l2", "options": {"steps": np.int64(3)}},
            r"np.int64\(3\); it may be an int, a float, .* of Python's",
        ),
    ],
)
def test_bad_tries(settings, text):
    with pytest.raises(ValueError, match=text):
        Try(**settings)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"tries": ()}, "number of tries is 0"),
        ({"repetitions": 0}, "repetitions is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"tries": [Try("ddn_l2", options={"size": 1})]}, "hold 'size'; they may be"),
    ],
)
def test_bad_requests(change, text, model, images, labels):
    request = {"model": model, "images": images, "labels": labels, "tries": TRIES}
    with pytest.raises(ValueError, match=text):
        minimal_norms(**(request | change))
    with pytest.raises(ValueError, match="images are empty"):
        minimal_norms(model, images[:0], labels[:0], TRIES)
    with pytest.raises(ValueError, match="training mode"):
        minimal_norms(model.train(), images, labels, TRIES)
