"""The command ``brains book``."""

import click

from helpers.profiles import PROFILES, Profile, current_profile


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
    from helpers.publish import BookError, Project
    from helpers.publish.book import build  # brings torch

    project = Project()
    chosen = current_profile() if profile is None else profile
    try:
        for name in only:
            if name not in project.published():
                choices = ", ".join(project.published())
                raise click.UsageError(f"--only is {name!r}; it may be one of {choices}")
        built = build(project, profile=chosen, force=force, only=only, say=click.echo)
    except (BookError, ValueError) as error:
        left = f"\nThe last good book is still at {project.index.as_uri()}"
        raise click.ClickException(f"{error}{left if project.index.is_file() else ''}") from error
    count = f"{len(built.executed)} notebooks executed, {len(built.kept)} as they were"
    pages = "pages rendered" if built.rendered else "pages as they were"
    click.echo(f"Profile: {chosen}. Data: {built.data}")
    click.echo(f"{count}, {pages}; {built.seconds:.0f} s.")
    click.echo(f"The book: {project.index.as_uri()}")
