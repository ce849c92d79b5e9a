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
from helpers.experiments.neural_similarity.targets import SIMULATED, shown_images, target_of
from helpers.models.squeezenet import SqueezeNet, early_maps
from helpers.models.vgg19 import conv3_1_maps, vgg19_to_conv3_1
from helpers.neural_similarity.reliability import signal_to_noise

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


def test_features_of_vgg19_are_a_target_of_their_own(monkeypatch):
    wanted = config("features_vgg", images=6)
    torch.manual_seed(0)
    network = vgg19_to_conv3_1().eval()
    monkeypatch.setattr(targets, "read_vgg19", lambda folder: network)
    found = target_of(wanted)
    assert found.name == "features_vgg"
    expected = cosines(conv3_1_maps(network, shown_images(wanted, "36x64")).numpy())
    np.testing.assert_allclose(found.similarity.numpy(), expected, atol=1e-4)
    assert torch.equal(found.stimuli, shown_images(wanted, "18x32"))
    # Its file never takes the place of the other network's.
    with pytest.raises(StandInError, match="`brains data squeezenet` fetches them"):
        target_of(config("features", images=6))


SCANS = {"images": 30, "once": 24, "repeated": 5, "neurons": 6, "fit_epochs": 1}


class Linear:
    """A model of a scan whose predictions are weighted sums of pixels, some neurons badly."""

    def __init__(self, recording, epochs, seed):
        self.recording = recording
        self.filters = np.random.default_rng(seed).normal(size=(36 * 64, recording.neurons))
        self.v = torch.linspace(-0.2, 0.8, recording.neurons)

    def to_images(self, images):
        return torch.from_numpy(images.flatten(1).numpy() @ self.filters).float()

    def correlation(self, recording, tier):
        assert recording is self.recording
        assert tier == "test"
        return self.v


def test_simulated_scans_are_averaged(monkeypatch):
    fitted = []

    def fit(recording, *, epochs, seed):
        fitted.append(Linear(recording, epochs, seed))
        return fitted[-1]

    monkeypatch.setattr(targets, "fit", fit)
    wanted = config("simulated_average", **SCANS, scans=3)
    found = target_of(wanted)
    photographs = shown_images(wanted, "36x64")
    assert torch.equal(found.stimuli, shown_images(wanted, "18x32"))
    data = load("digits").train_images
    others = targets.stimuli(data[30:35])
    matrices = []
    for number, model in enumerate(fitted):
        scan = model.recording
        assert scan.name == f"simulated-{number}"
        assert torch.equal(scan.images, torch.cat([photographs[:24], others]))
        numbers, responses = scan.oracle()
        assert numbers.tolist() == [24, 25, 26, 27, 28]
        weights = signal_to_noise(responses).numpy() * model.v.clamp(min=0).numpy()
        matrices.append(cosines(model.to_images(photographs).numpy() * weights))
    assert len(matrices) == 3
    np.testing.assert_allclose(found.similarity.numpy(), np.mean(matrices, 0), atol=1e-5)
    # One scan is the first of them, whose model is kept.
    monkeypatch.setattr(targets, "fit", None)
    alone = target_of(config("simulated_scan", **SCANS))
    np.testing.assert_allclose(alone.similarity.numpy(), matrices[0], atol=1e-5)
    assert np.abs(matrices[0] - np.mean(matrices, 0)).max() > 0.1


def test_a_model_is_fitted_to_a_simulated_scan():
    said = []
    found = target_of(config("simulated_average", **SCANS, scans=2), said.append)
    assert found.similarity.shape == (30, 30)
    assert found.similarity.diagonal().tolist() == pytest.approx([1] * 30)
    assert said == [f"a model of simulated scan {number} of 2" for number in (1, 2)]
    other = target_of(config("simulated_average", **{**SCANS, "fit_epochs": 2}, scans=2))
    assert not torch.equal(found.similarity, other.similarity)


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


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("features", "weights of SqueezeNet 1.0.*`brains data squeezenet` fetches them"),
        ("features_vgg", r"weights of VGG-19.*`brains data vgg19` fetches them \(548 MB\)"),
    ],
)
def test_features_need_their_weights(target, text):
    with pytest.raises(StandInError, match=text):
        target_of(config(target))


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


@pytest.mark.parametrize("target", SIMULATED)
def test_bad_scans(target):
    with pytest.raises(ValueError, match="once is 31; it may be from 1 to 30"):
        target_of(config(target, **{**SCANS, "once": 31}))
    with pytest.raises(ValueError, match=r"images is 30; digits has \d+, and 100030 are needed"):
        target_of(config(target, **{**SCANS, "repeated": 100_000}))
