"""A kernel that dies before its first cell is started again; what dies later is not."""

import nbformat
import pytest

from helpers.publish import worker
from helpers.publish.worker import NEVER_BORN, STARTS

NOTEBOOK = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])


@pytest.fixture
def starts(monkeypatch, tmp_path):
    """Executes where the first kernels die, each with one of `errors`; how many were started."""
    monkeypatch.setattr(worker, "read_source", lambda source: NOTEBOOK)
    output = tmp_path / "page.ipynb"

    def execute(*errors, begin=False):
        waiting = list(errors)
        count = 0

        def papermill(notebook, path, *, on_cell_start, **options):
            nonlocal count
            count += 1
            if begin:
                on_cell_start(cell=notebook.cells[0], cell_index=0)
            if waiting:
                raise waiting.pop(0)
            return notebook

        monkeypatch.setattr(worker.papermill, "execute_notebook", papermill)
        try:
            assert worker.run(tmp_path / "page.py", output, parameters=None, timeout=None) is None
        finally:
            assert output.exists() is (not waiting and count > len(errors))
        return count

    return execute


def test_it_is_started_again(starts):
    assert starts() == 1
    assert starts(RuntimeError(NEVER_BORN)) == 2


@pytest.mark.parametrize(
    ("errors", "begin", "message"),
    [
        ([RuntimeError(NEVER_BORN)] * STARTS, False, NEVER_BORN),
        ([RuntimeError("no such kernel")], False, "no such kernel"),
        ([RuntimeError(NEVER_BORN)], True, NEVER_BORN),
    ],
)
def test_in_the_end_it_says_so(starts, errors, begin, message):
    with pytest.raises(RuntimeError, match=message):
        starts(*errors, begin=begin)
