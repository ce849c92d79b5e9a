"""The small drawings of the live pages, as far as they need no page."""

import json

import pytest

from helpers.widgets.scripts import SCRIPTS


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-0.004, 2, "0.00"),
        (-0.0, 0, "0"),
        (-0.006, 2, "-0.01"),
        (0.004, 2, "0.00"),
        (-10.0, 1, "-10.0"),
    ],
)
def test_zero_has_no_sign(in_node, tmp_path, value, digits, text):
    asked = f"""
import {{ fixed }} from {json.dumps((SCRIPTS / "chart.mjs").as_uri())};
process.stdout.write(fixed({value}, {digits}));
"""
    assert in_node(tmp_path, asked) == text
