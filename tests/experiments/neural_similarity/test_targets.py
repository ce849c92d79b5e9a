from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data import load
from helpers.data.recordings.allen import CEILINGS, FOLDER, MATRICES, SCENES
from helpers.experiments.experiment import StandInError
from helpers.experiments.neural_similarity import targets
from helpers.experiments.neural_similarity.noise import similarity_config
from helpers.experiments.neural_similarity.targets import shown_images, target_of
from helpers.models.squeezenet import SqueezeNet, early_maps

TINY = {"width": 2, "epochs": 1, "cycles": 1, "phases": 1, "shown": "18x32"}


def config(target, **change):
    change = {"train": 200, "images": 12, **change}
    return similarity_config(target, dataset="digits", scale=TINY, **change)


def cosines(responses):
    """Equation 2 in NumPy."""
    centred = np.float64(responses).reshape(len(responses), -1)
    centred = centred - centred.mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return unit @ unit.T


def test_recorded_similarity_needs_its_files(tmp_path):
    wanted = config("neural_data", stimuli="allen_scenes", images=118)
    with pytest.raises(StandInError, match="Allen Brain Observatory"):
        target_of(wanted)
    place = tmp_path / "data" / FOLDER
    place.mkdir(parents=True)
    responses = np.random.default_rng(0).normal(size=(119, 40))
    np.savez(place / MATRICES, VISp_layer23=np.corrcoef(responses))
    np.save(place / SCENES, np.zeros((118, 31, 31), np.uint8))
    (place / CEILINGS).write_text("area,layer,mean,sem\nVISp,layer23,0.92,0.01\n")
    found = target_of(wanted)
    assert found.stimuli.shape == (118, 1, 18, 32)
    unit = responses[:118] - responses[:118].mean(1, keepdims=True)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    unit = unit - unit.mean(0)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    np.testing.assert_allclose(found.similarity.numpy(), unit @ unit.T, atol=1e-5)


def test_shuffled_neurons_say_the_same_of_other_images(monkeypatch):
    # Neurons that are weighted sums of pixels; the z-score before them changes no cosine.
    torch.manual_seed(0)
    neurons = nn.Sequential(nn.Flatten(), nn.Linear(36 * 64, 5)).eval()
    monkeypatch.setattr(targets, "read_sensorium_cnn", lambda folder: neurons)
    true = target_of(config("neural_model"))
    pixels = shown_images(config("neural_model"), "36x64").flatten(1).numpy()
    expected = cosines(pixels @ neurons[1].weight.detach().numpy().T)
    np.testing.assert_allclose(true.similarity.numpy(), expected, atol=1e-3)

    one, other = (target_of(config("shuffle", seed=seed)) for seed in (0, 1))
    for each in (one, other):
        assert torch.equal(each.stimuli, true.stimuli)
        assert (each.similarity - true.similarity).abs().max() > 0.1
        torch.testing.assert_close(
            each.similarity.flatten().sort().values, true.similarity.flatten().sort().values
        )
    assert not torch.equal(one.similarity, other.similarity)


def test_features_are_the_early_maps_of_squeezenet(monkeypatch):
    wanted, matrices = config("features", images=6), []
    for seed in (0, 1):  # two networks: each has its own matrix, whatever is kept
        torch.manual_seed(seed)
        network = SqueezeNet().eval()
        monkeypatch.setattr(targets, "read_squeezenet", lambda folder, network=network: network)
        found = target_of(wanted)
        expected = cosines(early_maps(network, shown_images(wanted, "36x64")).numpy())
        np.testing.assert_allclose(found.similarity.numpy(), expected, atol=1e-4)
        assert torch.equal(found.stimuli, shown_images(wanted, "18x32"))
        matrices.append(expected)
    assert np.abs(matrices[0] - matrices[1]).max() > 0.01
    pixels = target_of(config("pixels", images=6)).similarity.numpy()
    assert min(np.abs(pixels - each).max() for each in matrices) > 0.01
    # What was computed is kept.
    monkeypatch.setattr(targets, "early_maps", None)
    assert torch.equal(target_of(wanted).similarity, found.similarity)


def test_neurons_of_another_network_have_a_matrix_of_their_own(monkeypatch):
    found = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        neurons = nn.Sequential(nn.Flatten(), nn.Linear(36 * 64, 5)).eval()
        monkeypatch.setattr(targets, "read_sensorium_cnn", lambda folder, neurons=neurons: neurons)
        found.append(target_of(config("neural_model")).similarity)
    assert (found[0] - found[1]).abs().max() > 0.1


def test_a_matrix_is_kept_for_its_images_and_the_code_that_made_it(monkeypatch):
    for count in (5, 6):
        found = target_of(config("pixels", images=count)).similarity
        assert found.shape == (count, count)
    whole = targets.similarity_matrix
    monkeypatch.setattr(targets, "similarity_matrix", lambda responses: whole(responses) / 2)
    assert torch.equal(target_of(config("pixels", images=6)).similarity, found)
    monkeypatch.setitem(targets.CODE, "pixels", ("half of everything",))
    assert torch.equal(target_of(config("pixels", images=6)).similarity, found / 2)


def test_thresholded_pixels_are_alike_unlike_or_neither(monkeypatch):
    images = np.random.default_rng(0).integers(60, 196, (4, 1, 8, 8))
    # The last four are the negatives of the first four, two of them a little off.
    images = np.concatenate([images, 255 - images])
    images[4:6] += np.random.default_rng(1).integers(-20, 20, (2, 1, 8, 8))
    data = replace(load("digits"), train_images=torch.from_numpy(images).byte())
    monkeypatch.setattr(targets, "load_named", lambda name, device: data)
    plain, found = (target_of(config(name, images=8)) for name in ("pixels", "pixels_thresholded"))
    expected = cosines(shown_images(config("pixels", images=8), "36x64").numpy())
    np.testing.assert_allclose(plain.similarity.numpy(), expected, atol=1e-5)
    expected = np.where(expected > 0.8, 1, np.where(expected < -0.8, -1, 0))
    assert set(expected.flatten()) == {-1, 0, 1}
    assert found.similarity.tolist() == expected.tolist()


def test_controls_of_thresholded_pixels(monkeypatch):
    torch.manual_seed(0)
    neurons = nn.Sequential(nn.Flatten(), nn.Linear(36 * 64, 5)).eval()
    monkeypatch.setattr(targets, "read_sensorium_cnn", lambda folder: neurons)
    names = ("neural_model", "pixels_thresholded", "neural_model_thresholded", "uncorrelated")
    brain, pixels, found, apart = (target_of(config(name)) for name in names)
    above = np.triu_indices(12, 1)
    steps = found.similarity.numpy()[above]
    assert sorted(steps) == sorted(pixels.similarity.numpy()[above])
    most = int((steps == 1).sum())
    assert 0 < most < len(steps)
    ranked = brain.similarity.numpy()[above].argsort()
    assert set(np.flatnonzero(steps == 1)) == set(ranked[-most:])
    assert torch.equal(apart.similarity, torch.eye(12))
    for each in (found, apart):
        assert torch.equal(each.stimuli, pixels.stimuli)


@pytest.mark.parametrize("target", ["neural_model", "shuffle"])
def test_neurons_need_the_published_model(target):
    with pytest.raises(StandInError, match="published model of mouse V1"):
        target_of(config(target))


def test_features_need_their_weights():
    with pytest.raises(StandInError, match="weights of SqueezeNet"):
        target_of(config("features"))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"target": "v2"}, "target is 'v2'"),
        ({"shown": "9x9"}, "shown is '9x9'"),
        ({"images": 5_000}, "images is 5000; digits has"),
    ],
)
def test_bad_targets(change, text):
    with pytest.raises(ValueError, match=text):
        target_of({**config("pixels"), **change})
