"""The command ``brains pair``."""

import click


@click.command()
@click.argument("names", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail when a pair is out of step.")
def pair(names: tuple[str, ...], check: bool) -> None:
    """Write the .ipynb of notebooks from their .py, executed at the smoke profile.

    NAMES are paths below notebooks/ without suffix; without any, all notebooks.
    """
    from helpers.publish import BookError, Project
    from helpers.publish.pairs import orphans, step_problem
    from helpers.publish.sync import sync

    project = Project()
    known = tuple(project.names())
    for name in names:
        if name not in known:
            raise click.UsageError(f"NAMES hold {name!r}; they may be of {', '.join(known)}")
    chosen = names or known
    try:
        if not check:
            sync(project, chosen)
        problems = [problem for name in chosen if (problem := step_problem(project, name))]
    except (BookError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    problems += [f"{path} has no .py beside it" for path in orphans(project)]
    if problems:
        raise click.ClickException("\n".join(problems))
    click.echo(f"{len(chosen)} notebook{'s' if len(chosen) > 1 else ''} in step")
