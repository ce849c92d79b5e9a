"""Paired differences over seeds, against numbers worked by hand."""

import pytest

from helpers.figures.seed_effects import interval, seed_effects
from helpers.records import Record


def record(network, seed, value):
    config = {"network": network, "seed": seed}
    return Record("sleep/mnist", config, {"blur_2": value}, {"blur_2": 10}, {"created": "now"})


RECORDS = [
    record("control", 0, 80.0),
    record("control", 1, 70.0),
    record("control", 2, 75.0),
    record("sleep", 0, 84.0),
    record("sleep", 1, 75.0),
    record("sleep", 2, 81.0),
    record("pruned", 1, 71.5),
    record("lost", 7, 1.0),
]
COLUMNS = {name: {"network": name} for name in ("sleep", "pruned", "lost")}


def test_differences_are_paired_and_clear_ones_bold():
    styled = seed_effects(RECORDS, COLUMNS, {"network": "control"}, {"blur 2": "blur_2"})
    cells = styled.data.loc["blur 2"]
    # Differences 4, 5, 6: mean 5, standard error 1 / sqrt(3), t(.975, 2) = 4.3027.
    assert cells["sleep"] == "+5.0\n[2.5, 7.5]"
    more = seed_effects(RECORDS, COLUMNS, {"network": "control"}, {"blur 2": "blur_2"}, digits=2)
    assert more.data.loc["blur 2", "sleep"] == "+5.00\n[2.52, 7.48]"
    assert cells["pruned"] == "+1.5"  # one seed
    assert cells["lost"] == "·"  # no control of that seed
    assert styled.to_html().count("font-weight: 700") == 1


def test_the_interval_by_hand():
    low, high = interval([4.0, 5.0, 6.0])
    assert (low, high) == (pytest.approx(5 - 2.4841, abs=1e-3), pytest.approx(7.4841, abs=1e-3))
    with pytest.raises(ValueError, match="values are 1; there may be two or more"):
        interval([1.0])


def test_two_runs_of_one_seed():
    with pytest.raises(ValueError, match="seed 0 has two runs"):
        seed_effects([RECORDS[0]] * 2, COLUMNS, {"network": "control"}, {"blur 2": "blur_2"})


@pytest.mark.parametrize(("columns", "rows"), [({}, {"a": "b"}), (COLUMNS, {})])
def test_nothing_asked(columns, rows):
    with pytest.raises(ValueError, match="columns and rows are empty"):
        seed_effects(RECORDS, columns, {}, rows)


def test_fewer_than_no_digits():
    with pytest.raises(ValueError, match="digits is -1"):
        seed_effects(RECORDS, COLUMNS, {"network": "control"}, {"a": "blur_2"}, digits=-1)
