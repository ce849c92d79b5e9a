"""Runs the benchmarks: all of them, or those that are named (``make bench ONLY=cerebellum``)."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import click
import torch

from benchmarks.harness import Benchmark, load_now, measure, warning
from helpers.records.benchmark import FILE, read_sections, write_section

#: ``bench_NAME.py`` has a `SETTING`, a `DEVICE`, `rows` and, where there is more than libraries to
#: name, `versions`: the fields of a :class:`Benchmark`. Where it needs more than the device,
#: `obstacle` says what is missing.
NAMES = sorted(
    path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
)


def bench(name: str) -> Benchmark:
    """The benchmark `name`."""
    module = import_module(f"benchmarks.bench_{name}")
    versions = getattr(module, "versions", dict)
    return Benchmark(module.SETTING, module.DEVICE, module.rows, versions)


def obstacle(name: str) -> str | None:
    """Why the benchmark `name` cannot run here; None when it can."""
    if bench(name).device == "cuda" and not torch.cuda.is_available():
        return "it needs a GPU, and torch sees none here"
    look: Callable[[], str | None] | None = getattr(
        import_module(f"benchmarks.bench_{name}"), "obstacle", None
    )
    return None if look is None else look()


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAMES]...")
def main(names: Sequence[str]) -> None:
    """Run the benchmarks NAMES, all when none is named, and write benchmarks/results.json.

    A benchmark's earlier run in that file is replaced; the others stay. One that cannot run here,
    for want of a GPU, of the built book or of Chromium, is left out unless it is named.
    """
    if FILE.exists():
        try:
            read_sections()  # what cannot be kept is said before minutes are spent
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    chosen = []
    for name in names or NAMES:
        text = obstacle(name)
        if text is None:
            chosen.append(name)
        elif name in names:
            raise click.ClickException(f"{name} cannot run: {text}")
        else:
            click.echo(f"{name}: left out, {text}\n")
    load = load_now()
    if (text := warning(load)) is not None:
        click.echo(f"{text}\n", err=True)
    for name in chosen:
        section = measure(bench(name), load=load, say=click.echo)
        write_section(name, section)
        click.echo(f"\n{name} -> {FILE.name}; `make book` puts it on its page\n")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
