"""The benchmarks as tables: the ratios of one, and where and when they were measured."""

import pandas as pd
from pandas.io.formats.style import Styler

from helpers.checks import check_choice
from helpers.figures.caption import Caption
from helpers.records.benchmark import FILE, Row, Section, duration

#: The stylesheet keeps the lines of a cell of these tables.
_LINES = 'class="dataframe ledger"'
#: Digits of a commit that are shown.
_SHORT = 10


def benchmark_table(section: Section) -> Styler:
    """A row for each ratio: what is required of it, the times behind it and the verdict.

    Raises:
        ValueError: the section has no rows.
    """
    if not section.rows:
        raise ValueError("section has no rows; it may have one or more")
    shown = pd.DataFrame(
        {
            "ratio": [f"{row.ratio:.2f}" for row in section.rows],
            "required": [f"{row.side} {row.bound:g}" for row in section.rows],
            "aim": ["" if row.aim is None else f"{row.aim:g}" for row in section.rows],
            "verdict": [row.verdict for row in section.rows],
            "median times": [_times(row) for row in section.rows],
        },
        # What is timed above its sizes: a row's name is no wider than need be.
        index=[row.what.replace(", ", "\n") for row in section.rows],
    )
    bold = shown.map(lambda cell: "font-weight: 700" if cell == "missed" else "")
    return shown.style.apply(lambda _: bold, axis=None).set_table_attributes(_LINES)


def benchmark_facts(section: Section) -> Styler:
    """Where, when and with what the ratios of `section` were measured.

    A load under which ratios may be off is bold, and says so.
    """
    commit, _, dirty = section.commit.partition("-")
    facts = {
        "sizes": section.setting,
        "machine": section.machine,
        "date (UTC)": section.date.replace("T", " ").removesuffix("Z"),
        "load before the first row": _load(section),
        **section.versions,
        "commit": commit[:_SHORT] + (f"-{dirty}" if dirty else ""),
    }
    if section.note is not None:
        facts["note"] = section.note
    shown = pd.Series(facts, name="this run").to_frame().style.hide(axis="columns")
    bold = "font-weight: 700" if section.quiet is False else ""
    shown = shown.map(lambda _: bold, subset=(["load before the first row"], slice(None)))
    return shown.set_table_attributes('class="dataframe"')


def not_run(name: str) -> Caption:
    """What stands in place of the table of a benchmark that needs a GPU and has not run.

    Args:
        name: as in ``make bench ONLY=name``.

    Raises:
        ValueError: there is no such benchmark.
    """
    scripts = sorted(FILE.parent.glob("bench_*.py"))
    check_choice("name", name, tuple(path.stem.removeprefix("bench_") for path in scripts))
    return Caption(f"*Not run.* It needs a GPU: `make bench ONLY={name}`.")


def _load(section: Section) -> str:
    if section.load is None:
        return "not recorded"
    return f"{section.load:g}" + ("" if section.quiet else ": not a quiet machine")


def _times(row: Row) -> str:
    return "\n".join(f"{name} {duration(value)}" for name, value in row.seconds.items())
