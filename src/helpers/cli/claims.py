"""The command ``brains claims``."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from helpers.claims import Judgement

#: As in :mod:`helpers.claims`, which brings torch.
PAPERS = ("cerebellum", "neural_similarity", "sleep")
#: Colour of a verdict on a terminal; the word says it too.
COLOURS = {
    "reproduced": "green",
    "differs": "red",
    "consistent": "green",
    "inconsistent": "yellow",
    "contradicted": "red",
    "not run": "dim",
}
#: Columns of the table; on a narrower terminal its lines wrap, and no cell is cut.
NARROWEST = 80


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the ledger for machines.")
@click.option("--paper", type=click.Choice(PAPERS), help="Only the claims of this paper.")
@click.option(
    "--verdict", type=click.Choice(tuple(COLOURS)), help="Only the claims with this verdict."
)
def claims(as_json: bool, paper: str | None, verdict: str | None) -> None:
    """Every number and sentence of the papers beside what we found."""
    # These bring torch.
    from helpers import paths
    from helpers.claims import judge, ledger_json, read_claims, records_for

    rows = [claim for claim in read_claims(paths.CLAIMS) if paper in (None, claim.paper)]
    records = records_for(rows, paths.RESULTS)
    judged = [judge(claim, records) for claim in rows]
    judged = [each for each in judged if verdict in (None, each.verdict)]
    ledger = ledger_json(judged)
    if as_json:
        click.echo(json.dumps(ledger, indent=1))
        return
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=100)
    elif console.width < NARROWEST:
        console = Console(width=NARROWEST)
    console.print(_table(judged))
    counts = ", ".join(f"{n} {word}" for word, n in ledger["counts"].items() if n)
    console.print(f"{len(judged)} claims: {counts or 'none'}.")


def _table(judged: list["Judgement"]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    from helpers.claims.wording import mean_text

    table = Table(
        caption="ours: mean ± sample standard deviation over seeds. * made by older helper code",
        caption_justify="left",
    )
    table.add_column("claim", overflow="fold")
    table.add_column("paper", justify="right", no_wrap=True)
    table.add_column("ours", justify="right", no_wrap=True)
    table.add_column("seeds", justify="right", no_wrap=True)
    table.add_column("within", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for i, each in enumerate(judged):
        claim = each.claim
        if i and _table_of(claim.place) != _table_of(judged[i - 1].claim.place):
            table.add_section()
        name = Text(claim.id)
        if claim.predicate is not None:
            seen = f" ({each.sentence})" if each.sentence else ""
            name.append(f"\n{claim.quantity}{seen}", style="dim")
        table.add_row(
            name,
            "" if claim.value is None else f"{claim.value:g}",
            "" if each.ours is None else mean_text(claim, each.ours, each.sd),
            str(each.seeds) if each.seeds else "",
            "" if claim.tolerance is None else f"{claim.tolerance:g}",
            Text(each.verdict + " *" * each.older_code, style=COLOURS[each.verdict]),
        )
    return table


def _table_of(place: str) -> str:
    return place.partition(",")[0]
