"""Hand-made records and claims."""

import pytest

from helpers.claims import Claim
from helpers.records import Record


@pytest.fixture
def record():
    def make(metrics, n=10000, seed=0, experiment="fake/lab", code="c0", **config):
        return Record(
            experiment=experiment,
            config={**config, "seed": seed},
            metrics=metrics,
            n=dict.fromkeys(metrics, n),
            provenance={"code": code, "created": "2026-01-01T00:00:00Z"},
        )

    return make


@pytest.fixture
def claim():
    def make(**fields):
        usual = {
            "id": "c1",
            "paper": "cerebellum",
            "place": "Table 1, row, column",
            "quantity": "accuracy, %",
            "value": 50.0,
            "experiment": "fake/lab",
            "config": {"k": 4},
            "metric": "acc",
            "images": 10000,
            "seeds": 2,
            "tolerance": 2.0,
            "tolerance_why": "by hand",
            "standing": "exact",
            "predicate": None,
        }
        return Claim(**usual | fields)

    return make


@pytest.fixture
def sentence(claim):
    def make(predicate, **config):
        metric = config.pop("metric", "acc")
        standing = config.pop("standing", "exact")
        return claim(
            predicate=predicate,
            config=config,
            metric=metric,
            standing=standing,
            value=None,
            tolerance=None,
        )

    return make
