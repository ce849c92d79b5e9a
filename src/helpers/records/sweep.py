"""Fill in the missing records of a grid; interrupted or shared, nothing runs twice."""

import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.checks import check_count
from helpers.code import loaded_code
from helpers.experiments import Config, Experiment, StandInError
from helpers.paths import CACHE, RESULTS
from helpers.profiles import Profile
from helpers.records.crew import crew
from helpers.records.partial import discard, scratch
from helpers.records.plan import Planned, plan, short
from helpers.records.provenance import commit
from helpers.records.record import Record
from helpers.records.store import append, file_lock
from helpers.records.work import Job, Say


@dataclass
class Summary:
    """What a sweep did with each configuration.

    Attributes:
        done: ran, its line is written.
        present: had all its metrics already.
        elsewhere: another process is running it.
        left_out: its estimate did not fit into what was left of the budget.
        failed: raised; the error's text.
    """

    done: list[Record] = field(default_factory=list)
    present: list[Config] = field(default_factory=list)
    elsewhere: list[Config] = field(default_factory=list)
    left_out: list[Config] = field(default_factory=list)
    failed: list[tuple[Config, str]] = field(default_factory=list)


def sweep(
    experiment: Experiment,
    configs: Sequence[Config],
    *,
    profile: Profile,
    folder: Path = RESULTS,
    cache: Path = CACHE,
    device: str = "cpu",
    budget_s: float | None = None,
    stale: bool = False,
    workers: int = 1,
    say: Say = print,
    doing: Say = lambda line: None,
) -> Summary:
    """Run what is missing of `configs` and append a line to the results for each.

    Several processes may sweep the same configurations at once: each key has a lock, and the
    records are read again behind it. A run that raises, for instance because data that it needs are
    not here, is reported and the others go on: they may need other data.

    Args:
        experiment: what runs.
        configs: the configurations, in the order in which they start.
        profile: decides the metrics and the number of images.
        folder: where the records lie.
        cache: where locks, checkpoints and the metrics of unfinished runs lie.
        device: where to compute, as torch names it.
        budget_s: no run starts whose estimate does not fit in what is left of these seconds.
        stale: renew what older code made.
        workers: number of processes; they share the processor's threads.
        say: takes the lines that stay: runs that start, end, fail or are left out.
        doing: takes the lines that pass: what a run is doing.

    Raises:
        ValueError: an argument is not what it may be, or the records cannot be read.
    """
    check_count("workers", workers, 1)
    desk = _Desk(
        experiment=experiment,
        configs=configs,
        profile=profile,
        folder=folder,
        cache=cache,
        device=device,
        end=None if budget_s is None else time.monotonic() + budget_s,
        stale=stale,
        say=say,
    )
    running: dict[Future[Record], Job] = {}
    try:
        with crew(workers, doing) as hands:
            for job in desk.jobs():
                running[hands.submit(job)] = job
                if len(running) == workers:
                    for future in hands.wait(set(running)):
                        desk.finish(running.pop(future), future)
            while running:
                for future in hands.wait(set(running)):
                    desk.finish(running.pop(future), future)
    finally:
        desk.close()
    return desk.summary


class _Desk:
    """Hands out the jobs of one sweep, each under its lock, and writes what comes back."""

    def __init__(
        self,
        experiment: Experiment,
        configs: Sequence[Config],
        profile: Profile,
        folder: Path,
        cache: Path,
        device: str,
        end: float | None,
        stale: bool,
        say: Say,
    ) -> None:
        self.summary = Summary()
        self._experiment = experiment
        self._configs = configs
        self._profile = profile
        self._folder = folder
        self._cache = cache
        self._device = device
        self._end = end
        self._stale = stale
        self._say = say
        self._code = loaded_code(experiment.module)
        self._commit = commit()
        self._locks: dict[str, FileLock] = {}

    def jobs(self) -> Iterator[Job]:
        """Each run that has something to do, its lock held until `finish` or `close`."""
        plans = self._plan(self._configs)
        for i, planned in enumerate(plans, start=1):
            label = f"{i}/{len(plans)} {short(planned.config, self._configs)}".rstrip()
            if not self._claim(planned.key):
                self._say(f"{label}: another process is running it")
                self.summary.elsewhere.append(planned.config)
                continue
            # Another process may have run it since the plan was made.
            (current,) = self._plan([planned.config])
            if not current.wanted:
                self.summary.present.append(current.config)
            elif not self._fits(current, label):
                self.summary.left_out.append(current.config)
            else:
                self._say(f"{label}: starts{_estimate(current)}")
                yield self._job(current, label)
                continue
            self._locks.pop(current.key).release()

    def finish(self, job: Job, future: Future[Record]) -> None:
        """Write the record of a run that has ended, or say why there is none."""
        error = future.exception()
        if error is None:
            record = future.result()
            append(self._folder / f"{self._experiment.name}.jsonl", record, self._cache)
            discard(job.folder)
            self.summary.done.append(record)
            results = ", ".join(f"{name} {value:.4g}" for name, value in record.metrics.items())
            self._say(f"{job.label}: {results} ({_span(record.provenance['seconds'])})")
        else:
            text = _explain(error, job.folder)
            self.summary.failed.append((job.config, text))
            self._say(f"{job.label}: failed: {text}")
        self._locks.pop(job.folder.parent.name).release()

    def close(self) -> None:
        """Release what is still held."""
        for lock in self._locks.values():
            lock.release()

    def _plan(self, configs: Sequence[Config]) -> list[Planned]:
        return plan(
            self._experiment,
            configs,
            profile=self._profile,
            folder=self._folder,
            renew=self._code if self._stale else None,
        )

    def _claim(self, name: str) -> bool:
        lock = file_lock(self._home(name), self._cache)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        self._locks[name] = lock
        return True

    def _fits(self, planned: Planned, label: str) -> bool:
        left = float("inf") if self._end is None else max(self._end - time.monotonic(), 0)
        needed = planned.minutes * 60
        if needed > left:
            self._say(
                f"{label}: left out, it takes about {_span(needed)} "
                f"and {_span(left)} of the budget are left"
            )
        return needed <= left

    def _job(self, planned: Planned, label: str) -> Job:
        return Job(
            experiment=self._experiment.name,
            run=self._experiment.run,
            module=self._experiment.module,
            config=planned.config,
            wanted=planned.wanted,
            folder=scratch(self._home(planned.key), self._code),
            device=self._device,
            commit=self._commit,
            code=self._code,
            label=label,
        )

    def _home(self, name: str) -> Path:
        return self._cache / "runs" / self._experiment.name / name


def _estimate(planned: Planned) -> str:
    """What a run is expected to take; nothing where nobody has estimated it."""
    if not planned.minutes:
        return ""
    return f", {'about' if planned.whole else 'at most'} {_span(planned.minutes * 60)}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _explain(error: BaseException, folder: Path) -> str:
    """The error in one line; its traceback goes to a file in `folder`.

    Of data that are not here no traceback is kept: the message says all.
    """
    text = " ".join(str(error).split())
    if isinstance(error, StandInError):
        return f"{text} (book/data.md says how each file comes to the data folder)"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "error.txt"
    path.write_text("".join(traceback.format_exception(error)))
    return f"{type(error).__name__}: {text} (traceback in {path})"
