"""Runs the benchmarks: all of them, or those that are named (``make bench ONLY=cerebellum``)."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click
import torch

from benchmarks.harness import Benchmark, load_now, measure, warning
from helpers.records.benchmark import FILE, read_sections, write_section

#: ``bench_NAME.py`` has a `SETTING`, a `DEVICE`, `rows` and, where there is more than libraries to
#: name, `versions`: the fields of a :class:`Benchmark`.
NAMES = sorted(
    path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
)


def bench(name: str) -> Benchmark:
    """The benchmark `name`."""
    module = import_module(f"benchmarks.bench_{name}")
    versions = getattr(module, "versions", dict)
    return Benchmark(module.SETTING, module.DEVICE, module.rows, versions)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAMES]...")
def main(names: Sequence[str]) -> None:
    """Run the benchmarks NAMES, all when none is named, and write benchmarks/results.json.

    A benchmark's earlier run in that file is replaced; the others stay. One that needs a GPU is
    left out where there is none.
    """
    if FILE.exists():
        try:
            read_sections()  # what cannot be kept is said before minutes are spent
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    load = load_now()
    if (text := warning(load)) is not None:
        click.echo(f"{text}\n", err=True)
    for name in names or NAMES:
        found = bench(name)
        if found.device == "cuda" and not torch.cuda.is_available():
            if name in names:
                raise click.ClickException(f"{name} needs a GPU, and torch sees none here")
            click.echo(f"{name}: left out, it needs a GPU and torch sees none here\n")
            continue
        section = measure(found, load=load, say=click.echo)
        write_section(name, section)
        click.echo(f"\n{name} -> {FILE.name}; `make book` puts it on its page\n")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
