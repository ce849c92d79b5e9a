"""The command ``brains run``."""

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpers.profiles import PROFILES, VARIABLE, Profile, current_profile

if TYPE_CHECKING:
    from helpers.experiments import Config, Experiment
    from helpers.records import Summary

SECONDS = {"s": 1, "m": 60, "h": 3600}


class Budget(click.ParamType):
    """A span of time such as 20m, 2h or 90s; seconds."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The seconds that `value` is."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", value)
        if found is None:
            self.fail(f"it is {value!r}; it may be a number with s, m or h, such as 20m")
        return float(found[1]) * SECONDS[found[2]]


@click.command()
@click.argument("experiment", required=False)
@click.option("--list", "list_all", is_flag=True, help="List the experiments and stop.")
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="Which grid to run; by default BORROWED_BRAINS_PROFILE, else laptop.",
)
@click.option(
    "--where",
    "wheres",
    multiple=True,
    metavar="KEY=VALUE",
    help="Only these configurations; a key given twice takes either value.",
)
@click.option("--budget", type=Budget(), help="Start no run that does not fit: 20m, 2h, 90s.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Runs at the same time.")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), help="By default cuda where it is.")
@click.option("--stale", is_flag=True, help="Renew records made by older helper code.")
@click.option("--dear-first", is_flag=True, help="Start with the runs that take longest.")
@click.option("--dry-run", is_flag=True, help="Show what would run, and stop.")
def run(
    experiment: str | None,
    list_all: bool,
    profile: Profile | None,
    wheres: tuple[str, ...],
    budget: float | None,
    workers: int,
    device: str | None,
    stale: bool,
    dear_first: bool,
    dry_run: bool,
) -> None:
    """Run what is missing of EXPERIMENT and append it to results/.

    It can be interrupted at any time and goes on where it stopped; two of them at once share the
    work.
    """
    # These bring torch.
    import torch

    from helpers import paths
    from helpers.cli.progress import Progress
    from helpers.experiments import EXPERIMENTS
    from helpers.records import sweep

    if list_all:
        if experiment is not None:
            raise click.UsageError(
                f"--list lists all experiments; it may stand without {experiment!r}"
            )
        for known in EXPERIMENTS.values():
            click.echo(f"{known.name}: {known.summary}")
        return
    if experiment is None:
        raise click.UsageError(f"name an experiment; it may be one of {', '.join(EXPERIMENTS)}")
    if experiment not in EXPERIMENTS:
        raise click.UsageError(
            f"EXPERIMENT is {experiment!r}; it may be one of {', '.join(EXPERIMENTS)}"
        )
    chosen, size = EXPERIMENTS[experiment], profile or current_profile()
    if device == "cuda" and not torch.cuda.is_available():
        raise click.UsageError("--device is 'cuda'; torch sees no GPU here, so it may be cpu")
    # The data that a run loads follow the profile; its worker processes inherit it.
    os.environ[VARIABLE] = size
    configs = select(chosen.grid(size), wheres)
    if dear_first:
        configs.sort(key=chosen.minutes, reverse=True)
    # Smoke runs stand on embedded data: they show that the machinery works and are no results.
    folder = paths.CACHE / "smoke" if size == "smoke" else paths.RESULTS
    if dry_run:
        _show_plan(chosen, configs, size, stale, folder, budget, workers)
        return
    with Progress() as progress:
        place = folder / f"{chosen.name}.jsonl"
        progress.say(f"{chosen.name}, profile {size}: {len(configs)} configurations, to {place}")
        try:
            summary = sweep(
                chosen,
                configs,
                profile=size,
                folder=folder,
                cache=paths.CACHE,
                device=device or ("cuda" if torch.cuda.is_available() else "cpu"),
                budget_s=budget,
                stale=stale,
                workers=workers,
                say=progress.say,
                doing=progress.doing,
            )
        except KeyboardInterrupt:
            progress.say("interrupted; the same command goes on where it stopped")
            sys.exit(130)
        progress.say(describe(summary))
    if summary.failed:
        raise click.ClickException(f"{len(summary.failed)} of {len(configs)} runs failed")


def select(configs: "Sequence[Config]", wheres: Sequence[str]) -> "list[Config]":
    """Those of `configs` that every one of `wheres` (KEY=VALUE) allows.

    Raises:
        UsageError: a key that no configuration has, or a value that matches none.
    """
    from helpers.records import matches

    allowed: dict[str, list[str]] = {}
    for where in wheres:
        name, equals, value = where.partition("=")
        if not equals:
            raise click.UsageError(f"--where is {where!r}; it may be KEY=VALUE")
        allowed.setdefault(name, []).append(value)
    kept = list(configs)
    for name, texts in allowed.items():
        known = [config[name] for config in configs if name in config]
        if not known:
            keys = dict.fromkeys(key for config in configs for key in config)
            raise click.UsageError(f"--where names {name!r}; it may name one of {', '.join(keys)}")
        values = [_meant(name, text, known) for text in texts]
        kept = [config for config in kept if any(matches(config, {name: v}) for v in values)]
    if not kept:
        raise click.UsageError(f"no configuration matches --where {' --where '.join(wheres)}")
    return kept


def describe(summary: "Summary") -> str:
    """What a sweep did, in one line."""
    counts: dict[str, Sequence[object]] = {
        "run": summary.done,
        "there already": summary.present,
        "running elsewhere": summary.elsewhere,
        "left out for the budget": summary.left_out,
        "failed": summary.failed,
    }
    return ", ".join(f"{len(each)} {word}" for word, each in counts.items() if each) or "nothing"


def _show_plan(
    experiment: "Experiment",
    configs: "Sequence[Config]",
    profile: Profile,
    stale: bool,
    folder: Path,
    budget: float | None,
    workers: int,
) -> None:
    from rich.console import Console
    from rich.table import Table

    from helpers.code import loaded_code
    from helpers.records import plan, short

    plans = plan(
        experiment,
        configs,
        profile=profile,
        folder=folder,
        renew=loaded_code(experiment.module) if stale else None,
    )
    todo = [planned for planned in plans if planned.wanted]
    started = _started([planned.minutes for planned in todo], budget, workers)
    runs = [planned for planned, starts in zip(todo, started, strict=True) if starts]
    costs = profile != "smoke"  # where every run takes seconds, and nobody has estimated them
    table = Table("configuration", "missing metrics")
    if costs:
        table.add_column("minutes", justify="right")
    for planned in runs:
        cells = [
            short(planned.config, configs) or "the only one",
            f"all {len(planned.wanted)}" if planned.whole else ", ".join(planned.wanted),
            f"{'' if planned.whole else 'at most '}{planned.minutes:.1f}",
        ]
        table.add_row(*cells[: len(table.columns)])
    console = Console()
    if not console.is_terminal:
        console = Console(width=100)
    console.print(table)
    said = f"{len(runs)} of {len(plans)} configurations would run"
    if costs:
        bound = "about" if all(planned.whole for planned in runs) else "at most"
        total = f"{sum(planned.minutes for planned in runs):.1f}".removesuffix(".0")
        said += f", {bound} {total} min on two cores"
    if len(runs) < len(todo):
        said += f"; {len(todo) - len(runs)} would be left out for the budget"
    console.print(f"{said}.")


def _started(minutes: "Sequence[float]", budget: float | None, workers: int) -> list[bool]:
    """Which of the runs would start within `budget` seconds, if each takes its estimate."""
    free = [0.0] * workers  # when each worker has ended what it runs
    started = []
    for needed in minutes:
        first = free.index(min(free))
        started.append(budget is None or (free[first] + needed) * 60 <= budget)
        free[first] += needed * started[-1]
    return started


def _meant(name: str, text: str, known: "Sequence[Any]") -> Any:
    """The one of the `known` values that `text` means: as JSON or, where no such is, as it is.

    Raises:
        UsageError: it means none of them.
    """
    from helpers.records import matches

    for value in (_value(text), text):
        if any(matches({name: one}, {name: value}) for one in known):
            return value
    texts = dict.fromkeys(json.dumps(one) for one in known)
    raise click.UsageError(
        f"--where {name} is {json.dumps(_value(text))}; it may be one of {', '.join(texts)}"
    )


def _value(text: str) -> Any:
    """`text` as JSON if it is that, else as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text
