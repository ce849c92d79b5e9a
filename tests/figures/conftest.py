"""Claims and records for the tests of figures that set them side by side."""

import pytest

from helpers.claims import Claim
from helpers.records import Record


@pytest.fixture
def claim():
    """A claim of a table's cell: what the paper has in a row and a column."""

    def make(row, column, value, *, metric="test_acc", table="Table 6", **config):
        return Claim(
            id=f"{table}-{row}-{column}",
            paper="cerebellum",
            place=f"{table}, {row}, {column}",
            quantity="",
            value=value,
            experiment="cerebellum/mnist",
            config=config,
            metric=metric,
            images=10,
            seeds=2,
            tolerance=1.0,
            tolerance_why="",
            standing="exact",
            predicate=None,
        )

    return make


@pytest.fixture
def record():
    """A record of one seed, its metrics on ten images each."""

    def make(seed, config, **metrics):
        provenance = {"code": "", "created": "2026-01-01T00:00:00Z"}
        n = dict.fromkeys(metrics, 10)
        return Record("cerebellum/mnist", {"seed": seed} | config, metrics, n, provenance)

    return make
