import numpy as np
import pytest
import torch

from helpers.evaluation.corruptions import NEURAL_NOISE_STD, Corruption
from helpers.figures.targets import fields_of
from helpers.records import Record
from helpers.widgets.similarity_explorer import similarity_explorer

IMAGES = torch.randint(0, 256, (4, 1, 6, 9), dtype=torch.uint8)
EYE = torch.eye(4)


def record(seed, value):
    metrics = {Corruption("noise_std", level).metric: value for level in NEURAL_NOISE_STD[1:]}
    metrics["test_acc"] = 80.0
    provenance = {"code": "", "created": "2026-01-01T00:00:00Z"}
    config = {**fields_of("neural_model", alpha=8), "seed": seed}
    return Record("neural_similarity/noise", config, metrics, dict.fromkeys(metrics, 9), provenance)


def test_what_travels():
    half = EYE.clone()
    half[0, 1] = half[1, 0] = -0.5
    pair = similarity_explorer(IMAGES, {"pixels": EYE, "V1": half}).children[1]
    found = np.frombuffer(pair.matrices, np.int8).reshape(2, 4, 4)
    np.testing.assert_allclose(found[1] / 127, half.numpy(), atol=0.005)
    assert pair.images == IMAGES.numpy().tobytes()
    assert pair.facts["viewers"] == ["pixels", "V1"]
    # The first matrix decides: images 0 and 2 are alike, and 1 and 3, so they stand together.
    alike = torch.tensor([[1, 0, 0.9, 0], [0, 1, 0, 0.8], [0.9, 0, 1, 0], [0, 0.8, 0, 1]])
    order = similarity_explorer(IMAGES, {"V1": alike, "none": EYE}).children[1].facts["order"]
    assert sorted(order) == [0, 1, 2, 3]
    assert abs(order.index(0) - order.index(2)) == abs(order.index(1) - order.index(3)) == 1


def test_strengths_that_have_run_have_a_curve():
    box = similarity_explorer(IMAGES, {"pixels": EYE}, [record(0, 40.0), record(1, 50.0)])
    (curve,) = box.children[1].facts["curves"]
    assert curve["alpha"] == 8
    assert curve["points"][0] == [0.0, 80.0, 80.0, 80.0]
    assert curve["points"][-1] == [0.1, 40.0, 45.0, 50.0]
    assert box.children[0].children[-1].description == "strength α"
    assert len(similarity_explorer(IMAGES, {"pixels": EYE}).children[0].children) == 3


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: similarity_explorer(IMAGES.float(), {"a": EYE}), r"images are torch\.float32"),
        (lambda: similarity_explorer(IMAGES[:1], {"a": EYE[:1, :1]}), "n from 2 to"),
        (lambda: similarity_explorer(IMAGES, {}), "matrices are empty"),
        (lambda: similarity_explorer(IMAGES, {"a": torch.eye(3)}), r"a has shape \(3, 3\)"),
        (lambda: similarity_explorer(IMAGES.expand(4, 3, 6, 9), {"a": EYE}), r"\(4, 3, 6, 9\)"),
        (lambda: similarity_explorer(IMAGES, {"a": 2 * EYE}), r"a holds 2; .* in \[-1, 1\]"),
        (lambda: similarity_explorer(IMAGES, {"a": EYE * torch.nan}), "a holds nan"),
    ],
)
def test_bad_arguments(make, text):
    with pytest.raises(ValueError, match=text):
        make()
