import pytest

from helpers.publish import Project

NOTEBOOK = """\
# %% [markdown]
# # A page

# %% tags=["parameters"]
profile = "smoke"

# %%
1
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A checkout of one notebook without its pair; the command works in it."""
    project = Project(tmp_path)
    (project.notebooks / "one").mkdir(parents=True)
    (project.notebooks / "one" / "a.py").write_text(NOTEBOOK)
    monkeypatch.setattr("helpers.publish.Project", lambda: project)
    return project


def test_a_pair_is_written_and_checked(brains, project):
    status, _, err = brains("pair", "--check")
    assert status == 1
    assert "a.ipynb is missing" in err
    assert brains("pair", "one/a")[0] == 0
    assert project.pair("one/a").is_file()
    assert brains("pair", "--check")[0] == 0


def test_an_ipynb_without_source_fails_the_check(brains, project):
    (project.notebooks / "one" / "lost.ipynb").write_text("{}")
    status, _, err = brains("pair", "--check")
    assert status == 1
    assert "lost.ipynb has no .py beside it" in err


@pytest.mark.parametrize("arguments", [["none"], ["--check", "none"]])
@pytest.mark.usefixtures("project")
def test_a_wrong_notebook_is_named(brains, arguments):
    status, _, err = brains("pair", *arguments)
    assert (status, err) == (2, "Error: NAMES hold 'none'; they may be of one/a\n")
