import io
import re

from rich.console import Console

from helpers.cli.progress import PAUSE, Progress


def test_in_a_log_every_line_has_a_time_and_passing_lines_are_rare():
    text, now = io.StringIO(), [0.0]
    with Progress(Console(file=text, width=40), lambda: now[0]) as progress:
        progress.say("starts [1/2] " + "x" * 60)
        for now[0] in (1.0, 2.0, PAUSE, PAUSE + 1.5):
            progress.doing(f"at {now[0]}")
    lines = text.getvalue().splitlines()
    assert all(re.match(r"\d\d:\d\d:\d\d  ", line) for line in lines)
    assert [line[10:] for line in lines] == [
        "starts [1/2] " + "x" * 60,
        "at 1.0",
        f"at {PAUSE + 1.5}",
    ]


def test_on_a_terminal_the_passing_line_is_erased():
    text = io.StringIO()
    with Progress(Console(file=text, width=40, force_terminal=True)) as progress:
        progress.doing("epoch [1]")
        progress.say("done")
    assert "done\n" in text.getvalue()
    assert "epoch [1]" in text.getvalue()
    assert text.getvalue().endswith("\x1b[1A\x1b[2K")  # one line up, and clear it
