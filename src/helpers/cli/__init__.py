"""The ``brains`` command. Its modules bring torch only when a command runs."""

import sys
import warnings
from typing import NoReturn

import click

from helpers.cli.book import book
from helpers.cli.checkup import checkup
from helpers.cli.claims import claims
from helpers.cli.data import data
from helpers.cli.pair import pair
from helpers.cli.run import run

__all__ = ["brains", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="End an error with its traceback.")
@click.pass_context
def brains(context: click.Context, debug: bool) -> None:
    """Borrowed Brains: build the book, run its experiments, compare them with the papers."""
    context.ensure_object(dict)["debug"] = debug


for command in (book, pair, run, claims, checkup, data):
    brains.add_command(command)


def main() -> None:
    """Run ``brains``; what its user can cause ends in one line on stderr.

    The exit status is 0, 1 for a failure, 2 for a wrong use and 130 after an interruption; where
    nobody reads the output any more, as behind ``| head``, click ends without a word.
    ``brains --debug`` ends an error with its traceback instead.
    """
    warnings.showwarning = _show_warning
    options: dict[str, bool] = {}
    try:
        status = brains(standalone_mode=False, obj=options)
        if isinstance(status, int) and status:  # what context.exit was given
            sys.exit(status)
    except click.exceptions.NoArgsIsHelpError as help_text:
        help_text.show()
        sys.exit(help_text.exit_code)
    except click.ClickException as error:
        if options.get("debug") and error.__cause__ is not None:  # not a wrong use
            raise
        _fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", 130)
    except (ValueError, OSError) as error:
        if options.get("debug"):
            raise
        text = " ".join(str(error).split())
        _fail(f"{text} (brains --debug shows the traceback)", 1)


def _fail(text: str, status: int) -> NoReturn:
    click.echo(f"Error: {text}", err=True)
    sys.exit(status)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"Warning: {message}", err=True)
