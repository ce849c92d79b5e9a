"""The command ``brains data``."""

import click


@click.command()
@click.argument("name")
def data(name: str) -> None:
    """Download the set NAME into the data folder and check it."""
    from helpers.data import DataError, fetch  # bring torch

    try:
        folder = fetch(name)
    except DataError:
        raise
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{name} is in {folder}")
