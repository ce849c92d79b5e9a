"""Run records on disk: ``results/<chapter>/<experiment>.jsonl``, a line per run."""

import hashlib
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock

from helpers.code import loaded_code
from helpers.experiments import EXPERIMENTS
from helpers.paths import CACHE, RESULTS
from helpers.records.keys import key, matches
from helpers.records.record import Record, merge

#: Seconds to wait for another process that is writing its one line.
PATIENCE = 60


def records_of(
    experiment: str, where: Mapping[str, Any] | None = None, folder: Path = RESULTS
) -> list[Record]:
    """The records of `experiment` whose configuration has every field of `where`.

    An experiment that has not run has none.

    Raises:
        ValueError: a line of its file is not a record.
    """
    records = read(folder / f"{experiment}.jsonl")
    return [record for record in records if matches(record.config, where or {})]


def read(path: Path, defaults: Mapping[str, Any] | None = None) -> list[Record]:
    """The runs in a file, one record each, in the order of their first lines.

    Lines with the same key are merged. A line that lacks a field which was added later has the
    field's default: `defaults`, or else those of the experiment that the line names. A torn last
    line, which a killed writer leaves, is left out with a warning.

    Raises:
        ValueError: any other line is not a record; the message names file and line.
    """
    if not path.exists():
        return []
    *lines, tail = path.read_bytes().split(b"\n")
    records = [_parse(line, f"{path}, line {i}") for i, line in enumerate(lines, start=1)]
    if tail:
        try:
            records.append(Record.from_line(tail))
        except ValueError:
            warnings.warn(
                f"{path}: the last line is torn, its run was interrupted while it was written; "
                "it is left out and will run again",
                stacklevel=2,
            )
    runs: dict[str, Record] = {}
    for record in records:
        added = _defaults(record.experiment) if defaults is None else defaults
        whole = Record(
            record.experiment,
            {**added, **record.config},
            record.metrics,
            record.n,
            record.provenance,
        )
        name = key(whole.experiment, whole.config, added)
        runs[name] = merge(runs[name], whole) if name in runs else whole
    return list(runs.values())


def append(path: Path, record: Record, cache: Path = CACHE) -> None:
    """Add one line to `path`, durably, after mending what a killed writer left there.

    One process writes at a time; the others wait.

    Raises:
        ValueError: `record` holds a value that is not finite.
        TimeoutError: another process holds the file for more than a minute.
        OSError: the line could not be written; what was written of it is mended next time.
    """
    line = record.to_line().encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with file_lock(path, cache).acquire(timeout=PATIENCE), path.open("ab+") as file:
        _mend(file)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def file_lock(path: Path, cache: Path = CACHE) -> FileLock:
    """The lock that guards `path`; it lies in the scratch folder and dies with its process."""
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    folder = cache / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{path.stem}-{name}.lock")


def older_code(record: Record, metric: str | None = None) -> bool:
    """Whether other code than today's made the record's `metric`, or any of its metrics.

    A record of an experiment that no longer exists is of older code.
    """
    experiment = EXPERIMENTS.get(record.experiment)
    if experiment is None:
        return True
    today = loaded_code(experiment.module)
    names = record.metrics if metric is None else [metric]
    return any(record.origin(name).get("code") != today for name in names)


def _defaults(experiment: str) -> Mapping[str, Any]:
    return EXPERIMENTS[experiment].defaults if experiment in EXPERIMENTS else {}


def _parse(line: bytes, place: str) -> Record:
    try:
        return Record.from_line(line)
    except ValueError as error:
        raise ValueError(f"{place} is not a run record: {error}") from error


def _mend(file: BinaryIO) -> None:
    """Make `file` end with a whole line.

    A whole record that only lacks its newline gets it: nothing that was read is lost.
    """
    file.seek(0)
    content = file.read()
    whole, newline, tail = content.rpartition(b"\n")
    if not tail:
        return
    try:
        Record.from_line(tail)
    except ValueError:
        file.truncate(len(whole) + len(newline))
    else:
        file.write(b"\n")
