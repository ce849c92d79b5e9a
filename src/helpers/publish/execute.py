"""Executes notebooks, two at a time, and puts each in place only when every cell has run."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from helpers.files import replacing
from helpers.profiles import VARIABLE, Profile
from helpers.publish.errors import NotebookError, full_disk_named
from helpers.publish.worker import MARK

#: Seconds that one cell may take.
TIMEOUT: dict[Profile, int] = {"smoke": 60, "laptop": 600, "paper": 24 * 3600}


@dataclass(frozen=True)
class Task:
    """One notebook to execute.

    Attributes:
        name: shown beside the progress bar and in errors.
        source: the ``.py`` of the pair; its folder is the working directory.
        output: where the executed notebook goes.
        profile: the profile it runs at.
        inject: whether papermill adds the cell that sets ``profile``.
        before: called once every cell has run, before the notebook is put in place.
        done: called with the seconds it took once the notebook is in place.
        timeout: seconds that one cell may take, by default those of the profile.
    """

    name: str
    source: Path
    output: Path
    profile: Profile
    inject: bool = True
    before: Callable[[], None] = lambda: None
    done: Callable[[float], None] = lambda seconds: None
    timeout: int | None = None


def execute(tasks: Sequence[Task], *, workers: int = 2, console: Console | None = None) -> None:
    """Execute `tasks`, `workers` at a time, with a progress bar for each that runs.

    A notebook that fails leaves its `Task.output` as it was; the others are still executed.

    Raises:
        NotebookError: names every notebook that failed, with cell and exception.
    """
    console = Console(stderr=True) if console is None else console
    workers = max(1, min(workers, len(tasks)))
    running: set[subprocess.Popen[str]] = set()
    with _Display(console) as display, ThreadPoolExecutor(workers) as pool:
        try:
            problems = list(pool.map(lambda task: _execute(task, workers, running, display), tasks))
        except BaseException:  # an interruption ends what runs and starts no further notebook
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in list(running):
                worker.terminate()
            raise
    failed = [problem for problem in problems if problem is not None]
    if failed:
        raise NotebookError("\n\n".join(failed))


def _execute(
    task: Task, workers: int, running: set[subprocess.Popen[str]], display: "_Display"
) -> str | None:
    """Execute one notebook; returns what went wrong."""
    began = time.monotonic()
    try:
        with full_disk_named(f"executing {task.name}"):
            with replacing(task.output) as fresh:
                problem = _run_worker(task, fresh, workers, running, display)
                if problem is not None:
                    raise NotebookError(f"{task.source}, {problem}")
                task.before()
            seconds = time.monotonic() - began
            task.done(seconds)
    except NotebookError as error:
        display.finished(task.name, "failed")
        return str(error)
    display.finished(task.name, f"{seconds:.0f} s")
    return None


def _run_worker(
    task: Task,
    output: Path,
    workers: int,
    running: set[subprocess.Popen[str]],
    display: "_Display",
) -> str | None:
    """Execute one notebook in a process, which is among the `running` as long as it runs."""
    settings = {
        "parameters": {"profile": task.profile} if task.inject else None,
        "timeout": TIMEOUT[task.profile] if task.timeout is None else task.timeout,
    }
    command = [sys.executable, "-m", "helpers.publish.worker"]
    command += [str(task.source), str(output), json.dumps(settings)]
    problem = None
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command,
            cwd=task.source.parent,
            env=_environment(task.profile, workers),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as worker,
    ):
        running.add(worker)
        display.started(task.name)
        assert worker.stdout is not None
        try:
            for line in worker.stdout:
                if line.startswith(MARK):
                    news = json.loads(line.removeprefix(MARK))
                    problem = news.get("problem", problem)
                    if "cell" in news:
                        display.moved(task.name, news["cell"], news["cells"])
        except BaseException:
            worker.terminate()
            raise
        finally:
            running.remove(worker)
        status = worker.wait()
        if status != 0 and problem is None:
            errors.seek(0)
            problem = f"its process ended with status {status}:\n{errors.read().strip()}"
    return problem


def _environment(profile: Profile, workers: int) -> dict[str, str]:
    """The environment of a worker and of its kernel."""
    jupyter = str(Path(sys.prefix) / "share" / "jupyter")
    path = os.environ.get("JUPYTER_PATH")
    # Notebooks that run side by side share the cores; one alone has them all.
    threads = max(1, (os.cpu_count() or 1) // workers)
    return {
        **os.environ,
        VARIABLE: profile,
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", str(threads)),
        # The python3 kernel of this environment comes before one that the user has installed.
        "JUPYTER_PATH": f"{jupyter}{os.pathsep}{path}" if path else jupyter,
        # An image of a figure is an output of its cell, never a window.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


class _Display:
    """A bar for each running notebook on a terminal, a plain line for each elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("cell {task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._ids: dict[str, int] = {}

    def __enter__(self) -> "_Display":
        self._bars.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._bars.stop()

    def started(self, name: str) -> None:
        self._ids[name] = self._bars.add_task(name, total=None)
        if not self._console.is_terminal:
            self._console.print(f"{name}: executing", highlight=False)

    def moved(self, name: str, cell: int, cells: int) -> None:
        self._bars.update(self._ids[name], completed=cell, total=cells)  # type: ignore[arg-type]

    def finished(self, name: str, how: str) -> None:
        self._bars.update(self._ids[name], visible=False)  # type: ignore[arg-type]
        self._console.print(f"{name}: {how}", highlight=False)
