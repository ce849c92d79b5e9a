import os

import numpy as np
import pytest
import torch

from helpers.data import DataError
from helpers.data.recordings import load_scans
from helpers.data.recordings.antolik import FOLDER, IMAGES, REGIONS, SIDE
from helpers.data.recordings.simulated import NOTE

REAL = os.environ.get("BORROWED_BRAINS_DATA")


def test_simulated_scans_take_the_place_of_recorded_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path))
    one, two, three = load_scans("laptop")
    assert {scan.note for scan in (one, two, three)} == {NOTE}
    assert torch.equal(one.images, two.images)
    assert not torch.equal(one.images, three.images)
    assert [scan.oracle()[1].shape for scan in (one, two)] == [(50, 10, 100)] * 2
    assert not torch.equal(one.responses, two.responses)


def test_recorded_ones_come_first_but_not_at_smoke(monkeypatch):
    if not REAL:
        pytest.skip("there is no data folder")
    monkeypatch.setenv("BORROWED_BRAINS_DATA", REAL)
    scans = load_scans("laptop")
    if scans[0].note is not None:
        pytest.skip("the recordings of Antolik et al. are not in the data folder")
    assert [scan.name for scan in scans] == ["region 1", "region 2", "region 3"]
    assert load_scans("smoke")[0].note == NOTE


@pytest.mark.parametrize(
    ("there", "missing"), [((1, 2), "region3"), ((1,), "region2 and region3"), ((2, 3), "region1")]
)
def test_some_regions_without_the_others_are_refused(tmp_path, monkeypatch, there, missing):
    for region in there:
        place = tmp_path / FOLDER / f"region{region}"
        place.mkdir(parents=True)
        repeats, neurons = REGIONS[region]
        np.save(place / "raw_validation_set.npy", np.zeros((repeats, IMAGES, neurons)))
        np.save(place / "validation_inputs.npy", np.zeros((IMAGES, SIDE * SIDE)))
    monkeypatch.setenv("BORROWED_BRAINS_DATA", str(tmp_path))
    with pytest.raises(DataError, match=f"antolik2016 lacks {missing} beside the other recordings"):
        load_scans("laptop")
    assert load_scans("smoke")[0].note == NOTE


def test_a_bad_profile():
    with pytest.raises(ValueError, match="profile is 'huge'"):
        load_scans("huge")
