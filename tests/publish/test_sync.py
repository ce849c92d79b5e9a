import nbformat
import pytest

from helpers.publish import NotebookError
from helpers.publish.pairs import read_source
from helpers.publish.sync import lean, sync

CELLS = """
# %%
import os, sys
print("shown"); print("lost", file=sys.stderr)

# %%
os.environ["BORROWED_BRAINS_PROFILE"]

# %%
from IPython.display import HTML, SVG, Markdown
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'/>")); display(HTML("<b>bold</b>"))
display(Markdown("**bold**"))

# %%
import ipywidgets
ipywidgets.IntSlider(value=3)
"""


def test_a_pair_keeps_text_and_nothing_else(mini, write):
    source = write("one/a", CELLS)
    before = source.read_bytes()
    sync(mini, ["one/a"])
    notebook = nbformat.read(mini.pair("one/a"), as_version=4)
    nbformat.validate(notebook)
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert [output.text for output in outputs[1]] == ["shown\n"]
    assert [output.data for output in outputs[2]] == [{"text/plain": "'smoke'"}]
    forms = {form for output in outputs[3] for form in output.data}
    assert forms == {"text/plain", "text/markdown"}
    assert [set(output.data) for output in outputs[4]] == [{"text/plain"}]
    assert set(notebook.metadata) == {"jupytext", "kernelspec"}
    assert not any(set(cell.metadata) - {"tags"} for cell in notebook.cells)
    # nbval takes a cell without a count for one that never ran.
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == [1, 2, 3, 4, 5]
    assert "injected" not in mini.pair("one/a").read_text()
    assert source.read_bytes() == before


def test_writing_a_pair_again_changes_no_byte(mini, write):
    write("one/a", CELLS.partition("# %%\nimport ipywidgets")[0])
    sync(mini, ["one/a"])
    first = mini.pair("one/a").read_bytes()
    sync(mini, ["one/a"])
    assert mini.pair("one/a").read_bytes() == first


def test_a_notebook_that_fails_leaves_its_pair(mini, write):
    write("one/a", "\n# %%\n1\n")
    sync(mini, ["one/a"])
    good = mini.pair("one/a").read_bytes()
    write("one/a", "\n# %%\n1 / 0\n")
    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        sync(mini, ["one/a"])
    assert mini.pair("one/a").read_bytes() == good


def test_a_notebook_that_fails_costs_no_other_its_pair(mini, write):
    write("one/a", "\n# %%\n1 / 0\n")
    write("one/b", "\n# %%\n1\n")
    with pytest.raises(NotebookError, match="ZeroDivisionError"):
        sync(mini, ["one/a", "one/b"])
    assert mini.pair("one/b").is_file()
    assert not mini.pair("one/a").is_file()


def test_a_source_that_is_changed_meanwhile_leaves_its_pair(mini, write, monkeypatch):
    write("one/a", "\n# %%\n1\n")
    write("one/b", "\n# %%\n1\n")
    sync(mini, ["one/a"])
    good = mini.pair("one/a").read_bytes()
    edit = '\n# %%\nfrom pathlib import Path\nplace = Path("a.py")\n'
    edit += 'place.write_text(place.read_text().replace("# a remark", "1 / 0"))\n# a remark\n'
    write("one/a", edit)
    with pytest.raises(NotebookError, match=r"a\.py: the notebook was changed while it was exec"):
        sync(mini, ["one/a", "one/b"])
    assert mini.pair("one/a").read_bytes() == good
    assert mini.pair("one/b").is_file()
    assert not list(mini.notebooks.rglob("*.new"))


def test_outputs_of_other_cells_are_refused(mini, write):
    source = read_source(write("one/a", "\n# %%\n1\n"))
    other = read_source(write("one/b", "\n# %%\n2\n"))
    with pytest.raises(ValueError, match="the notebook was changed while it was executed"):
        lean(other, source)


def test_an_unknown_notebook_is_named(mini):
    with pytest.raises(ValueError, match="notebook is 'none'"):
        sync(mini, ["none"])
