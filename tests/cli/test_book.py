import json

import pytest

from helpers.profiles import VARIABLE
from helpers.publish import Project


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A checkout of one notebook without its pair; the command works in it."""
    project = Project(tmp_path)
    (project.notebooks / "one").mkdir(parents=True)
    (project.notebooks / "one" / "a.py").write_text("")
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": "notebooks/one/a"}]}
    (tmp_path / "_toc.yml").write_text(json.dumps(toc))  # JSON is YAML
    monkeypatch.setattr("helpers.publish.Project", lambda: project)
    return project


def test_a_failed_build_points_to_the_last_good_book(brains, project):
    status, _, err = brains("book", "--profile", "smoke")
    assert status == 1
    assert "a.ipynb is missing" in err
    assert "last good book" not in err
    project.html.mkdir(parents=True)
    project.index.write_text("")
    _, _, err = brains("book", "--profile", "smoke")
    assert f"The last good book is still at {project.index.as_uri()}" in err


@pytest.mark.usefixtures("project")
def test_a_wrong_profile_is_refused(brains, monkeypatch):
    assert brains("book", "--profile", "huge")[0] == 2
    monkeypatch.setenv(VARIABLE, "huge")
    status, _, err = brains("book")
    assert status == 1
    assert f"{VARIABLE} is 'huge'" in err


def test_a_wrong_notebook_is_named_and_nothing_else_is_said(brains, project):
    project.html.mkdir(parents=True)
    project.index.write_text("")
    status, _, err = brains("book", "--profile", "smoke", "--only", "one/z")
    assert (status, err) == (2, "Error: --only is 'one/z'; it may be one of one/a\n")
