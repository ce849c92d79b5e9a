import nbformat
import pytest

from helpers.publish.pairs import orphans, read_source, step_problem

CELLS = '\n# %%\n1 + 1\n\n# %% tags=["hide-input"]\n1 + 1\n'


def _write_pair(mini, name):
    nbformat.write(read_source(mini.source(name)), mini.pair(name))


def test_a_pair_made_from_its_source_is_in_step(mini, write):
    write("one/a", CELLS)
    _write_pair(mini, "one/a")
    assert step_problem(mini, "one/a") is None


def test_a_missing_pair_is_out_of_step(mini, write):
    write("one/a", CELLS)
    assert step_problem(mini, "one/a") == "a.ipynb is missing; run `brains pair one/a`"


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD\n{}", "{}"])
def test_a_pair_that_cannot_be_read_is_out_of_step(mini, write, text):
    write("one/a", CELLS)
    mini.pair("one/a").write_text(text)
    problem = "a.ipynb is not a notebook; run `brains pair one/a`"
    assert step_problem(mini, "one/a") == problem


@pytest.mark.parametrize(
    ("now", "problem"),
    [
        (CELLS.replace("1 + 1", "1 + 2", 1), "cell 3 of a.ipynb is not that of a.py"),
        (CELLS.replace("hide-input", "hide-output"), "cell 4 of a.ipynb is not that of a.py"),
        (CELLS.replace("# %%\n", "# %% [markdown]\n# ", 1), "cell 3 of a.ipynb"),
        (CELLS + "\n# %%\n2\n", "a.ipynb has 4 cells, a.py 5"),
        (CELLS.split("\n# %% tags")[0], "a.ipynb has 4 cells, a.py 3"),
    ],
)
def test_every_change_of_the_source_is_seen(mini, write, now, problem):
    write("one/a", CELLS)
    _write_pair(mini, "one/a")
    write("one/a", now)
    assert (step_problem(mini, "one/a") or "").startswith(problem)


def test_outputs_are_no_part_of_the_step(mini, write):
    write("one/a", CELLS)
    notebook = read_source(mini.source("one/a"))
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="2\n")]
    nbformat.write(notebook, mini.pair("one/a"))
    assert step_problem(mini, "one/a") is None


def test_cell_ids_are_steady_and_unlike(mini, write):
    write("one/a", CELLS.replace(' tags=["hide-input"]', ""))  # two cells with the same text
    first, second = (read_source(mini.source("one/a")) for _ in range(2))
    ids = [cell.id for cell in first.cells]
    assert ids == [cell.id for cell in second.cells]
    assert len(set(ids)) == len(ids)
    nbformat.validate(first)


@pytest.mark.parametrize("start", ["", "# %%\n1\n", "# %% [markdown]\n# No title.\n"])
def test_a_notebook_begins_with_its_title(tmp_path, start):
    path = tmp_path / "a.py"
    path.write_text("# ---\n# jupyter: {}\n# ---\n\n" + start + '# %% tags=["parameters"]\np = 1\n')
    with pytest.raises(
        ValueError, match=r"a\.py begins with a .* it may begin with a markdown cell"
    ):
        read_source(path)


@pytest.mark.parametrize("tags", [0, 2])
def test_a_notebook_has_one_parameters_cell(tmp_path, tags):
    path = tmp_path / "a.py"
    path.write_text("# %%\n1\n" + '\n# %% tags=["parameters"]\np = 1\n' * tags)
    with pytest.raises(ValueError, match=rf"has {tags} cells tagged 'parameters'"):
        read_source(path)


def test_an_ipynb_without_source_is_an_orphan(mini, write):
    write("one/a", CELLS)
    _write_pair(mini, "one/a")
    assert orphans(mini) == []
    lost = mini.notebooks / "one" / "b.ipynb"
    lost.write_text("{}")
    assert orphans(mini) == [lost]
