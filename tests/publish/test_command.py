import pytest
from click.testing import CliRunner

from helpers.publish import command
from helpers.publish.command import book, pair


@pytest.fixture
def run(mini, monkeypatch):
    """Runs a command in the checkout `mini`."""
    monkeypatch.setattr(command, "Project", lambda: mini)
    monkeypatch.delenv("BORROWED_BRAINS_PROFILE", raising=False)
    return lambda of, *arguments: CliRunner().invoke(of, arguments)


def test_a_pair_is_written_and_checked(run, mini, write):
    write("one/a", "\n# %%\n1\n")
    assert "a.ipynb is missing" in run(pair, "--check").output
    assert run(pair, "one/a").exit_code == 0
    assert mini.pair("one/a").is_file()
    assert run(pair, "--check").exit_code == 0


def test_an_ipynb_without_source_fails_the_check(run, mini):
    (mini.notebooks / "one" / "lost.ipynb").write_text("{}")
    result = run(pair, "--check")
    assert result.exit_code == 1
    assert "lost.ipynb has no .py beside it" in result.output


@pytest.mark.parametrize("arguments", [["none"], ["--check", "none"]])
def test_a_wrong_notebook_is_named(run, arguments):
    result = run(pair, *arguments)
    assert result.exit_code == 1
    assert "notebook is 'none'" in result.output


def test_a_failed_build_points_to_the_last_good_book(run, mini, write):
    write("one/a", "")
    without = run(book, "--profile", "smoke")
    assert without.exit_code == 1
    assert "a.ipynb is missing" in without.output
    assert "last good book" not in without.output
    mini.html.mkdir(parents=True)
    mini.index.write_text("")
    assert f"The last good book is still at {mini.index.as_uri()}" in run(book).output


def test_a_wrong_profile_is_refused(run, monkeypatch):
    assert run(book, "--profile", "huge").exit_code == 2
    monkeypatch.setenv("BORROWED_BRAINS_PROFILE", "huge")
    result = run(book)
    assert result.exit_code == 1
    assert "BORROWED_BRAINS_PROFILE is 'huge'" in result.output
