"""The commands ``brains book`` and ``brains pair``."""

import click

from helpers.profiles import PROFILES, Profile, current_profile
from helpers.publish.errors import BookError
from helpers.publish.project import Project


@click.command()
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="Size at which the notebooks run; by default BORROWED_BRAINS_PROFILE, else laptop.",
)
@click.option("--force", is_flag=True, help="Execute every notebook, changed or not.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Leave the other notebooks as last executed."
)
def book(profile: Profile | None, force: bool, only: tuple[str, ...]) -> None:
    """Execute the notebooks that changed and publish the book.

    NAME is a notebook's path below notebooks/ without suffix, such as cerebellum/01_anatomy.
    """
    from helpers.publish.book import build  # brings torch

    project = Project()
    try:
        chosen = current_profile() if profile is None else profile
        built = build(project, profile=chosen, force=force, only=only, say=click.echo)
    except (BookError, ValueError) as error:
        left = f"\nThe last good book is still at {project.index.as_uri()}"
        raise click.ClickException(f"{error}{left if project.index.is_file() else ''}") from error
    count = f"{len(built.executed)} notebooks executed, {len(built.kept)} as they were"
    pages = "pages rendered" if built.rendered else "pages as they were"
    click.echo(f"Profile: {chosen}. Data: {built.data}")
    click.echo(f"{count}, {pages}; {built.seconds:.0f} s.")
    click.echo(f"The book: {project.index.as_uri()}")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail when a pair is out of step.")
def pair(names: tuple[str, ...], check: bool) -> None:
    """Write the .ipynb of notebooks from their .py, executed at the smoke profile.

    NAMES are paths below notebooks/ without suffix; without any, all notebooks.
    """
    from helpers.publish.pairs import orphans, step_problem
    from helpers.publish.sync import sync

    project = Project()
    chosen = names or tuple(project.names())
    try:
        if not check:
            sync(project, chosen)
        problems = [problem for name in chosen if (problem := step_problem(project, name))]
    except (BookError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    problems += [f"{path} has no .py beside it" for path in orphans(project)]
    if problems:
        raise click.ClickException("\n".join(problems))
