import subprocess
import sys

import click
import pytest

from helpers.cli.data import NAMES
from helpers.publish import BookError


def test_help_names_the_commands_and_brings_no_torch():
    code = (
        "import sys; from helpers.cli import main; sys.argv = ['brains', '--help']; main(); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for command in ("book", "pair", "run", "claims", "data"):
        assert f"\n  {command} " in done.stdout


def test_a_pipe_that_nobody_reads_ends_without_a_word():
    code = "import sys; from helpers.cli import main; sys.argv = ['brains', '--help']; main()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdout=pipe, stderr=pipe) as child:
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 1


def test_without_a_command_it_shows_its_help(brains):
    status, _, err = brains()
    assert status == 2
    assert "Commands:" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "Error: No such command 'nothing'."),
        (["run", "--nothing"], "Error: No such option '--nothing'."),
        (["run", "fake/lab", "--profile", "huge"], "'huge' is not one of 'smoke', 'laptop'"),
        (["run", "fake/lab", "--workers", "0"], "0 is not in the range"),
        (["data", "nothing"], "'nothing' is not one of 'mnist'"),
    ],
)
def test_a_wrong_use_ends_in_one_line(brains, arguments, message):
    status, out, err = brains(*arguments)
    assert status == 2
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1


def test_without_a_name_the_names_are_listed(brains):
    status, out, err = brains("data")
    assert (status, out) == (2, "")
    first, *names = err.splitlines()
    assert first == "Error: Missing argument 'NAME'. Choose from:"
    assert [name.strip(",\t") for name in names] == list(NAMES)


def test_an_interruption_ends_in_one_line(brains, monkeypatch):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("helpers.data.fetch", interrupted)
    assert brains("data", "mnist") == (130, "", "\nError: interrupted\n")


def test_data_that_does_not_come_ends_in_one_line(brains, monkeypatch):
    from helpers.data import DataError

    def fail(name):
        raise DataError("no network\nat all")

    monkeypatch.setattr("helpers.data.fetch", fail)
    assert brains("data", "mnist") == (
        1,
        "",
        "Error: no network at all (brains --debug shows the traceback)\n",
    )


def test_debug_ends_an_error_with_its_traceback(brains):
    status, _, err = brains("claims")  # there are no tables
    assert status == 1
    assert err.endswith("(brains --debug shows the traceback)\n")
    with pytest.raises(ValueError, match="folder is"):
        brains("--debug", "claims")


def test_debug_shows_what_is_behind_an_error_in_one_line(brains, monkeypatch):
    def fail(project, names):
        raise BookError("a notebook failed")

    monkeypatch.setattr("helpers.publish.sync.sync", fail)
    assert brains("pair") == (1, "", "Error: a notebook failed\n")
    with pytest.raises(click.ClickException, match="a notebook failed") as caught:
        brains("--debug", "pair")
    assert isinstance(caught.value.__cause__, BookError)
    assert brains("--debug", "run", "no/lab")[0] == 2  # a wrong use has nothing behind it


@pytest.mark.parametrize(
    ("name", "function", "note"),
    [
        ("mnist", "helpers.data.fetch", ""),
        ("squeezenet", "helpers.models.fetch.fetch_squeezenet", ""),
        ("vgg19", "helpers.models.fetch.fetch_vgg19", ""),
        (
            "mouse_v1",
            "helpers.data.recordings.fetch.fetch_recordings",
            "; the similarity matrices of the Allen Brain Observatory are not among the "
            "recordings, and book/data.md says how to make them",
        ),
    ],
)
def test_data_that_came_are_named(brains, monkeypatch, tmp_path, name, function, note):
    monkeypatch.setattr(function, lambda *name: tmp_path)
    assert brains("data", name) == (0, f"{name} is in {tmp_path}{note}\n", "")
