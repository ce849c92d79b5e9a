import nbformat
import pytest
import yaml

from helpers.paths import ROOT
from helpers.publish.pages import Executed, lay_out, repository, settings
from helpers.publish.pairs import read_source


@pytest.fixture
def laid(mini, write, tmp_path):
    """The laid-out sources of `mini` with one notebook."""
    mini.benchmarks.parent.mkdir()
    mini.benchmarks.write_text("{}\n")
    write("one/a", "\n# %%\n# NBVAL_CHECK_OUTPUT\n1  # NBVAL_CHECK_OUTPUT\n")
    notebook = read_source(mini.source("one/a"))
    injected = nbformat.v4.new_code_cell("profile = 1", metadata={"tags": ["injected-parameters"]})
    notebook.cells.insert(2, injected)
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook, path)
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    target = tmp_path / "pages"
    lay_out(
        mini,
        target,
        notebooks={"one/a": Executed(path, "Executed at smoke.")},
        facts={"profile": "smoke"},
        vendor=vendor,
    )
    return target


def test_records_lie_beside_the_pages_and_at_the_top_of_the_site(laid):
    for place in (laid, laid / "_extra"):
        assert (place / "results" / "one" / "exact.jsonl").is_file()
        assert (place / "book" / "claims" / "table.csv").is_file()
        assert (place / "benchmarks" / "results.json").is_file()


def test_own_assets_are_shared_and_no_folder_is_called_static(laid):
    assert (laid / "_shared" / "book.css").is_file()
    assert not (laid / "book" / "_assets").exists()
    assert not (laid / "_static").exists()


def test_a_page_says_how_it_was_executed_below_its_title(laid):
    notebook = nbformat.read(laid / "notebooks" / "one" / "a.ipynb", as_version=4)
    lines = notebook.cells[0].source.splitlines()
    assert lines[0] == "# A title"
    assert lines[2:5] == [":::{container} built", "Executed at smoke.", ":::"]


def test_the_cell_that_papermill_added_is_not_shown(laid):
    notebook = nbformat.read(laid / "notebooks" / "one" / "a.ipynb", as_version=4)
    assert notebook.cells[2].metadata.tags == ["injected-parameters", "remove-cell"]


def test_marks_for_nbval_are_not_shown(laid):
    notebook = nbformat.read(laid / "notebooks" / "one" / "a.ipynb", as_version=4)
    assert notebook.cells[-1].source == "1  # NBVAL_CHECK_OUTPUT"


def test_buttons_to_the_repository_appear_only_with_its_address():
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    without = settings(config, facts={}, repository=None)
    assert without["repository"]["url"] == ""
    assert not without["html"]["use_repository_button"]
    assert "binderhub_url" not in without["launch_buttons"]
    address = "https://github.com/someone/brains"
    config = settings(without, facts={}, repository=address)
    assert config["repository"]["url"] == address
    assert config["html"]["use_repository_button"]
    assert {"binderhub_url", "colab_url"} <= set(config["launch_buttons"])


def test_facts_are_substitutions(laid):
    config = yaml.safe_load((laid / "_config.yml").read_text())
    assert config["parse"]["myst_substitutions"] == {"profile": "smoke"}


def test_the_address_comes_from_the_project_file(tmp_path):
    assert repository(tmp_path) is None
    file = tmp_path / "pyproject.toml"
    file.write_text("[project]\nname = 'x'\n")
    assert repository(tmp_path) is None
    file.write_text("[project.urls]\nRepository = 'https://github.com/a/b'\n")
    assert repository(tmp_path) == "https://github.com/a/b"
