from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate

from helpers.data.recordings import Population, simulate
from helpers.models.v1_predictor import V1Predictor
from helpers.neural_similarity import oracle_similarity, predictive, similarity_matrix, upper
from helpers.neural_similarity.predictive import correlations, fit, scales_of

#: All trials of an epoch at once.
ONE_STEP = {"batch": 1_000}


@pytest.fixture(scope="module")
def recording():
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(260, 1, 6, 8, generator=generator)
    images = (255 * interpolate(coarse, (18, 24), mode="bilinear")).to(torch.uint8)
    cells = Population(neurons=60, rate=4, shared=0.1, frequency=(0.5, 1.5), gaze=0.3)
    return simulate(images, cells, repeats=8, repeated=20)


@pytest.fixture(scope="module")
def fitted(recording):
    return fit(recording, channels=8, epochs=25, learning_rate=1e-2)


def test_it_learns_to_predict_images_it_has_not_seen(recording, fitted):
    assert fitted.correlation(recording, "test").mean() > 0.3
    assert fitted.history[-1] > fitted.history[0]


def test_its_similarities_are_those_of_the_neurons(recording, fitted):
    numbers, responses = recording.oracle()
    model = upper(similarity_matrix(fitted.to_images(recording.images[numbers])))
    assert np.corrcoef(model, upper(oracle_similarity(responses)))[0, 1] > 0.4


def test_the_kept_epoch_is_the_best_on_validation_trials(recording, fitted):
    found = fitted.correlation(recording, "validation").mean().item()
    assert found == pytest.approx(max(fitted.history), abs=1e-6)


def test_the_same_seed_gives_the_same_model(recording):
    one, other = (fit(recording, channels=2, epochs=1, seed=4) for _ in range(2))
    assert torch.equal(one.model.weights, other.model.weights)


@pytest.fixture
def watched(monkeypatch):
    """For each step the learning rate, and weights and gradients by name, before Adam changes it.

    Only the last model that was made is watched.
    """
    models, steps = [], []

    class Model(V1Predictor):
        def __init__(self, *given, **options):
            super().__init__(*given, **options)
            models.append(self)

    class Adam(torch.optim.Adam):
        def step(self):
            held = {
                name: (each.detach().clone(), each.grad.clone())
                for name, each in models[-1].named_parameters()
                if each.grad is not None
            }
            steps.append((self.param_groups[0]["lr"], held))
            return super().step()

    monkeypatch.setattr(predictive, "V1Predictor", Model)
    monkeypatch.setattr(torch.optim, "Adam", Adam)
    return steps


def moved(held):
    """The names of the parameters with a gradient."""
    return {name for name, (_, gradient) in held.items() if gradient.count_nonzero()}


@pytest.mark.parametrize(
    ("patience", "scores", "drops_behind"),
    [
        # Equal is not risen; a rise starts the waiting anew, and so does a drop.
        (2, (0.1, 0.2, 0.2, 0.1, 0.2, 0.4, 0.3, 0.3, 0.3, 0.3), (4, 8)),
        (1, (0.3, 0.2, 0.2, 0.1), (2, 3)),
        (3, (0.1, *9 * [0.0]), (4, 7)),
    ],
)
def test_the_rate_falls_where_validation_waits_and_the_third_time_training_ends(
    recording, watched, monkeypatch, patience, scores, drops_behind
):
    to_come = iter([*scores, *9 * [1.0]])
    monkeypatch.setattr(
        predictive, "correlations", lambda one, other: torch.tensor([next(to_come)])
    )
    options = {"channels": 1, "epochs": 20, **ONE_STEP, "learning_rate": 0.01}
    found = fit(recording, **options, patience=patience)
    assert found.history == pytest.approx(scores)
    rates = [
        0.01 * 0.3 ** sum(epoch > last for last in drops_behind)
        for epoch in range(1, len(scores) + 1)
    ]
    assert [rate for rate, _ in watched] == pytest.approx(rates)
    # The weights behind the best epoch are those before the next one.
    _, after_best = watched[scores.index(max(scores)) + 1]
    assert torch.equal(found.model.weights, after_best["weights"][0])


def test_training_without_a_third_drop_ends_with_the_last_epoch(recording, monkeypatch):
    monkeypatch.setattr(predictive, "correlations", lambda one, other: torch.zeros(60))
    assert len(fit(recording, channels=1, epochs=8, patience=3).history) == 8


def test_each_regulariser_has_its_weight_and_its_parameters(recording, watched, monkeypatch):
    monkeypatch.setattr(
        predictive, "poisson_nll_loss", lambda predicted, *_, **__: 0 * predicted.sum()
    )
    options = {"channels": 2, "epochs": 3, **ONE_STEP, "learning_rate": 0.3}
    fit(recording, **options, sparseness=0.6, smoothness=0)
    fit(recording, **options, sparseness=0, smoothness=0.7)
    fit(recording, **options, sparseness=0, smoothness=0)
    sparse, smooth, neither = watched[:3], watched[3:6], watched[6:]
    signs = set()
    for _, held in sparse:
        assert moved(held) == {"weights"}
        readout, gradient = held["weights"]
        torch.testing.assert_close(gradient, 0.6 * readout.sign() / 60)  # of 60 neurons
        signs |= set(readout.sign().flatten().tolist())
    assert signs == {-1, 1}
    for _, held in smooth:
        assert moved(held) == {"convolutions.0.weight"}
        filters, gradient = held["convolutions.0.weight"]
        model = V1Predictor(1, channels=2, size=(18, 24))
        model.convolutions[0].weight = nn.Parameter(filters)
        (wanted,) = torch.autograd.grad(0.7 * model.roughness(), model.convolutions[0].weight)
        torch.testing.assert_close(gradient, wanted)
    assert [moved(held) for _, held in neither] == [set()] * 3


def test_a_scan_without_behaviour_and_pupil(recording):
    bare = replace(recording, behaviour=None, pupil=None)
    found = fit(bare, channels=2, epochs=1)
    assert found.to_trials(bare, bare.trials("test")[:3]).shape == (3, 60)


def test_images_are_shown_to_the_animal_in_its_mean_state(recording, fitted):
    rows = recording.trials("train")
    mean = replace(
        recording,
        behaviour=recording.behaviour[rows].mean(0).expand(len(recording.shown), -1),
        pupil=recording.pupil[rows].mean(0).expand(len(recording.shown), -1),
    )
    shown = recording.images[recording.shown[rows[:5]]]
    wanted = fitted.to_trials(mean, rows[:5])
    torch.testing.assert_close(fitted.to_images(shown), wanted, atol=1e-4, rtol=1e-4)
    assert not torch.allclose(fitted.to_trials(recording, rows[:5]), wanted, rtol=1e-2)


def test_scales(recording):
    still = recording.responses.clone()
    still[:, 3] = 1.0
    scales = scales_of(replace(recording, responses=still))
    rows = recording.trials("train")
    spread = still[rows].std(0)
    assert scales.response[3] == pytest.approx(0.01 * spread.mean().item())
    torch.testing.assert_close(scales.response[:3], spread[:3])
    pixels = recording.images[recording.shown[rows]]
    shown = scales.images(pixels)
    assert shown.mean().abs() < 1e-4
    assert shown.std() == pytest.approx(1, abs=1e-3)


def test_correlations_are_numpys():
    one, other = torch.randn(9, 3), torch.randn(9, 3)
    wanted = [np.corrcoef(one[:, k], other[:, k])[0, 1] for k in range(3)]
    np.testing.assert_allclose(correlations(one, other), wanted, atol=1e-5)
    assert correlations(torch.ones(4, 1), torch.rand(4, 1)).item() == 0


@pytest.mark.parametrize(
    ("change", "options", "text"),
    [
        ({}, {"epochs": 0}, "epochs is 0"),
        ({}, {"batch": 0}, "batch is 0"),
        ({}, {"patience": 0}, "patience is 0"),
        ({}, {"learning_rate": 0}, "learning_rate is 0"),
        ({}, {"sparseness": -1}, "sparseness is -1"),
        ({"tier": "test"}, {}, "tier is 'validation'"),
    ],
)
def test_bad_arguments(recording, change, options, text):
    if change:
        recording = replace(recording, tier=(change["tier"],) * len(recording.tier))
    with pytest.raises(ValueError, match=text):
        fit(recording, **options)


def test_bad_correlations():
    with pytest.raises(ValueError, match=r"one has shape \(2, 3\) and other \(3, 2\)"):
        correlations(torch.zeros(2, 3), torch.zeros(3, 2))
