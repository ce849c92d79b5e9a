import pytest

from helpers.experiments.neural_similarity.noise import paper_grid, scaled_grid
from helpers.experiments.neural_similarity.targets import CONTROLS, SIMULATED, TARGETS, VGG
from helpers.figures.targets import (
    CONTROL_LOOKS,
    LOOKS,
    SIMULATED_LOOKS,
    VGG_LOOKS,
    fields_of,
    target_series,
)
from helpers.records import matches


def test_every_target_has_a_look_of_its_own():
    assert (set(LOOKS), set(CONTROL_LOOKS)) == (set(TARGETS), set(CONTROLS))
    assert (set(VGG_LOOKS), set(SIMULATED_LOOKS)) == ({VGG}, set(SIMULATED))
    every = (LOOKS, CONTROL_LOOKS, VGG_LOOKS, SIMULATED_LOOKS)
    looks = [look for known in every for look in known.values()]
    assert len({str(look[1:]) for look in looks}) == len(looks)


@pytest.mark.parametrize(("scale", "grid"), [("scaled", scaled_grid), ("paper", paper_grid)])
def test_the_fields_select_one_run_for_each_seed(scale, grid):
    for target in (*TARGETS, *CONTROLS, VGG, *SIMULATED):
        (series,) = target_series([target], scale)
        seeds = [config["seed"] for config in grid() if matches(config, series.where)]
        wanted = 3 if scale == "scaled" else 5
        if target in SIMULATED:
            wanted = 1
        if target == VGG and scale == "scaled":
            wanted = 0
        assert seeds == list(range(wanted)), series.label


def test_other_data_and_another_depth():
    found = fields_of("neural_model", dataset="cifar100_gray", depth=34)
    assert (found["stimuli"], found["depth"]) == ("cifar10_gray", 34)


def test_bad_arguments():
    with pytest.raises(ValueError, match="target is 'v2'"):
        fields_of("v2")
    with pytest.raises(ValueError, match="scale is 'huge'"):
        fields_of("none", "huge")
