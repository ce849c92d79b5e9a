"""The command ``brains checkup``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from helpers.evaluation.checkup import Checkup

#: Exit status; 1 and 2 are those of errors.
LINE_FAILED = 3
STYLES = {"pass": "green", "fail": "bold red", "not applicable": "dim"}


#: As in :mod:`helpers.evaluation.checkup` and :mod:`helpers.attacks`, which bring torch.
NORMS = ("linf", "l2")
LOSSES = ("mse", "cross_entropy", "margin")


class Factory(click.ParamType):
    """The name of a function that makes a model, such as mine:make."""

    name = "module:function"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` itself if it names a module and a function."""
        module, _, function = value.partition(":")
        if not (module and function):
            self.fail(f"it is {value!r}; it may be module:function, such as mine:make")
        return str(value)


@click.command()
@click.argument("model", type=Factory())
@click.option("--data", "name", default="mnist", show_default=True, help="The test images.")
@click.option("--eps", type=float, required=True, help="Radius of the ball, pixels in [0, 1].")
@click.option("--norm", type=click.Choice(NORMS), default="linf", show_default=True)
@click.option(
    "--loss",
    type=click.Choice(LOSSES),
    default="cross_entropy",
    show_default=True,
    help="What the claim's attack climbs.",
)
@click.option("--images", "n", default=1000, show_default=True, type=click.IntRange(min=1))
@click.option("--weights", type=click.Path(path_type=Path), help="A state_dict for the model.")
@click.option("--surrogate", type=Factory(), help="Another model, trained on the same task.")
@click.option("--autoattack/--no-autoattack", default=True, help="AutoAttack takes longest.")
@click.option("--json", "as_json", is_flag=True, help="Print the check-up for machines.")
@click.pass_context
def checkup(
    context: click.Context,
    model: str,
    name: str,
    eps: float,
    norm: str,
    loss: str,
    n: int,
    weights: Path | None,
    surrogate: str | None,
    autoattack: bool,
    as_json: bool,
) -> None:
    """Is MODEL really robust, or did the attack fail?

    MODEL is module:function; the function takes no arguments and returns a torch.nn.Module that
    maps images (n, channels, height, width) in [0, 1] to scores. The exit status is 3 when a line
    fails, and 1 where there could be no check-up.
    """
    # These bring torch.
    from rich.console import Console

    from helpers.cli.progress import Progress
    from helpers.data import NAMES, as_float, load
    from helpers.evaluation.checkup import checkup as examine
    from helpers.evaluation.checkup.factory import check_fits, load_weights, made_by

    examined = made_by(model)
    if weights is not None:
        load_weights(examined, weights)
    other = None if surrogate is None else made_by(surrogate)
    data = load(name)
    if data.stand_in:
        here = f" `--data {data.name}` takes what is here." if data.name in NAMES else ""
        raise ValueError(f"{name} is not here. {data.note}{here}")
    images = as_float(data.test_images[:n])
    for each in (examined, other):
        if each is not None:
            check_fits(each, images[:2])
    progress = Progress(Console(stderr=True, highlight=False))
    with progress:
        found = examine(
            examined,
            images,
            data.test_labels[:n],
            eps,
            norm,
            loss=loss,
            surrogate=other,
            autoattack=autoattack,
            say=progress.doing,
        )
    if as_json:
        click.echo(found.to_json())
    else:
        console = Console()
        if not console.is_terminal:
            console = Console(width=110)
        console.print(_table(found, model, data.name))
        console.print(found.conclusion)
    context.exit(0 if found.passed else LINE_FAILED)


def _table(found: "Checkup", model: str, data: str) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=f"{model}, {found.n} images of {data}, eps = {found.eps:g} ({found.norm})",
        caption="Percent of images with their 95 % interval.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("verdict", no_wrap=True)
    table.add_column("line")
    table.add_column("what was seen")
    table.add_column("what it means")
    for line in found.lines:
        verdict = Text(line.verdict, style=STYLES[line.verdict])
        table.add_row(verdict, line.name, line.figure, line.meaning)
    return table
