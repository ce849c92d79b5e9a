"""What ``make bench`` measured: ``benchmarks/results.json``, a section for each benchmark."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from helpers.checks import check_choice, check_positive
from helpers.files import replacing
from helpers.paths import ROOT

FILE = ROOT / "benchmarks" / "results.json"
#: A ratio is either the peer's time over ours, at least so large, or ours over the peer's, at most.
Side = Literal["at least", "at most"]
#: On a quiet machine no more processes than this want to run, in the mean over a minute.
QUIET = 0.75


@dataclass(frozen=True)
class Row:
    """One ratio of a benchmark and what it should be.

    Attributes:
        what: what was timed.
        ratio: with "at least" the fastest peer's time over ours, with "at most" ours over it.
        bound: what is required of the ratio.
        side: which side of `bound` meets it.
        seconds: the median time of each way to do it, by name.
        aim: a ratio further on that is worked towards, where there is one.

    Raises:
        ValueError: a number is not finite and above zero, `side` is not one, or there are no
            `seconds`.
    """

    what: str
    ratio: float
    bound: float
    side: Side
    seconds: Mapping[str, float]
    aim: float | None = None

    def __post_init__(self) -> None:
        check_positive("ratio", self.ratio)
        check_positive("bound", self.bound)
        check_choice("side", self.side, get_args(Side))
        if not self.seconds:
            raise ValueError("seconds are none; there may be one time or more")
        for name, value in self.seconds.items():
            check_positive(f"seconds of {name}", value)
        if self.aim is not None:
            check_positive("aim", self.aim)

    @property
    def met(self) -> bool:
        """Whether the ratio is what is required."""
        return self._reaches(self.bound)

    @property
    def verdict(self) -> Literal["missed", "met", "aim reached"]:
        """How far the ratio got."""
        if not self.met:
            return "missed"
        return "aim reached" if self.aim is not None and self._reaches(self.aim) else "met"

    def _reaches(self, value: float) -> bool:
        return self.ratio >= value if self.side == "at least" else self.ratio <= value


@dataclass(frozen=True)
class Section:
    """One benchmark, run once.

    Attributes:
        setting: the sizes that hold for all rows.
        machine: processor and threads.
        threads: number of threads.
        versions: of Python, of the libraries that compute, and of a browser where one is timed.
        date: in UTC.
        commit: of the code that was timed.
        load: processes that wanted to run before the first row, a mean over one minute; None where
            it was not recorded.
        rows: the ratios.
        note: what else there is to know about these numbers.
    """

    setting: str
    machine: str
    threads: int
    versions: Mapping[str, str]
    date: str
    commit: str
    load: float | None
    rows: tuple[Row, ...]
    note: str | None = None

    @property
    def quiet(self) -> bool | None:
        """Whether the machine was quiet; None where nobody knows."""
        return None if self.load is None else self.load <= QUIET


def read_sections(path: Path = FILE) -> dict[str, Section]:
    """Every benchmark in the file at `path`, by name.

    Raises:
        ValueError: there is no such file, it is torn, or it holds something else.
    """
    try:
        found = json.loads(path.read_text("utf8"))
    except FileNotFoundError as error:
        raise ValueError(f"{path} is not there; `make bench` writes it") from error
    except ValueError as error:  # no JSON, or no UTF-8
        way_out = "restore it, or delete it and run `make bench`"
        raise ValueError(f"{path} is torn ({error}); {way_out}") from error
    try:
        return {name: _section(fields) for name, fields in found.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is not as `make bench` writes it: {error}") from error


def write_section(name: str, section: Section, path: Path = FILE) -> None:
    """Put the benchmark `name` into the file at `path`, in place of its earlier run.

    The others stay; the file is replaced whole or not at all.

    Raises:
        ValueError: there is a file and it cannot be read.
    """
    sections = (read_sections(path) if path.exists() else {}) | {name: section}
    text = json.dumps(
        {name: _fields(sections[name]) for name in sorted(sections)}, indent=1, ensure_ascii=False
    )
    with replacing(path) as fresh:
        fresh.write_text(f"{text}\n", "utf8")


def duration(seconds: float) -> str:
    """A time to three digits, in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _section(fields: Mapping[str, Any]) -> Section:
    # `met` is for other readers of the file; here it follows from the numbers.
    rows = [{name: row[name] for name in row if name != "met"} for row in fields["rows"]]
    return Section(**{**fields, "rows": tuple(Row(**row) for row in rows)})


def _fields(section: Section) -> dict[str, Any]:
    rows = [{**asdict(row), "met": row.met} for row in section.rows]
    fields = {**asdict(section), "rows": rows}
    return {name: value for name, value in fields.items() if name != "note" or value is not None}
