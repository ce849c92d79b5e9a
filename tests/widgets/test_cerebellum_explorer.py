import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from helpers.cerebellum.shared_layer import shared_cerebellum
from helpers.claims import read_claims
from helpers.data import as_float, load
from helpers.experiments.cerebellum.explorer import BATCH, BETA, EPS, K, explorer_config
from helpers.records import Record
from helpers.widgets.cerebellum_explorer import ATTACKS, IMAGES, LOSSES, cerebellum_explorer
from helpers.widgets.explorer_models import SEED, SETTINGS, Readouts, read_readouts
from helpers.widgets.scripts import SCRIPTS

N = len(SETTINGS)
DIGITS = load("digits")


def readouts(dataset="digits"):
    return Readouts(dataset, np.ones((N, 20, 10), np.float16), np.zeros((N, 10), np.float32))


def record(seed, **metrics):
    config = explorer_config(4, 0.99, 50, seed=seed, dataset="digits")
    provenance = {"code": "", "created": "2026-01-01T00:00:00Z"}
    return Record("cerebellum/explorer", config, metrics, dict.fromkeys(metrics, 9), provenance)


def answer_of(box):
    return box.children[1]


def test_curves_are_where_the_page_looks_for_them():
    metrics = {"test_acc": 91.25, "fgsm_mse_0.05": 80.0, "pgd_margin_0.5": 1.5}
    box = cerebellum_explorer(DIGITS, readouts(), [record(0, **metrics), record(123, test_acc=90)])
    facts = answer_of(box).facts
    table = np.frombuffer(answer_of(box).curves, np.uint16).reshape(2, N, -1)
    place = SETTINGS.index((50, 0.99, 4))
    assert table.shape[2] == 1 + 2 * 3 * len(EPS)
    assert table[0, place, 0] == 9125
    assert table[0, place, 1] == 8000
    assert table[0, place, -1] == 150
    assert table[1, place, 0] == 9000
    assert facts["models"] == N


def test_the_page_reads_the_curves_that_python_wrote(in_node, tmp_path):
    """The layout of the table is written in Python and read in JavaScript."""
    rng = np.random.default_rng(0)
    names = [f"{attack}_{loss}_{eps}" for attack in ATTACKS for loss in LOSSES for eps in EPS]
    runs = [
        record(seed, **{name: round(rng.uniform(0, 100), 2) for name in ("test_acc", *names)})
        for seed in (0, 123)
    ]
    answer = answer_of(cerebellum_explorer(DIGITS, readouts(), runs))
    asked = [
        {
            "k": K.index(4),
            "beta": BETA.index(0.99),
            "batch": BATCH.index(50),
            "attack": a,
            "loss": b,
        }
        for a in range(2)
        for b in range(3)
    ]
    module = f"""
import {{ readFileSync }} from "node:fs";
import {{ accuracies }} from {json.dumps((SCRIPTS / "cerebellum_explorer.mjs").as_uri())};
const {{ facts, curves, asked }} = JSON.parse(readFileSync("asked.json"));
const found = asked.map((each) => accuracies(facts, Uint16Array.from(curves), each));
process.stdout.write(JSON.stringify(found));
"""
    curves = np.frombuffer(answer.curves, np.uint16).tolist()
    told = json.dumps({"facts": answer.facts, "curves": curves, "asked": asked})
    found = json.loads(in_node(tmp_path, module, **{"asked.json": told}))
    for chosen, points in zip(asked, found, strict=True):
        attack, loss = ATTACKS[chosen["attack"]], LOSSES[chosen["loss"]]
        wanted = ["test_acc", *(f"{attack}_{loss}_{eps}" for eps in EPS)]
        assert [point[0] for point in points] == [0, *EPS]
        for metric, (_, low, middle, high, seeds) in zip(wanted, points, strict=True):
            values = [run.metrics[metric] for run in runs]
            expected = [min(values), sum(values) / 2, max(values)]
            assert [low, middle, high] == pytest.approx(expected, abs=1e-6)
            assert seeds == 2


@pytest.mark.parametrize("setting", [(50, None, 1), (50, 0.99, 4), (1, 0.9, 10)])
def test_the_page_finds_the_model_that_python_trained(in_node, tmp_path, setting):
    """Which readout belongs to which setting, and from which seed its layer is drawn."""
    batch, beta, k = setting
    held = read_readouts("digits")
    answer = answer_of(cerebellum_explorer(DIGITS, held))
    chosen = {"k": K.index(k), "beta": BETA.index(beta), "batch": BATCH.index(batch)}
    images = as_float(DIGITS.test_images[:3]).flatten(1)
    arrays = {"readouts": held.readouts.view(np.uint16), "offsets": held.offsets}
    for name, array in arrays.items():
        (tmp_path / name).write_bytes(array.tobytes())
    asked = {"facts": answer.facts, "chosen": chosen, "images": images.tolist()}
    module = f"""
import {{ readFileSync }} from "node:fs";
import {{ shelf }} from {json.dumps((SCRIPTS / "cerebellum_explorer.mjs").as_uri())};
import {{ cerebellumScores }} from {json.dumps((SCRIPTS / "numerics.mjs").as_uri())};
const {{ facts, chosen, images }} = JSON.parse(readFileSync("asked.json"));
const bytes = (name) => new Uint8Array(readFileSync(name)).buffer;
const get = shelf(facts, new Uint16Array(bytes("readouts")), new Float32Array(bytes("offsets")));
const scores = (image) => [...cerebellumScores(get(chosen), Float32Array.from(image)).scores];
process.stdout.write(JSON.stringify(images.map(scores)));
"""
    found = json.loads(in_node(tmp_path, module, **{"asked.json": json.dumps(asked)}))
    place = SETTINGS.index(setting)
    model = shared_cerebellum(d=784, m=held.readouts.shape[1], k=k, beta=beta, seed=SEED)
    readout, offset = torch.tensor(held.readouts[place]).float(), torch.tensor(held.offsets[place])
    wanted = model.granule(images) @ readout + offset
    torch.testing.assert_close(torch.tensor(found), wanted, atol=1e-4, rtol=1e-4)


def test_with_few_images_the_control_ends_at_the_last():
    few = replace(DIGITS, test_images=DIGITS.test_images[:5], test_labels=DIGITS.test_labels[:5])
    box = cerebellum_explorer(few, readouts())
    image = next(c for c in box.children[0].children if c.description == "test image")
    assert image.max == 4


def test_the_images_and_labels_are_those_of_the_data():
    answer = answer_of(cerebellum_explorer(DIGITS, readouts(), []))
    shown = np.frombuffer(answer.images, np.uint8).reshape(IMAGES, 28, 28)
    np.testing.assert_array_equal(shown, DIGITS.test_images[:IMAGES, 0].numpy())
    assert answer.facts["labels"] == DIGITS.test_labels[:IMAGES].tolist()


def test_the_papers_points_are_labelled_with_their_own_size():
    mnist = replace(DIGITS, name="mnist")
    answer = answer_of(cerebellum_explorer(mnist, readouts("mnist"), [], read_claims()))
    marks = answer.facts["paper"]
    assert {mark["batch"] for mark in marks} == {0, 1}
    first = {"k": 784, "batch": BATCH.index(50), "beta": 0, "eps": 0.1}
    at = [mark for mark in marks if first.items() <= mark.items() and "Table 2" in mark["name"]]
    assert at == [{**first, "value": 36.8, "name": "paper, Table 2, m = 5,970: 36.8 %"}]
    # Random connections to all inputs, of Table 6, are no model of the page.
    assert 33.8 not in [mark["value"] for mark in marks if mark["k"] == 784]
    # k = 4 is in Table 2 and in Table 6: once on the page.
    assert [mark["value"] for mark in marks if {**first, "k": 4}.items() <= mark.items()] == [48.3]
    assert (
        answer_of(cerebellum_explorer(DIGITS, readouts(), [], read_claims())).facts["paper"] == []
    )


def test_a_small_one_opens_the_main_controls_and_shows_no_curve():
    box = cerebellum_explorer(DIGITS, readouts(), small=True)
    *shown, folded = box.children[0].children
    assert [control.description for control in shown] == ["inputs k", "LTD β", "epsilon ε", "loss"]
    assert folded.children[0].children[0].description == "test image"
    assert not answer_of(box).facts["curve"]
    assert answer_of(cerebellum_explorer(DIGITS, readouts())).facts["curve"]


def test_the_page_is_small_enough():
    answer = answer_of(cerebellum_explorer(DIGITS, readouts(), []))
    whole = Readouts("digits", np.ones((N, 500, 10), np.float16), np.zeros((N, 10), np.float32))
    parts = (answer.images, answer.curves, whole.readouts.tobytes(), whole.offsets.tobytes())
    assert sum(map(len, parts)) * 4 / 3 < 1.5e6  # as a page holds bytes


def test_other_images_than_those_of_the_training():
    with pytest.raises(ValueError, match="data is 'cifar10'; it may be one of"):
        cerebellum_explorer(replace(DIGITS, name="cifar10"), readouts("cifar10"))
    with pytest.raises(ValueError, match="data are digits and the models were trained on mnist"):
        cerebellum_explorer(DIGITS, readouts("mnist"), [])
