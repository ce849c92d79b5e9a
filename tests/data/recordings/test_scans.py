import os

import pytest
import torch

from helpers.data.recordings import load_scans
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


def test_a_bad_profile():
    with pytest.raises(ValueError, match="profile is 'huge'"):
        load_scans("huge")
