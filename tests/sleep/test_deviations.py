"""The deviations: what lies between the reproduction and the original, field by field."""

from dataclasses import fields

import pytest

from helpers.sleep import (
    DEVIATIONS,
    ORIGINAL,
    ORIGINAL_CONTROL,
    REPRODUCTION,
    REPRODUCTION_CONTROL,
    without,
)

#: What each one is about: fields of the training, and of the sleep.
FIELDS = {
    1: (set(), {"steps_per_image", "spike_probability", "leak"}),
    2: (set(), {"gated"}),
    3: (set(), {"normalised", "thresholds"}),
    4: ({"bias"}, {"biases"}),
    5: (set(), {"restart_every"}),
    6: (set(), {"gain", "weight_scale", "divided_again"}),
    7: ({"always_drop"}, set()),
    8: ({"softmax"}, set()),
    9: ({"loss", "images", "batch", "dropout", "inverted", "small", "relu_output"}, set()),
    10: (set(), set()),  # the noise of the test images
}


def differing(one, other):
    names = [each.name for each in fields(one)]
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def test_there_are_ten():
    assert len(DEVIATIONS) == len({deviation.name for deviation in DEVIATIONS}) == 10
    assert all(deviation.what for deviation in DEVIATIONS)


def test_none_undone_is_the_reproduction_and_all_the_original():
    assert without(()) == (REPRODUCTION_CONTROL, REPRODUCTION)
    assert without(range(1, 11)) == (ORIGINAL_CONTROL, ORIGINAL)


@pytest.mark.parametrize("number", FIELDS)
def test_each_alone_changes_its_fields_and_no_other(number):
    awake, asleep = without([number])
    changed = differing(awake, REPRODUCTION_CONTROL), differing(asleep, REPRODUCTION)
    assert changed == FIELDS[number]
    for name in changed[0]:
        assert getattr(awake, name) == getattr(ORIGINAL_CONTROL, name)
    for name in changed[1]:
        assert getattr(asleep, name) == getattr(ORIGINAL, name)


def test_the_order_does_not_matter():
    assert without([9, 2]) == without((2, 9)) == without({9, 2})


@pytest.mark.parametrize("number", [0, 11, -1])
def test_there_is_no_such_deviation(number):
    with pytest.raises(ValueError, match=f"number of a deviation is {number}; it may be from 1 to"):
        without([1, number])


def test_a_number_is_whole():
    with pytest.raises(ValueError, match=r"number of a deviation is 1\.5; it may be a whole"):
        without([1.5])
