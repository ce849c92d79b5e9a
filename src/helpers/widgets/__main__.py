"""Makes what travels with the live pages again: ``python -m helpers.widgets digits none``."""

from collections.abc import Sequence
from pathlib import Path

import click
import torch

from helpers.experiments import StandInError, Workplace
from helpers.experiments.neural_similarity.networks import trained
from helpers.experiments.neural_similarity.noise import similarity_config
from helpers.paths import CACHE
from helpers.widgets import explorer_models, similarity_models
from helpers.widgets.explorer_models import SETS, train_readouts, write_readouts
from helpers.widgets.similarity_models import TARGETS, write_network


@click.command()
@click.argument("names", nargs=-1, required=True, type=click.Choice([*SETS, *TARGETS]))
def main(names: Sequence[str]) -> None:
    """Train the models called NAMES and write them into results/models/.

    digits and mnist are the cerebella that ``cerebellum/explorer`` attacks on that set; none and
    neural_model are networks of part II, by what they are held to, taken from ``brains run
    neural_similarity/noise`` where that has trained them.
    """
    for name in names:
        try:
            place = _make(name)
        except (StandInError, ValueError) as error:
            raise click.ClickException(f"{name}: {error}") from error
        click.echo(f"{name}: {place}, {place.stat().st_size / 1e6:.2f} MB")


def _make(name: str) -> Path:
    """Make one of them; returns its file."""
    if name in SETS:
        place = explorer_models.place_of(name)
        write_readouts(train_readouts(name), place)
        return place
    place = similarity_models.place_of(name)
    work = Workplace(CACHE, torch.device("cpu"), say=click.echo)
    write_network(trained(similarity_config(name), work), place)
    return place


if __name__ == "__main__":
    main(prog_name="python -m helpers.widgets")
