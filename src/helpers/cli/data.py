"""The command ``brains data``."""

import click

NAMES = ("mnist", "cifar10", "cifar100", "mouse_v1")


@click.command()
@click.argument("name")
def data(name: str) -> None:
    """Download the set NAME into the data folder and check it.

    NAME is mnist, cifar10, cifar100 or mouse_v1.
    """
    from helpers.checks import check_choice
    from helpers.data import DataError, fetch  # bring torch
    from helpers.data.recordings.fetch import fetch_recordings

    try:
        check_choice("name", name, NAMES)
        folder = fetch_recordings() if name == "mouse_v1" else fetch(name)
    except DataError:
        raise
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{name} is in {folder}")
