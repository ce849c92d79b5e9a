"""Executes one notebook with papermill, in a process of its own.

`helpers.publish.execute` starts it: ``python -m helpers.publish.worker SOURCE OUTPUT SETTINGS``.
A process of its own gives the notebook its own working directory and environment. It tells how far
it is in lines of JSON that start with `MARK`; what else it prints is dropped, and what it writes to
stderr is shown when it ends with an error that it could not tell.
"""

import errno
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError, strip_color

from helpers.publish.pairs import KERNELSPEC, read_source

MARK = "\x1e"
#: The tag that papermill gives to the cell it adds.
INJECTED = "injected-parameters"
#: What jupyter says of a kernel that dies before it can run anything, and how often one is started.
NEVER_BORN, STARTS = "Kernel died before replying to kernel_info", 3


class _Progress:
    """Remembers the cell that runs, and tells it."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.number = 0
        self.line = ""
        self.begun = False

    def started(self, cell: NotebookNode, cell_index: int) -> None:
        """nbclient calls this before each cell, markdown too."""
        self.begun = True
        if cell.cell_type == "code" and INJECTED not in cell.metadata.get("tags", []):
            self.number += 1
            self.line = next((line for line in cell.source.splitlines() if line.strip()), "")
        tell(cell=cell_index, cells=self.cells)

    @property
    def place(self) -> str:
        """The running code cell: its number in the source and its first line."""
        return f"code cell {self.number} (`{self.line.strip()}`)" if self.number else "the start"


def tell(**news: object) -> None:
    """Send one piece of news to the process that waits for this one."""
    print(MARK + json.dumps(news), flush=True)


def run(
    source: Path, output: Path, *, parameters: dict[str, Any] | None, timeout: int | None
) -> str | None:
    """Execute the notebook `source` and write it to `output`.

    Args:
        source: the ``.py`` of a pair.
        output: the file to write; it is written only when every cell has run.
        parameters: what papermill puts behind the parameters cell; None adds no cell.
        timeout: seconds that one cell may take; None sets no limit.

    Returns:
        What went wrong, starting with the cell; None when nothing did.
    """
    notebook = read_source(source)
    progress = _Progress(len(notebook.cells) + bool(parameters))
    try:
        executed = _execute(notebook, progress, parameters, timeout)
        with output.open("w", encoding="utf8") as file:
            nbformat.write(_for_the_page(executed), file)
    except PapermillExecutionError as error:
        trace = strip_color("\n".join(error.traceback))
        full = error.ename == "OSError" and f"[Errno {errno.ENOSPC}]" in error.evalue
        hint = "\nThe disk is full: make room and build again." if full else ""
        return f"{progress.place}: {error.ename}: {error.evalue}{hint}\n{trace}"
    except DeadKernelError:
        return (
            f"{progress.place}: the kernel died without a word. Most often the system killed it "
            "for want of memory: close other programs, or build a smaller profile."
        )
    except CellTimeoutError:
        return f"{progress.place}: the cell took more than {timeout} seconds and was stopped."
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return f"{progress.place}: the disk is full ({error}): make room and build again."
    return None


def _execute(
    notebook: NotebookNode,
    progress: _Progress,
    parameters: dict[str, Any] | None,
    timeout: int | None,
) -> NotebookNode:
    """Execute `notebook`, in another kernel where one dies before its first cell.

    Jupyter looks for free ports and lets go of them until the kernel has started. Of kernels that
    start at the same time two may be given the same, and the second dies.
    """
    options = {
        "parameters": parameters,
        "kernel_name": KERNELSPEC["name"],
        "progress_bar": False,
        "execution_timeout": timeout,
        "on_cell_start": progress.started,
    }
    for _ in range(STARTS - 1):
        try:
            return papermill.execute_notebook(notebook, None, **options)
        except RuntimeError as error:
            if progress.begun or NEVER_BORN not in str(error):
                raise
    return papermill.execute_notebook(notebook, None, **options)


def _for_the_page(notebook: NotebookNode) -> NotebookNode:
    """Drop what is not for readers.

    What papermill notes about the run goes, so a page that did not change stays the same; and what
    was logged, which would leave an empty frame: the note on stand-in data is on the page.
    """
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
    return notebook


def _end_with_parent(parent: int) -> None:
    """A build that was killed leaves no worker behind, which would still put its page in place."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main() -> int:
    """Run the notebook named on the command line; the exit status is 1 when it failed."""
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    source, output, settings = sys.argv[1:]
    problem = run(Path(source), Path(output), **json.loads(settings))
    if problem is not None:
        tell(problem=problem)
    return int(problem is not None)


if __name__ == "__main__":
    sys.exit(main())
