import re

import pytest

from helpers.evaluation.metric_numbers import NUMBER, read_number, write_number


@pytest.mark.parametrize("value", [0, 1, 0.1, 0.0039, 0.00005, 2.5, 1e-7, 12])
def test_a_number_is_written_as_it_is_read(value):
    text = write_number(value)
    assert re.fullmatch(NUMBER, text)
    assert read_number(text) == value


def test_fractions_are_read_exactly():
    assert read_number("2/255") == 2 / 255


@pytest.mark.parametrize("text", ["", ".", ".5", "1.", "1/0", "2.5/255", "0.1.2", "1e-3", "-1"])
def test_what_is_no_number_of_a_metric(text):
    assert not re.fullmatch(NUMBER, text)
