"""The ``brains`` command. Its modules bring torch only when a command runs."""

import os
import sys
import warnings
from typing import NoReturn

import click

from helpers.cli.claims import claims
from helpers.cli.data import data
from helpers.cli.run import run
from helpers.publish.command import book, pair

__all__ = ["brains", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def brains() -> None:
    """Borrowed Brains: build the book, run its experiments, compare them with the papers."""


for command in (book, pair, run, claims, data):
    brains.add_command(command)


def main() -> None:
    """Run ``brains``; what its user can cause ends in one line on stderr.

    The exit status is 0, 1 for a failure, 2 for a wrong use and 130 after an interruption.
    """
    warnings.showwarning = _show_warning
    try:
        brains(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_text:
        help_text.show()
        sys.exit(help_text.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # as `| head` leaves it
        sys.exit(1)
    except (ValueError, OSError) as error:
        _fail(" ".join(str(error).split()), 1)


def _fail(text: str, status: int) -> NoReturn:
    click.echo(f"Error: {text}", err=True)
    sys.exit(status)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"Warning: {message}", err=True)
