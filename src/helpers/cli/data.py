"""The command ``brains data``."""

from collections.abc import Callable
from pathlib import Path

import click

NAMES = ("mnist", "cifar10", "cifar100", "mouse_v1", "squeezenet", "vgg19")
#: What is said behind the name that is asked for.
NOTES = {
    "mouse_v1": "; the similarity matrices of the Allen Brain Observatory are not among the "
    "recordings, and book/data.md says how to make them"
}


@click.command()
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
def data(name: str) -> None:
    """Download the set NAME into the data folder and check it.

    NAME is mnist, cifar10, cifar100, mouse_v1, squeezenet or vgg19.
    """
    from helpers.data import fetch  # brings torch
    from helpers.data.recordings.fetch import fetch_recordings
    from helpers.models.fetch import fetch_squeezenet, fetch_vgg19

    others: dict[str, Callable[[], Path]] = {
        "mouse_v1": fetch_recordings,
        "squeezenet": fetch_squeezenet,
        "vgg19": fetch_vgg19,
    }
    folder = others[name]() if name in others else fetch(name)
    click.echo(f"{name} is in {folder}{NOTES.get(name, '')}")
