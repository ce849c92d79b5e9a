"""What every benchmark shares: timing in alternation, the table, and the state of the machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version

import torch

from helpers.checks import check_positive
from helpers.records.benchmark import QUIET, Row, Section, Side, duration
from helpers.records.provenance import commit, describe, now

#: The name of our own way among those that are compared.
OURS = "ours"

Run = Callable[[], object]


@dataclass(frozen=True)
class Benchmark:
    """What a module ``bench_NAME`` says of itself.

    Attributes:
        setting: the sizes that hold for all rows.
        device: what computes, "cpu" or "cuda".
        rows: yields each row as it has measured it.
        versions: of what is timed besides Python and its libraries, by name; asked for behind the
            rows, which say what is missing.
    """

    setting: str
    device: str
    rows: Callable[[], Iterator[Row]]
    versions: Callable[[], Mapping[str, str]] = dict


def alternate(
    runs: Mapping[str, Run], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Median seconds of each of `runs`, timed in turn after one warm-up each.

    Raises:
        ValueError: `rounds` is below 1.
    """
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}; it may be at least 1")
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, run in runs.items():
            start = clock()
            run()
            if number:
                times[name].append(clock() - start)
    return {name: statistics.median(found) for name, found in times.items()}


def compare(
    what: str,
    runs: Mapping[str, Run],
    *,
    rounds: int,
    bound: float,
    side: Side = "at least",
    aim: float | None = None,
    steps: int = 1,
    clock: Callable[[], float] = time.perf_counter,
) -> Row:
    """Time `runs` in alternation and set ours against the fastest of its peers.

    Args:
        what: names the row.
        runs: ours, under the name `OURS`, and one peer or more.
        rounds: how often each is timed.
        bound: what is required of the ratio.
        side: "at least" when the ratio is the peer's time over ours, "at most" when it is ours
            over the peer's.
        aim: a ratio further on that is worked towards.
        steps: how many steps a run takes; the row has the time of one.
        clock: gives the time in seconds.

    Raises:
        ValueError: ours or a peer is missing, or `rounds` is below 1.
    """
    if OURS not in runs or len(runs) < 2:
        raise ValueError(f"runs are {', '.join(runs)}; they may be {OURS!r} and a peer or more")
    seconds = {name: value / steps for name, value in alternate(runs, rounds, clock).items()}
    peer = min(value for name, value in seconds.items() if name != OURS)
    ratio = peer / seconds[OURS] if side == "at least" else seconds[OURS] / peer
    times = {name: _rounded(value) for name, value in seconds.items()}
    return Row(what, _rounded(ratio), bound, side, times, aim)


def share(what: str, seconds: float, limit: float) -> Row:
    """A row for what has no peer: the time it takes, over the time it may take.

    Args:
        what: names the row.
        seconds: measured.
        limit: allowed, in seconds.

    Raises:
        ValueError: a time is not a finite number above 0.
    """
    check_positive("seconds", seconds)
    check_positive("limit", limit)
    return Row(
        f"{what}, share of its limit",
        _rounded(seconds / limit),
        1.0,
        "at most",
        {OURS: _rounded(seconds), "limit": limit},
    )


def settled() -> float:
    """The time in seconds once a GPU has done all that it was asked for."""
    torch.cuda.synchronize()
    return time.perf_counter()


def line(row: Row) -> str:
    """One line of the table: the ratio, what it should be, and the times behind it."""
    times = ", ".join(f"{name} {duration(value)}" for name, value in row.seconds.items())
    aim = "" if row.aim is None else f", aim {row.aim:g}"
    verdict = row.verdict.replace("missed", "MISSED")
    return f"{row.what:<36} {row.ratio:8.2f}  ({row.side} {row.bound:g}{aim}: {verdict})  {times}"


def measure(benchmark: Benchmark, *, load: float | None, say: Callable[[str], None]) -> Section:
    """Let the rows of `benchmark` measure themselves and say each as it comes.

    Args:
        benchmark: its rows are timed while they are iterated over.
        load: of the machine before the first of them, see :func:`load_now`.
        say: takes a line of the table.
    """
    machine, date, code = describe(torch.device(benchmark.device)), now(), commit()
    libraries = {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "numba": version("numba"),
    }
    say(f"{machine}, torch {libraries['torch']}, {benchmark.setting}\n")
    measured = []
    for row in benchmark.rows():
        say(line(row))
        measured.append(row)
    return Section(
        setting=benchmark.setting,
        machine=machine,
        threads=torch.get_num_threads(),
        versions={**libraries, **benchmark.versions()},
        date=date,
        commit=code,
        load=load,
        rows=tuple(measured),
    )


def load_now() -> float | None:
    """How many processes want to run, in the mean over a minute; None where nobody knows."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # there on Linux and macOS, and a sandbox may forbid it
        return None


def warning(load: float | None) -> str | None:
    """What to say about a machine with this `load`; None when it is quiet or nobody knows."""
    if load is None or load <= QUIET:
        return None
    return (
        f"WARNING: the machine is not quiet: its load is {load:g}, and a quiet one stays below "
        f"{QUIET:g}. The ratios may be off; stop what else is running, and repeat."
    )


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
