"""Builds the book: executes the notebooks that changed, renders the pages, guards them.

Each step writes beside what it will replace and puts it in place when it has succeeded. A build
that fails, wherever that is, leaves the last good notebooks and pages.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.data import Dataset, data_folder, load
from helpers.paths import CACHE
from helpers.profiles import Profile
from helpers.publish.assets import fetch_vendor
from helpers.publish.code import Code, helpers_code
from helpers.publish.errors import BookError, NotebookError, full_disk_named
from helpers.publish.execute import Task, execute
from helpers.publish.fingerprint import Fingerprint, changed, fingerprint, loads_data
from helpers.publish.guard import guard
from helpers.publish.pages import Executed, lay_out
from helpers.publish.pairs import step_problem
from helpers.publish.project import Project
from helpers.publish.site import put_in_place, render, restore
from helpers.publish.state import State, forget_state, read_state, write_state


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes:
        executed: the notebooks that were executed, in the order of the book.
        kept: the notebooks whose last execution still holds.
        rendered: whether the pages were made anew.
        seconds: how long it took.
        data: the images it used, in a sentence.
    """

    executed: list[str]
    kept: list[str]
    rendered: bool
    seconds: float
    data: str


def build(
    project: Project,
    *,
    profile: Profile,
    force: bool = False,
    only: Sequence[str] = (),
    say: Callable[[str], None] = print,
    cache: Path = CACHE,
) -> Built:
    """Bring the book up to date; a second build at the same time waits.

    Args:
        project: the checkout.
        profile: at which the notebooks run.
        force: execute every notebook, changed or not.
        only: the notebooks that are executed again if they changed; the others keep their last
            execution, where they have one.
        say: takes one line on what is going on.
        cache: where the fetched scripts are kept.

    Raises:
        ValueError: `only` names what is not in the table of contents.
        NotebookError: a notebook failed; names it, the cell and the exception.
        BookError: pairs are out of step, pages cannot be rendered or do not pass the guard, npm
            cannot be reached, or the disk is full.
    """
    began = time.monotonic()
    for name in only:
        if name not in project.published():
            raise ValueError(f"only is {name!r}; it may be {', '.join(project.published())}")
    with full_disk_named("building the book"):
        project.build.mkdir(parents=True, exist_ok=True)
        with _alone(project, say):
            restore(project.html)
            _check_pairs(project)
            data = load("mnist", profile=profile)
            executed, kept = _execute_stale(
                project, profile=profile, data=data, force=force, only=only, say=say
            )
            rendered = _render(project, profile=profile, data=data, say=say, cache=cache)
    seconds = time.monotonic() - began
    return Built(executed, kept, rendered, seconds, _in_words(data))


def _in_words(data: Dataset) -> str:
    """The images that stand behind "MNIST" in this build."""
    if data.note is not None:
        return data.note
    return (
        f"MNIST, {len(data.train_images):,} images to train and {len(data.test_images):,} to test."
    )


@contextmanager
def _alone(project: Project, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the build folder, and say so when it has to be waited for."""
    lock = FileLock(project.build / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("Another build is running in this checkout; waiting until it has ended.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _check_pairs(project: Project) -> None:
    problems = [problem for name in project.published() if (problem := step_problem(project, name))]
    if problems:
        raise BookError(
            "Notebooks are out of step:\n" + "\n".join(f"  {line}" for line in problems)
        )


def _executed_path(project: Project, profile: Profile, name: str) -> Path:
    return project.build / "notebooks" / profile / f"{name}.ipynb"


def _execute_stale(
    project: Project,
    *,
    profile: Profile,
    data: Dataset,
    force: bool,
    only: Sequence[str],
    say: Callable[[str], None],
) -> tuple[list[str], list[str]]:
    """Execute the notebooks whose fingerprint changed; returns them, and those kept."""
    code = helpers_code()
    tasks, kept = [], []
    for name in project.published():
        output = _executed_path(project, profile, name)
        now = _fingerprint(project, name, profile, code)
        state = read_state(output)
        if state is None:
            reasons = ["it has not been executed at this profile"]
        elif only and name not in only:
            reasons = []
        else:
            reasons = ["asked for"] if force else changed(state.fingerprint, now)
        if not reasons:
            kept.append(name)
            continue
        say(f"{name} will be executed: {_short(reasons)}")
        note = data.note if loads_data(project.source(name)) else None
        tasks.append(_task(project, name, profile, output, now, note))
    execute(tasks)
    return [task.name for task in tasks], kept


def _fingerprint(project: Project, name: str, profile: Profile, code: Code) -> Fingerprint:
    try:
        return fingerprint(project, name, profile=profile, code=code, folder=data_folder())
    except SyntaxError as error:  # of the notebook, or of a module that it imports
        line = f"line {error.lineno}, {(error.text or '').strip()!r}"
        raise NotebookError(f"{error.filename}, {line}: {error.msg}") from error
    except ValueError as error:
        raise NotebookError(f"{project.source(name)}: {error}") from error


def _short(reasons: list[str]) -> str:
    more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return ", ".join(reasons[:3]) + more


def _task(
    project: Project, name: str, profile: Profile, output: Path, now: Fingerprint, note: str | None
) -> Task:
    def before() -> None:
        # A build that is killed behind this leaves no old state beside a new notebook.
        forget_state(output)

    def done(seconds: float) -> None:
        sentence = f"Executed at the `{profile}` profile in {seconds:.0f} s."
        write_state(output, State(now, f"{sentence} {note}" if note else sentence))

    return Task(name, project.source(name), output, profile, before=before, done=done)


def _render(
    project: Project,
    *,
    profile: Profile,
    data: Dataset,
    say: Callable[[str], None],
    cache: Path,
) -> bool:
    """Make the pages anew unless nothing that they are made of has changed."""
    notebooks = {}
    for name in project.published():
        path = _executed_path(project, profile, name)
        state = read_state(path)
        if state is None:
            raise BookError(f"{path} was taken away while the book was being built; build again")
        notebooks[name] = Executed(path, state.sentence)
    pages = project.build / "pages"
    lay_out(
        project,
        pages,
        notebooks=notebooks,
        facts={"profile": f"`{profile}`", "data": _in_words(data)},
        vendor=fetch_vendor(project.root / "package-lock.json", cache=cache),
    )
    stamp, inputs = project.build / "html.inputs", _digest(pages, project.root / "requirements.txt")
    if project.index.is_file() and stamp.is_file() and stamp.read_text() == inputs:
        return False
    say("Rendering the pages ...")
    work = project.build / "next"
    site = render(pages, work)
    guard(site, project.pages)
    stamp.unlink(missing_ok=True)
    put_in_place(site, project.html)
    stamp.write_text(inputs)
    return True


def _digest(*places: Path) -> str:
    """A hash over the names and contents of files and of all files in folders."""
    digest = hashlib.sha256()
    for place in places:
        files = sorted(path for path in place.rglob("*") if path.is_file())
        for path in files if place.is_dir() else [place]:
            digest.update(f"{path.relative_to(place.parent)}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
